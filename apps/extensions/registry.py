"""The extensions of one commit, loaded into their workers: frozen, and swapped as a whole."""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.content.images.renditions import Recipe
from apps.extensions.acceptance import Accept
from apps.extensions.capabilities import Sections
from apps.extensions.known import Known
from apps.extensions.manifests import PluginManifest, ThemeManifest
from apps.runtime.workers import WorkerPool

GRACE_SECONDS = 30.0
FORMER_SECONDS = 60.0
FORMER_VERSIONS = 20
ASSETS = "/-/themes/"
DIGEST_LENGTH = 16

Assets = Mapping[str, tuple[bytes, str]]
"""(bytes, SHA-256) by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MountedTheme:
    """A theme at its mount."""

    id: str
    mount: str
    manifest: ThemeManifest
    accept: Accept
    settings: Mapping[str, Any]
    templates: frozenset[str]
    assets: Assets
    identity: str
    pool: WorkerPool = field(compare=False)
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    """By name: which renditions there are of pictures."""
    pictures: tuple[str, ...] = ()
    """Files of the site that its templates name."""

    @property
    def is_beside(self) -> bool:
        """Whether it shows documents that answer elsewhere."""
        return any(route.document is not None for route in self.manifest.routes)

    @property
    def says_problems(self) -> bool:
        """Whether it tells errors as JSON and not as a page."""
        return "error.json" in self.templates and "error.html" not in self.templates

    def beside(self, url: str) -> str:
        """Where it shows what is at an address of the site; what is away stays there."""
        return self.mount + url[1:] if url.startswith("/") else url

    def key(self, template: str) -> str:
        """A template's name where extensions are listed: a bad one leaves the others alone."""
        return f"theme:{self.id}/{template}"

    def breaker_keys(self) -> tuple[str, ...]:
        return tuple(self.key(template) for template in sorted(self.templates))


def plugin_key(plugin: str) -> str:
    return f"plugin:{plugin}"


@dataclass(frozen=True, slots=True)
class Former:
    """The assets and recipes of a version that was active before, by theme; `until` is by the
    monotonic clock."""

    assets: Mapping[str, Assets]
    until: float
    recipes: Mapping[str, Mapping[str, Recipe]] = field(default_factory=dict)


class Group:
    """Plugins that share a worker and one round trip, until it misbehaves: nobody can tell which of
    them it was, so from then on each has a worker of its own.
    """

    def __init__(self, name: str, identity: str, pool: WorkerPool) -> None:
        self.name, self.identity, self.pool = name, identity, pool
        self.apart = False

    def part(self) -> None:
        self.apart = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EnabledPlugin:
    """A plugin with what it was granted. `identity` changes with its code, settings or grants."""

    id: str
    manifest: PluginManifest
    granted: frozenset[str]
    shown: Sections
    settings: Mapping[str, Any]
    identity: str
    own: WorkerPool = field(compare=False)
    group: Group | None = field(default=None, compare=False)
    known: Known[Any] = field(default_factory=Known, compare=False)
    """Its answers."""

    @property
    def key(self) -> str:
        """Its name where extensions are listed."""
        return plugin_key(self.id)

    def breaker_keys(self) -> tuple[str, ...]:
        return (self.key,)

    @property
    def together(self) -> Group | None:
        """The group that it shares a worker with now."""
        return None if self.group is None or self.group.apart else self.group

    @property
    def pool(self) -> WorkerPool:
        group = self.together
        return group.pool if group else self.own


