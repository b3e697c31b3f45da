"""All extensions that there are for this site, as the served commit has them: listed, its own, and
those that come with the product."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from apps.content.configuration import Configuration
from apps.content.index import Index
from apps.extensions import lock
from apps.extensions.configuration import read_choices
from apps.extensions.containment.containment import Status
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.enabling import shut_of
from apps.extensions.finding import BUNDLED, KINDS, Kind
from apps.extensions.inventory import DISABLED, ENABLED, Shown, inventory
from apps.extensions.lock import Entry
from apps.extensions.manifests import PluginManifest, ThemeManifest
from apps.extensions.messages import legible, readable
from apps.extensions.stages import Draft, Listed, everything

AVAILABLE: Final = "available"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One extension, with all places where it is listed: a theme may have several mounts.
    `place` counts from 1 in its list; 0 is in none."""

    shown: Shown
    manifest: PluginManifest | ThemeManifest | None
    places: tuple[Listed, ...]
    entry: Entry | None
    place: int
    of: int

    @property
    def standing(self) -> str:
        """Of a bundled one that the site says nothing of as well."""
        return (
            AVAILABLE if self.shown.standing == DISABLED and not self.place else self.shown.standing
        )

    @property
    def title(self) -> str:
        """By its author, so it is made harmless first."""
        return readable(self.manifest.title if self.manifest else "") or self.shown.id

    @property
    def description(self) -> str:
        return legible(self.manifest.description if self.manifest else "")

    @property
    def is_on(self) -> bool:
        return self.shown.standing == ENABLED

    @property
    def is_wanted(self) -> bool:
        """On, or kept from it by what is wrong with it."""
        return any(each.choice.enabled for each in self.places)

    @property
    def is_own(self) -> bool:
        return bool(self.shown.origin) and self.shown.origin != BUNDLED

    @property
    def mounts(self) -> tuple[str, ...]:
        return tuple(each.mount for each in self.places if each.choice.enabled and each.mount)

    @property
    def asked(self) -> frozenset[str]:
        return frozenset(getattr(self.manifest, "capabilities", ()))

    @property
    def withheld(self) -> frozenset[str]:
        """What it asks for and does not have."""
        return self.asked - set(self.shown.grants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """`others` are breakers that are shut, of what the commit does not have."""

    commit: str
    configuration: Configuration | None
    known: tuple[Known, ...]
    others: Mapping[str, Status]

    def find(self, kind: str, name: str) -> Known | None:
        of_it = (e for e in self.known if (e.shown.kind, e.shown.id) == (kind, name))
        return next(of_it, None)


def catalogue() -> Catalogue:
    """Raises sqlite3.Error."""
    shut = shut_of(DatabaseStore(settings.SITE_KEY))
    pointer, kept = _served()
    if pointer is None:
        return Catalogue(commit="", configuration=None, known=(), others=shut)
    configuration, bundled = pointer.site_configuration(), settings.BUNDLED_EXTENSIONS
    draft = Draft(
        configuration=configuration, kept=kept, bundled=bundled, pinned=settings.PINS_REQUIRED
    )
    found = everything(draft, _bundled(bundled))
    pins = lock.read_lock(kept.get(lock.PATH)).tables
    known = tuple(_known(found, pins, shut, _listed(configuration)))
    others = {k: each for k, each in shut.items() if not any(k in e.shown.shut for e in known)}
    return Catalogue(
        commit=pointer.commit_id, configuration=configuration, known=known, others=others
    )


def _served() -> tuple[Any, Mapping[str, bytes]]:
    if not settings.SITE_FILES.index.exists():
        return None, {}
    return Index(settings.SITE_FILES).pointer_and_kept()


def _bundled(folder: Path) -> list[tuple[Kind, str]]:
    return [
        (kind, each.name)
        for kind in KINDS
        for each in sorted((folder / f"{kind}s").glob("*"))
        if (each / f"{kind}.toml").is_file()
    ]


def _listed(configuration: Configuration) -> Mapping[str, list[str]]:
    """By kind, in order, each once."""
    choices = read_choices(configuration)
    return {
        "theme": list(dict.fromkeys(each.id for each in choices.all_themes)),
        "plugin": list(dict.fromkeys(each.id for each in choices.all_plugins)),
    }


def _known(
    found: tuple[Listed, ...],
    pins: lock.Tables,
    shut: Mapping[str, Status],
    listed: Mapping[str, list[str]],
) -> Iterator[Known]:
    rows = [(each, pins.entry(each.kind, each.choice.id)) for each in found]
    for shown in inventory(rows, shut):
        own = [each for each in found if (each.kind, each.choice.id) == (shown.kind, shown.id)]
        ids = listed[shown.kind]
        yield Known(
            shown=shown,
            manifest=next((each.manifest for each in own if each.manifest), None),
            places=tuple(own) if shown.id in ids else (),
            entry=pins.entry(own[0].kind, shown.id),
            place=ids.index(shown.id) + 1 if shown.id in ids else 0,
            of=len(ids),
        )
