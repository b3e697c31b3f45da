"""Builds the registry of a commit: settles its extensions, compiles each in its worker, and holds
what they say there against their manifests.

Used by a sync to judge a commit before it is served, and by a server to serve it.
"""

import hashlib
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import structlog

from apps.content.configuration import Configuration
from apps.content.problems import Problem
from apps.extensions.authority import policy_problems
from apps.extensions.capabilities import sections
from apps.extensions.finding import PROGRAM
from apps.extensions.manifests import PluginManifest, ThemeManifest
from apps.extensions.registry import EnabledPlugin, Group, MountedTheme, Registry
from apps.extensions.sandbox.template_source import pictures_named
from apps.extensions.settling import ExtensionsUnusable, Ready, settled
from apps.extensions.specs import assets_of, plugin_spec, templates_of, theme_spec
from apps.runtime.faults import SandboxMissing, WorkerFault
from apps.runtime.workers import WorkerPool, Workers, WorkerSpec

log = structlog.get_logger("whispercms.extensions")

CHECK_SECONDS = 5.0
TOGETHER = 4
"""So many workers are tried at a time: each has memory of its own."""


def check(
    configuration: Configuration,
    kept: Mapping[str, bytes],
    *,
    workers: Workers,
    bundled: Path,
    pinned: bool = True,
) -> list[Problem]:
    """Why the policies and extensions of a commit cannot be served; empty when they can. Starts
    each once. No policy is read here before a confined worker has found nothing wrong with it."""
    if problems := policy_problems(kept, workers):
        return problems
    try:
        load(
            configuration, kept, workers=workers, bundled=bundled, before=None, pinned=pinned
        ).close()
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
    pinned: bool = True,
) -> Registry:
    """Raises ExtensionsUnusable. Workers of `before` whose extension is the same are kept. Not
    `pinned`, as in development, what nobody has accepted yet is loaded with a warning."""
    try:
        workers.insist()
    except SandboxMissing as error:
        problem = Problem("WHISPERCMS_SANDBOX", 0, "sandbox.missing", str(error))
        raise ExtensionsUnusable([problem]) from error
    found = settled(configuration, kept, bundled, pinned=pinned)
    for warning in found.warnings:
        log.warning("not pinned", problem=str(warning))
    starting = _Starting(workers, before)
    try:
        registry = Registry(
            themes=tuple(mounted_theme(ready, starting.theme(ready)) for ready in found.themes),
            plugins=starting.plugins(found.plugins),
            digest=found.digest,
            former=before.as_former(time.monotonic()) if before else (),
        )
        if problems := [*found.problems, *starting.problems()]:
            raise ExtensionsUnusable(problems)
    except BaseException:
        starting.undo()
        raise
    return registry


