"""Builds the registry of a commit: find → read manifests → settle settings and grants → load.

Used by a sync to judge a commit before it is served, and by a server to serve it.
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
from apps.extensions.registry import EnabledPlugin, MountedTheme, Registry, asset_url
from apps.runtime.faults import WorkerFault
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import WorkerPool, Workers

HOST = Version("1.0.0")
"""The version of what extensions are promised, which their manifests require."""
MIB = 1024 * 1024
CHECK_SECONDS = 5.0
PLUGIN_LIMITS = Limits(memory=256 * MIB, cpu_seconds=0.1, wall_seconds=0.15)
THEME_LIMITS = Limits(
    memory=512 * MIB,
    cpu_seconds=1.0,
    wall_seconds=1.5,
    request_bytes=16 * MIB,
    reply_bytes=16 * MIB,
)
INSTRUCTIONS = 2_000_000
HEAP = 16 * MIB
WORKERS_EACH = 2
SEED_DIGITS = 16


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

    @property
    def identity(self) -> str:
        """Equal for two commits whose workers may be the same."""
        values = [self.files.folder, self.files.digest(), dict(self.settings), sorted(self.granted)]
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def check(
    configuration: Configuration, kept: Mapping[str, bytes], *, workers: Workers, bundled: Path
) -> list[Problem]:
    """Why the extensions of a commit cannot be served; empty when they can. Starts each once."""
    try:
        load(configuration, kept, workers=workers, bundled=bundled, before=None).close()
    except ExtensionsUnusable as error:
        return list(error.problems)
    return []


def load(
    configuration: Configuration,
    kept: Mapping[str, bytes],
    *,
    workers: Workers,
    bundled: Path,
    before: Registry | None,
) -> Registry:
    """Raises ExtensionsUnusable. Workers of `before` whose extension is the same are kept."""
    themes, plugins = _settle(configuration, kept, bundled)
    pools = {each.identity: each.pool for each in before.extensions()} if before else {}
    started: list[WorkerPool] = []
    problems: list[Problem] = []

    def pool(ready: Ready) -> WorkerPool:
        if ready.identity in pools:
            return pools[ready.identity]
        made = workers.pool(_spec(ready))
        pools[ready.identity] = made
        started.append(made)
        problems.extend(_defects(made, ready))
        return made

    registry = Registry(
        themes=tuple(_mounted(ready, pool(ready)) for ready in themes),
        plugins=tuple(_enabled(ready, pool(ready)) for ready in plugins),
    )
    if problems:
        for made in started:
            made.close()
        raise ExtensionsUnusable(problems)
    return registry


def _settle(
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
    mount = choice.mount if isinstance(choice, ThemeMount) else ""
    return Ready(files=files, manifest=manifest, settings=settings, granted=granted, mount=mount)


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


def _spec(ready: Ready) -> WorkerSpec:
    files = ready.files
    if files.kind == "theme":
        setup: dict[str, Any] = {
            "theme": files.id,
            "templates": _templates(files),
            "assets": {
                name: asset_url(files.id, name, digest)
                for name, (_, digest) in _assets(files).items()
            },
            "settings": dict(ready.settings),
        }
    else:
        setup = {
            "id": files.id,
            "source": files.files.get("main.lua", b"").decode("utf-8", "replace"),
            "settings": dict(ready.settings),
            "capabilities": sorted(ready.granted),
            "seed": ready.identity[:SEED_DIGITS],
            "budget": {"instructions": INSTRUCTIONS, "memory": HEAP},
        }
    return WorkerSpec(
        name=f"{files.kind}:{files.id}",
        entry=ENTRIES[files.kind],
        setup=setup,
        limits=THEME_LIMITS if files.kind == "theme" else PLUGIN_LIMITS,
        size=WORKERS_EACH,
    )


ENTRIES = {"theme": "apps.extensions.template_worker", "plugin": "apps.extensions.lua_worker"}


def _defects(pool: WorkerPool, ready: Ready) -> list[Problem]:
    """The author's own mistakes, found by starting the extension once."""
    try:
        pool.warm()
        reply = pool.call({"check": True}, wall_seconds=CHECK_SECONDS)
    except WorkerFault as fault:
        return [Problem(ready.files.folder, 0, "extension.unusable", fault.reason)]
    if ready.files.kind == "plugin":
        return _plugin_defects(ready, reply)
    folder = f"{ready.files.folder}/templates"
    return [
        Problem(f"{folder}/{e['template']}", e["line"], "template.error", e["message"])
        for e in reply["errors"]
    ]


def _plugin_defects(ready: Ready, reply: Mapping[str, Any]) -> list[Problem]:
    path = f"{ready.files.folder}/main.lua"
    if reply["outcome"] != "ok":
        return [Problem(path, reply["line"] or 0, "plugin.error", str(reply["message"]))]
    declared = getattr(ready.manifest, "subscribes", ())
    return [
        Problem(path, 0, "plugin.subscribes", f"{topic} is not among the manifest's subscribes")
        for topic in sorted(set(reply.get("topics", ())) - set(declared))
    ]


def _mounted(ready: Ready, pool: WorkerPool) -> MountedTheme:
    manifest = ready.manifest
    assert isinstance(manifest, ThemeManifest)
    return MountedTheme(
        id=ready.files.id,
        mount=ready.mount,
        manifest=manifest,
        accept=manifest.rules,
        settings=ready.settings,
        templates=frozenset(_templates(ready.files)),
        assets=_assets(ready.files),
        identity=ready.identity,
        pool=pool,
    )


def _enabled(ready: Ready, pool: WorkerPool) -> EnabledPlugin:
    manifest = ready.manifest
    assert isinstance(manifest, PluginManifest)
    return EnabledPlugin(
        id=ready.files.id,
        manifest=manifest,
        granted=ready.granted,
        settings=ready.settings,
        identity=ready.identity,
        pool=pool,
    )


def _templates(files: ExtensionFiles) -> dict[str, str]:
    return {
        name.removeprefix("templates/"): content.decode("utf-8", "replace")
        for name, content in files.files.items()
        if name.startswith("templates/")
    }


def _assets(files: ExtensionFiles) -> dict[str, tuple[bytes, str]]:
    return {
        name.removeprefix("assets/"): (content, hashlib.sha256(content).hexdigest())
        for name, content in files.files.items()
        if name.startswith("assets/")
    }
