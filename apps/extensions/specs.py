"""Workers of extensions: with which program, settings and limits each is started."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from apps.content.images.library import library
from apps.content.images.renditions import recipe_as_json
from apps.extensions.configuration import ROOT
from apps.extensions.finding import PROGRAM, ExtensionFiles
from apps.extensions.limits import INSTRUCTIONS, LUA_MEMORY
from apps.extensions.manifests import ThemeManifest
from apps.extensions.registry import asset_url
from apps.extensions.settling import Ready
from apps.runtime.limits import Limits, WorkerSpec

KIB = 1024
MIB = 1024 * KIB
PLUGIN_LIMITS = Limits(memory=256 * MIB, cpu_seconds=0.1, wall_seconds=0.15)
THEME_LIMITS = Limits(
    memory=512 * MIB,
    cpu_seconds=1.0,
    wall_seconds=1.5,
    request_bytes=16 * MIB,
    reply_bytes=16 * MIB,
)
REPLY_BYTES = 256 * KIB
"""Of one plugin: two turns, each of at most RESULT_BYTES and a message. What is longer is hostile,
and would only be decoded at this process's expense."""
WORKERS_EACH = 2
SEED_DIGITS = 16


def theme_spec(theme: Ready) -> WorkerSpec:
    files = theme.files
    assets = {n: asset_url(files.id, n, digest) for n, (_, digest) in assets_of(files).items()}
    return WorkerSpec(
        name=f"theme:{files.id}",
        entry="apps.extensions.sandbox.template_worker",
        setup={
            "theme": files.id,
            "templates": templates_of(files),
            "assets": assets,
            "settings": dict(theme.settings),
            "images": _images(theme),
        },
        limits=THEME_LIMITS,
        size=WORKERS_EACH,
        # Other themes than the site's own are mostly asked by machines, and now and then.
        keeps=1 if theme.mount == ROOT else 0,
    )


def _images(theme: Ready) -> dict[str, Any]:
    recipes = theme.manifest.images.recipes if isinstance(theme.manifest, ThemeManifest) else {}
    named = {name: recipe_as_json(recipe) for name, recipe in recipes.items()}
    return {"recipes": named, "library": list(library())}


def plugin_spec(name: str, plugins: Sequence[Ready]) -> WorkerSpec:
    """Of one plugin, or of a group that shares a worker and its CPU time."""
    return WorkerSpec(
        name=name,
        entry="apps.extensions.sandbox.lua_worker",
        setup={"plugins": [_program(plugin) for plugin in plugins]},
        limits=replace(PLUGIN_LIMITS, reply_bytes=len(plugins) * REPLY_BYTES),
        size=WORKERS_EACH,
    )


def templates_of(files: ExtensionFiles) -> dict[str, str]:
    return {
        name.removeprefix("templates/"): content.decode("utf-8", "replace")
        for name, content in files.files.items()
        if name.startswith("templates/")
    }


def assets_of(files: ExtensionFiles) -> dict[str, tuple[bytes, str]]:
    return {
        name.removeprefix("assets/"): (content, hashlib.sha256(content).hexdigest())
        for name, content in files.files.items()
        if name.startswith("assets/")
    }


def _program(plugin: Ready) -> dict[str, Any]:
    files = plugin.files
    return {
        "id": files.id,
        "source": files.files.get(PROGRAM, b"").decode("utf-8", "replace"),
        "settings": dict(plugin.settings),
        "capabilities": sorted(plugin.granted),
        "seed": plugin.identity[:SEED_DIGITS],
        "budget": {"instructions": INSTRUCTIONS, "memory": LUA_MEMORY},
    }