class _Starting:
    """The workers of one registry: kept from the one before, or started and tried."""

    def __init__(self, workers: Workers, before: Registry | None) -> None:
        self._workers = workers
        self._pools = dict(before.pools()) if before else {}
        self._groups = {group.identity: group for group in before.groups()} if before else {}
        self._known = {each.identity: each.known for each in before.plugins} if before else {}
        self._started: list[WorkerPool] = []
        self._untried: list[tuple[WorkerPool, Sequence[Ready]]] = []

    def theme(self, ready: Ready) -> WorkerPool:
        return self._tried(ready.identity, theme_spec(ready), [ready])

    def plugins(self, plugins: Sequence[Ready]) -> tuple[EnabledPlugin, ...]:
        shared = self._shared(plugins)
        return tuple(self._enabled(ready, shared.get(ready.group)) for ready in plugins)

    def problems(self) -> list[Problem]:
        """Of all that were not there before, some at a time: most of it is waiting for a worker."""
        if not self._untried:
            return []
        with ThreadPoolExecutor(min(len(self._untried), TOGETHER)) as threads:
            return [each for found in threads.map(_first_defects, self._untried) for each in found]

    def undo(self) -> None:
        for pool in self._started:
            pool.close()

    def _shared(self, plugins: Sequence[Ready]) -> dict[str, Group]:
        """Groups of more than one."""
        named = sorted((each for each in plugins if each.group), key=lambda each: each.group)
        members = {name: list(each) for name, each in groupby(named, lambda each: each.group)}
        return {name: self._group(name, each) for name, each in members.items() if len(each) > 1}

    def _group(self, name: str, members: Sequence[Ready]) -> Group:
        joined = "".join(member.identity for member in members)
        identity = hashlib.sha256(joined.encode()).hexdigest()
        if identity not in self._groups:
            pool = self._tried(identity, plugin_spec(f"group:{name}", members), members)
            self._groups[identity] = Group(name, identity, pool)
        return self._groups[identity]

    def _enabled(self, ready: Ready, group: Group | None) -> EnabledPlugin:
        spec = plugin_spec(f"plugin:{ready.files.id}", [ready])
        # A member of a group is given a worker of its own only when it needs one.
        own = (
            self._pool(ready.identity, spec)
            if group
            else self._tried(ready.identity, spec, [ready])
        )
        known = self._known.get(ready.identity)
        enabled = enabled_plugin(ready, own, group)
        return enabled if known is None else replace(enabled, known=known)

    def _tried(self, identity: str, spec: WorkerSpec, readies: Sequence[Ready]) -> WorkerPool:
        known = identity in self._pools
        pool = self._pool(identity, spec)
        if not known:
            self._untried.append((pool, readies))
        return pool

    def _pool(self, identity: str, spec: WorkerSpec) -> WorkerPool:
        if identity not in self._pools:
            self._pools[identity] = self._workers.pool(spec)
            self._started.append(self._pools[identity])
        return self._pools[identity]


def _first_defects(untried: tuple[WorkerPool, Sequence[Ready]]) -> list[Problem]:
    pool, readies = untried
    found = defects(pool, readies)
    pool.spare()
    return found


def defects(pool: WorkerPool, readies: Sequence[Ready]) -> list[Problem]:
    """The authors' own mistakes, found by starting the extensions of one worker once."""
    try:
        pool.warm(1)
        reply = pool.call({"check": True}, wall_seconds=CHECK_SECONDS)
    except WorkerFault as fault:
        folders = (ready.files.folder for ready in readies)
        return [Problem(folder, 0, "extension.unusable", fault.reason) for folder in folders]
    if readies[0].files.kind == "plugin":
        told = zip(readies, reply["replies"], strict=True)
        return [problem for ready, each in told for problem in _plugin_defects(ready, each)]
    folder = f"{readies[0].files.folder}/templates"
    return [
        Problem(f"{folder}/{e['template']}", e["line"], "template.error", e["message"])
        for e in reply["errors"]
    ]


def _plugin_defects(ready: Ready, reply: Mapping[str, Any]) -> list[Problem]:
    path = f"{ready.files.folder}/{PROGRAM}"
    if reply["outcome"] != "ok":
        return [Problem(path, reply["line"] or 0, "plugin.error", str(reply["message"]))]
    declared = getattr(ready.manifest, "subscribes", ())
    return [
        Problem(path, 0, "plugin.subscribes", f"{topic} is not among the manifest's subscribes")
        for topic in sorted(set(reply.get("topics", ())) - set(declared))
    ]


def mounted_theme(ready: Ready, pool: WorkerPool) -> MountedTheme:
    manifest = ready.manifest
    assert isinstance(manifest, ThemeManifest)
    return MountedTheme(
        id=ready.files.id,
        mount=ready.mount,
        manifest=manifest,
        accept=manifest.rules,
        settings=ready.settings,
        templates=frozenset(templates_of(ready.files)),
        assets=assets_of(ready.files),
        identity=ready.identity,
        pool=pool,
        recipes=manifest.images.recipes,
        pictures=pictures_named(templates_of(ready.files)) if manifest.images.named else (),
    )


def enabled_plugin(ready: Ready, own: WorkerPool, group: Group | None) -> EnabledPlugin:
    manifest = ready.manifest
    assert isinstance(manifest, PluginManifest)
    return EnabledPlugin(
        id=ready.files.id,
        manifest=manifest,
        granted=ready.granted,
        shown=sections(ready.granted),
        settings=ready.settings,
        identity=ready.identity,
        own=own,
        group=group,
    )
