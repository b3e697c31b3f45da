"""What a commit's extensions are, before anything is started: found, read, linked, and with their
settings and grants settled. Loading starts from it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.content.configuration import Configuration
from apps.content.problems import Problem
from apps.extensions.configuration import PluginChoice
from apps.extensions.finding import ExtensionFiles, Kind
from apps.extensions.inspecting import HOST, manifest_of
from apps.extensions.manifests import PluginManifest, ThemeManifest
from apps.extensions.stages import Draft, Listed, staged

__all__ = ["HOST", "ExtensionsUnusable", "Ready", "Settled", "manifest_of", "settle", "settled"]


class ExtensionsUnusable(Exception):
    """The extensions of a commit cannot be loaded; all reasons together."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("; ".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """An extension whose manifest, settings and grants are settled."""

    files: ExtensionFiles
    manifest: PluginManifest | ThemeManifest
    settings: Mapping[str, Any]
    granted: frozenset[str]
    mount: str = ""
    group: str = ""

    @property
    def identity(self) -> str:
        """Equal for two commits whose workers may be the same."""
        values = [self.files.folder, self.files.digest(), dict(self.settings), sorted(self.granted)]
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Settled:
    """All that can run, in the order of the lists; with problems it is not all that was wanted.
    `warnings` are what only development lets pass."""

    themes: tuple[Ready, ...]
    plugins: tuple[Ready, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def digest(self) -> str:
        """Of this version of the registry: whatever decides what runs, and in which order."""
        rows = [[e.identity, e.mount, e.group] for e in (*self.themes, *self.plugins)]
        return f"sha256:{hashlib.sha256(json.dumps(rows).encode()).hexdigest()}"


def settled(
    configuration: Configuration, kept: Mapping[str, bytes], bundled: Path, *, pinned: bool = True
) -> Settled:
    """`pinned`: extensions of the site whose bytes nobody has accepted are a problem."""
    draft = staged(Draft(configuration=configuration, kept=kept, bundled=bundled, pinned=pinned))
    return Settled(
        _ready(draft, "theme"),
        _ready(draft, "plugin"),
        tuple(draft.all_problems()),
        tuple(sorted({warning for each in draft.listed for warning in each.warnings})),
    )


def settle(
    configuration: Configuration, kept: Mapping[str, bytes], bundled: Path, *, pinned: bool = True
) -> tuple[list[Ready], list[Ready]]:
    """Everything that needs no worker. Raises ExtensionsUnusable with all problems."""
    found = settled(configuration, kept, bundled, pinned=pinned)
    if found.problems:
        raise ExtensionsUnusable(found.problems)
    return list(found.themes), list(found.plugins)


def _ready(draft: Draft, kind: Kind) -> tuple[Ready, ...]:
    return tuple(
        _made(each, each.files, each.manifest)
        for each in draft.listed
        if each.kind == kind and each.files and each.manifest and each.may_run
    )


def _made(listed: Listed, files: ExtensionFiles, manifest: PluginManifest | ThemeManifest) -> Ready:
    return Ready(
        files=files,
        manifest=manifest,
        settings=listed.settings or {},
        granted=listed.granted,
        mount=listed.mount,
        group=listed.choice.group if isinstance(listed.choice, PluginChoice) else "",
    )
