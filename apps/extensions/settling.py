"""What a commit's extensions are, before anything is started: found, read, and with their settings
and grants settled. Loading starts from it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import Version

from apps.content.configuration import PATH, TABLE, Configuration, line_of
from apps.content.listings import NEWEST, ORDERS
from apps.content.problems import Problem
from apps.extensions import lock
from apps.extensions.configuration import PluginChoice, ThemeMount, read_choices
from apps.extensions.finding import ExtensionFiles, Kind, find
from apps.extensions.manifests import (
    PluginManifest,
    ThemeManifest,
    check_settings,
    parse_manifest,
)

HOST = Version("1.0.0")
"""The version of what extensions are promised, which their manifests require."""


class ExtensionsUnusable(Exception):
    """The extensions of a commit cannot be loaded; all reasons together."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("; ".join(map(str, problems)))


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


def settle(
    configuration: Configuration, kept: Mapping[str, bytes], bundled: Path
) -> tuple[list[Ready], list[Ready]]:
    """Everything that needs no worker. Raises ExtensionsUnusable with all problems."""
    choices, pins = read_choices(configuration), lock.read_lock(kept.get(lock.PATH))
    problems = [*choices.problems, *pins.problems]
    settled: dict[Kind, list[Ready]] = {"theme": [], "plugin": []}
    wanted: list[tuple[Kind, int, ThemeMount | PluginChoice]] = [
        *(("theme", position, choice) for position, choice in enumerate(choices.themes)),
        *(("plugin", position, choice) for position, choice in enumerate(choices.plugins)),
    ]
    for kind, position, choice in wanted:
        line = line_of(configuration.text, TABLE, f"{kind}s", position, "id")
        files = find(kind, choice.id, kept, bundled)
        if files is None:
            reason = f"there is no {kind} {choice.id!r}: {kind}s/{choice.id}/{kind}.toml is missing"
            problems.append(Problem(PATH, line, "extension.missing", reason))
        elif ready := _ready(files, choice, pins, line, problems):
            settled[kind].append(ready)
    if problems:
        raise ExtensionsUnusable(problems)
    return settled["theme"], settled["plugin"]


def _ready(
    files: ExtensionFiles,
    choice: ThemeMount | PluginChoice,
    pins: lock.Lock,
    line: int,
    problems: list[Problem],
) -> Ready | None:
    text = files.files.get(f"{files.kind}.toml", b"").decode("utf-8", "replace")
    manifest = parse_manifest(files.kind, files.id, text)
    if isinstance(manifest, list):
        problems += manifest
        return None
    if not manifest.supports(HOST):
        reason = f"needs WhisperCMS {manifest.requires}, this is {HOST}"
        problems.append(Problem(files.manifest_path, 0, "manifest.requires", reason))
        return None
    problems += _orders(files, manifest)
    settings, defects = check_settings(manifest, choice.settings)
    problems += (Problem(PATH, line, "config.setting", f"{files.id}: {d}") for d in defects)
    declared = frozenset(getattr(manifest, "capabilities", ()))
    granted, refused = lock.granted(pins, files, declared)
    problems += refused
    return Ready(
        files=files,
        manifest=manifest,
        settings=settings,
        granted=granted,
        mount=choice.mount if isinstance(choice, ThemeMount) else "",
        group=choice.group if isinstance(choice, PluginChoice) else "",
    )


def _orders(files: ExtensionFiles, manifest: PluginManifest | ThemeManifest) -> list[Problem]:
    """Only what the index can sort by quickly."""
    routes = manifest.routes if isinstance(manifest, ThemeManifest) else ()
    return [
        Problem(
            files.manifest_path,
            0,
            "manifest.order",
            f"route {route.name}: order must be one of {', '.join(sorted(ORDERS))}",
        )
        for route in routes
        if route.query and (route.query.order or NEWEST) not in ORDERS
    ]