@dataclass(frozen=True, slots=True)
class Registry:
    """Themes and plugins in the order of the configuration. `digest` is that of the version: equal
    where the same extensions run in the same way."""

    themes: tuple[MountedTheme, ...]
    plugins: tuple[EnabledPlugin, ...]
    digest: str = ""
    former: "tuple[Former, ...]" = field(default=(), compare=False)

    def extensions(self) -> "Iterator[MountedTheme | EnabledPlugin]":
        yield from self.themes
        yield from self.plugins

    def groups(self) -> "Iterator[Group]":
        """Each once."""
        yield from {id(p.group): p.group for p in self.plugins if p.group}.values()

    def pools(self) -> Mapping[str, WorkerPool]:
        """By the identity of what runs in them."""
        return {
            **{theme.identity: theme.pool for theme in self.themes},
            **{plugin.identity: plugin.own for plugin in self.plugins},
            **{group.identity: group.pool for group in self.groups()},
        }

    def new_since(self, before: "Registry | None") -> tuple[str, ...]:
        """The keys of extensions that run other bytes, settings or grants than before."""
        known = {each.identity for each in before.extensions()} if before else set()
        new = (each for each in self.extensions() if each.identity not in known)
        return tuple(key for each in new for key in each.breaker_keys())

    def headers(self) -> tuple[str, ...]:
        """Names of the request headers that some plugin was granted to read."""
        return tuple(sorted({n for p in self.plugins for n in p.shown.headers}))

    def subscribers(self, *topics: str) -> tuple[EnabledPlugin, ...]:
        """The plugins that asked to be told of one of the topics."""
        wanted = frozenset(topics)
        return tuple(
            [each for each in self.plugins if not wanted.isdisjoint(each.manifest.subscribes)]
        )

    def asset(self, path: str) -> tuple[bytes, str] | None:
        """The asset at `/-/themes/<id>/<digest>/<name>`, if this is still its digest."""
        if not path.startswith(ASSETS):
            return None
        name, _, rest = path.removeprefix(ASSETS).partition("/")
        digest, _, file = rest.partition("/")
        for assets in (
            *(each.assets for each in self.themes if each.id == name),
            *self._past(name),
        ):
            found = assets.get(file)
            if found and found[1].startswith(digest) and len(digest) == DIGEST_LENGTH:
                return found
        return None

    def recipes(self, theme: str, name: str) -> "Iterator[Recipe]":
        """What a theme declares under a name, and what it did a moment ago."""
        now = time.monotonic()
        found = [each.recipes for each in self.themes if each.id == theme]
        found += [each.recipes.get(theme, {}) for each in self.former if each.until > now]
        yield from dict.fromkeys(recipes[name] for recipes in found if name in recipes)

    def has_asset(self, tag: str) -> bool:
        """Whether this version has an asset whose quoted digest it is."""
        return any(f'"{each[1]}"' == tag for t in self.themes for each in t.assets.values())

    def _past(self, name: str) -> "Iterator[Assets]":
        now = time.monotonic()
        yield from (
            each.assets[name] for each in self.former if each.until > now and name in each.assets
        )

    def as_former(self, now: float) -> "tuple[Former, ...]":
        """For the version that takes its place: pages that were made with this one are still on
        their way to browsers, which then ask for what they name."""
        own = Former(
            {theme.id: theme.assets for theme in self.themes},
            now + FORMER_SECONDS,
            {theme.id: theme.recipes for theme in self.themes},
        )
        return (own, *(each for each in self.former if each.until > now))[:FORMER_VERSIONS]

    def retire(self, successor: "Registry") -> None:
        """Ends the workers that the successor does not use, once requests under way are done."""
        if gone := self._unused_by(successor):
            timer = threading.Timer(GRACE_SECONDS, _close, [gone])
            timer.daemon = True
            timer.start()

    def discard(self, before: "Registry | None") -> None:
        """Ends the workers that only this one has, as it was never served."""
        _close(self._unused_by(before))

    def close(self) -> None:
        _close(self.pools().values())

    def _unused_by(self, other: "Registry | None") -> list[WorkerPool]:
        used = {id(pool) for pool in other.pools().values()} if other else set()
        return [pool for pool in self.pools().values() if id(pool) not in used]


def _close(pools: Iterable[WorkerPool]) -> None:
    for pool in pools:
        pool.close()


def asset_url(theme: str, name: str, digest: str) -> str:
    return f"{ASSETS}{theme}/{digest[:DIGEST_LENGTH]}/{name}"
