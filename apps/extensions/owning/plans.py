"""What one act of a site's owner comes to: the files that change, and what it newly grants."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.extensions.capabilities import find
from apps.extensions.finding import ExtensionFiles, Kind
from apps.extensions.owning.owned import Lists


@dataclass(frozen=True, slots=True)
class Grant:
    """One capability that the owner has to consent to. `key` is as in plugin:toc."""

    key: str
    capability: str

    @property
    def words(self) -> str:
        found = find(self.capability)
        return f"{self.key} may {found.words if found else self.capability}"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """How another version differs, for whoever is to accept it."""

    version: tuple[str, str]
    digest: tuple[str, str]
    no_longer: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        before, after = self.version
        same = f"version {after} as before, with other files"
        lines = [same if before == after else f"version {before or 'none'} → {after}"]
        lines += (f"no longer asks for {name}" for name in self.no_longer)
        return (*lines, *(f"setting {told}" for told in self.settings))

    def as_json(self) -> dict[str, Any]:
        return {
            "version": {"from": self.version[0], "to": self.version[1]},
            "digest": {"from": self.digest[0], "to": self.digest[1]},
            "no_longer": list(self.no_longer),
            "settings": list(self.settings),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`lists` are those of `config.toml` that change, as they are to be; `cause` is the commit's
    subject, `of` the extensions that it is about, `source` where new files are from."""

    cause: str
    of: tuple[str, ...]
    digest: str = ""
    source: str = ""
    files: Mapping[str, bytes | None] = field(default_factory=dict)
    lists: Lists = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    news: News | None = None


def files_of(extension: ExtensionFiles) -> dict[str, bytes]:
    """As paths of the site."""
    return {f"{extension.folder}/{name}": each for name, each in extension.files.items()}


def changed_lists(before: Lists, after: Lists) -> Lists:
    kinds: tuple[Kind, ...] = ("theme", "plugin")
    return {kind: after[kind] for kind in kinds if after[kind] != before[kind]}
