"""The extensions of one commit, loaded into their workers: frozen, and swapped as a whole."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.extensions.acceptance import Accept
from apps.extensions.capabilities import sections
from apps.extensions.manifests import PluginManifest, ThemeManifest
from apps.runtime.workers import WorkerPool

GRACE_SECONDS = 30.0
ASSETS = "/-/themes/"


@dataclass(frozen=True, slots=True, kw_only=True)
class MountedTheme:
    """A theme at its mount. `assets` are (bytes, SHA-256) by name."""

    id: str
    mount: str
    manifest: ThemeManifest
    accept: Accept
    settings: Mapping[str, Any]
    templates: frozenset[str]
    assets: Mapping[str, tuple[bytes, str]]
    identity: str
    pool: WorkerPool = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnabledPlugin:
    """A plugin with what it was granted. `identity` changes with its code, settings or grants."""

    id: str
    manifest: PluginManifest
    granted: frozenset[str]
    settings: Mapping[str, Any]
    identity: str
    pool: WorkerPool = field(compare=False)


@dataclass(frozen=True, slots=True)
class Registry:
    """Themes and plugins in the order of the configuration."""

    themes: tuple[MountedTheme, ...]
    plugins: tuple[EnabledPlugin, ...]

    def extensions(self) -> "Iterator[MountedTheme | EnabledPlugin]":
        yield from self.themes
        yield from self.plugins

    def headers(self) -> tuple[str, ...]:
        """Names of the request headers that some plugin was granted to read."""
        return tuple(sorted({n for p in self.plugins for n in sections(p.granted).headers}))

    def subscribers(self, topic: str) -> tuple[EnabledPlugin, ...]:
        return tuple(plugin for plugin in self.plugins if topic in plugin.manifest.subscribes)

    def asset(self, path: str) -> tuple[bytes, str] | None:
        """The asset at `/-/themes/<id>/<digest>/<name>`, if this is still its digest."""
        if not path.startswith(ASSETS):
            return None
        name, _, rest = path.removeprefix(ASSETS).partition("/")
        digest, _, file = rest.partition("/")
        for theme in self.themes:
            found = theme.assets.get(file) if theme.id == name else None
            if found and found[1].startswith(digest) and len(digest) == DIGEST_LENGTH:
                return found
        return None

    def retire(self, successor: "Registry") -> None:
        """Ends the workers that the successor does not use, once requests under way are done."""
        used = {id(each.pool) for each in successor.extensions()}
        for extension in self.extensions():
            if id(extension.pool) not in used:
                timer = threading.Timer(GRACE_SECONDS, extension.pool.close)
                timer.daemon = True
                timer.start()

    def close(self) -> None:
        for extension in self.extensions():
            extension.pool.close()


DIGEST_LENGTH = 16


def asset_url(theme: str, name: str, digest: str) -> str:
    return f"{ASSETS}{theme}/{digest[:DIGEST_LENGTH]}/{name}"
