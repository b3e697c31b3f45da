"""What people are shown of a site's extensions: what they are, may do, whether they run, and where
they are from. Starts none of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from apps.extensions.capabilities import find
from apps.extensions.containment.breaker import CLOSED_STATE, OPEN, QUARANTINED
from apps.extensions.containment.containment import Status
from apps.extensions.finding import BUNDLED
from apps.extensions.lock import Entry
from apps.extensions.stages import Listed

WORST_FIRST = (QUARANTINED, OPEN, CLOSED_STATE)
ENABLED: Final = "enabled"
DISABLED: Final = "disabled"
REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`may` ends the sentence "This extension may …". `shut` are the statuses of its breakers that
    are not closed; a theme has one for each template. `source` is where its bytes are from."""

    kind: str
    id: str
    version: str
    origin: str
    standing: str
    digest: str
    source: str
    grants: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    shut: Mapping[str, Status] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def may(self) -> tuple[str, ...]:
        found = (find(name) for name in self.grants)
        return tuple(capability.words for capability in found if capability)

    @property
    def state(self) -> str:
        """The worst of its breakers."""
        states = {status.state for status in self.shut.values()}
        return next((each for each in WORST_FIRST if each in states), CLOSED_STATE)

    def as_json(self) -> dict[str, Any]:
        names = ("kind", "id", "version", "origin", "standing", "digest", "source", "state")
        values: dict[str, Any] = {name: getattr(self, name) for name in names}
        shut = {key: status.as_json() for key, status in self.shut.items()}
        lists = {"grants": list(self.grants), "may": list(self.may)}
        return {**values, **lists, "problems": list(self.problems), "breakers": shut}


def inventory(
    listed: Iterable[tuple[Listed, Entry | None]], shut: Mapping[str, Status]
) -> tuple[Shown, ...]:
    """Each once, however many mounts it has; with its pin, if it has one."""
    shown = (_shown(each, entry, shut) for each, entry in listed)
    found: dict[str, Shown] = {}
    for each in shown:
        if each.key not in found or each.standing == ENABLED:
            found[each.key] = each
    return tuple(found.values())


def covers(name: str, key: str) -> bool:
    """Whether `name` stands for the breaker `key`: a theme's stands for all its templates."""
    return key == name or key.startswith(f"{name}/")


def _shown(listed: Listed, entry: Entry | None, shut: Mapping[str, Status]) -> Shown:
    files, key = listed.files, f"{listed.kind}:{listed.choice.id}"
    standing = ENABLED if listed.choice.enabled else DISABLED
    if listed.choice.enabled and listed.problems:
        standing = REFUSED
    return Shown(
        kind=listed.kind,
        id=listed.choice.id,
        version=str(listed.manifest.version) if listed.manifest else "",
        origin=files.origin if files else "",
        standing=standing,
        digest=files.digest() if files else "",
        source=_source(listed, entry),
        grants=tuple(sorted(listed.granted)),
        problems=tuple(sorted({str(problem) for problem in listed.problems})),
        shut={each: status for each, status in sorted(shut.items()) if covers(key, each)},
    )


def _source(listed: Listed, entry: Entry | None) -> str:
    if listed.files is None:
        return ""
    if listed.files.origin == BUNDLED:
        return "the product"
    if entry and entry.source:
        return f"{entry.source} {entry.commit or ''}".strip()
    return "the site"
