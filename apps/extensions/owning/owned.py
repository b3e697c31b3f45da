"""A site at one commit, as its owner changes its extensions. Pure but for the bundled ones, which
are read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from apps.content.configuration import PATH, Configuration
from apps.content.problems import Problem
from apps.extensions import lock
from apps.extensions.configuration import Choices, read_choices
from apps.extensions.finding import BUNDLED, KINDS, SITE, ExtensionFiles, Kind, find
from apps.extensions.inspecting import manifest_of
from apps.extensions.manifests import PluginManifest, ThemeManifest
from apps.extensions.names import ID

Lists = dict[Kind, list[dict[str, Any]]]
"""The site's two lists as they stand in `config.toml`."""


class OwnerRefused(Exception):
    """What the owner asked for cannot be done; all reasons together, and nothing has changed."""

    def __init__(self, code: str, reason: str, problems: tuple[Problem, ...] = ()) -> None:
        self.code, self.problems = code, problems
        super().__init__(reason)


def refused(problems: list[Problem]) -> OwnerRefused:
    found = tuple(sorted(set(problems)))
    return OwnerRefused("defects", "\n".join(map(str, found)), found)


@dataclass(frozen=True, kw_only=True)
class Owned:
    """`files` are those of its extensions, its lock and its policies, by path."""

    configuration: Configuration
    files: Mapping[str, bytes]
    bundled: Path

    @cached_property
    def choices(self) -> Choices:
        """Raises OwnerRefused: a list that cannot be read cannot be changed."""
        found = read_choices(self.configuration)
        broken = [each for each in found.problems if each.code == "config.value"]
        if broken:
            raise refused(broken)
        return found

    @cached_property
    def lock(self) -> lock.Tables:
        """Raises OwnerRefused."""
        found = lock.read_lock(self.files.get(lock.PATH))
        if found.problems:
            raise refused(list(found.problems))
        return found.tables

    def lists(self) -> Lists:
        """Copies, with what the product lists where the site says nothing. Raises OwnerRefused."""
        written = {"theme": self.configuration.themes, "plugin": self.configuration.plugins}
        read = {"theme": self.choices.all_themes, "plugin": self.choices.all_plugins}
        return {
            kind: [each.model_dump(exclude_defaults=True) for each in read[kind]]
            if (rows := written[kind]) is None
            else [dict(each) for each in rows]
            for kind in KINDS
        }

    def named(self, text: str) -> tuple[Kind, str]:
        """Of `plugin:<id>`, `theme:<id>`, or an id that only one extension has. Raises
        OwnerRefused."""
        prefix, _, name = text.rpartition(":")
        kinds = [kind for kind in KINDS if prefix in ("", kind)]
        if not kinds or ID.fullmatch(name) is None:
            raise OwnerRefused("unknown", f"{text[:80]!r} is not plugin:<id> or theme:<id>")
        found = [kind for kind in kinds if self.find(kind, name) or self.is_listed(kind, name)]
        if len(found) == 1:
            return found[0], name
        if found:
            reason = f"there is a plugin and a theme {name!r}; say which, as plugin:{name}"
            raise OwnerRefused("unknown", reason)
        raise OwnerRefused("unknown", f"there is no extension {text!r} in the site or the product")

    def find(self, kind: Kind, name: str) -> ExtensionFiles | None:
        return find(kind, name, self.files, self.bundled)

    def own(self, kind: Kind, name: str) -> ExtensionFiles | None:
        """The site's own, not one that comes with the product."""
        found = self.find(kind, name)
        return found if found and found.origin == SITE else None

    def is_listed(self, kind: Kind, name: str) -> bool:
        listed = self.choices.all_themes if kind == "theme" else self.choices.all_plugins
        return name in {each.id for each in listed}


def there(owned: Owned, kind: Kind, name: str) -> ExtensionFiles:
    """Raises OwnerRefused for one that is listed and has no files."""
    found = owned.find(kind, name)
    if found is None:
        reason = f"there is no {kind} {name!r}: {kind}s/{name}/{kind}.toml is missing"
        raise refused([Problem(PATH, 0, "extension.missing", reason)])
    return found


def usable(files: ExtensionFiles) -> PluginManifest | ThemeManifest:
    """Raises OwnerRefused with all that is wrong with the manifest."""
    found = manifest_of(files)
    if isinstance(found, list):
        raise refused(found)
    return found


def is_bundled(files: ExtensionFiles) -> bool:
    return files.origin == BUNDLED
