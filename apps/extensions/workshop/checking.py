"""Everything that loading would say of one extension, its manifest and its programs together.

Where the manifest cannot be used, its programs are tried with what is left of it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from apps.content.flaws import FlawError
from apps.content.problems import Problem
from apps.content.strict import read_toml
from apps.extensions import capabilities, limits
from apps.extensions.finding import ExtensionFiles
from apps.extensions.loading import defects
from apps.extensions.manifests import PluginManifest, ThemeManifest, check_settings
from apps.extensions.settings_schema import Setting
from apps.extensions.settling import Ready, manifest_of
from apps.extensions.specs import plugin_spec, theme_spec
from apps.extensions.workshop.cases import read_cases
from apps.extensions.workshop.folders import read_folder
from apps.runtime.workers import Workers, WorkerSpec

STAND_IN: Mapping[str, Any] = {"id": "unknown", "version": "1.0.0", "requires": ">=1.0"}
ROUTE: Mapping[str, Any] = {"name": "unknown", "path": "/", "template": "unknown.html"}


def check_folder(folder: Path, workers: Workers) -> list[Problem]:
    """Starts the extension once, confined. Raises NoExtension or SandboxMissing."""
    files, problems = read_folder(folder)
    return sorted({*problems, *check_files(files, workers)})


def check_files(files: ExtensionFiles, workers: Workers) -> list[Problem]:
    workers.insist()
    manifest = manifest_of(files)
    told = manifest if isinstance(manifest, list) else []
    usable = _stand_in(files) if isinstance(manifest, list) else manifest
    _, unreadable = read_cases(files)
    return [*told, *_tried(ready(files, usable), workers), *unreadable]


def ready(
    files: ExtensionFiles,
    manifest: PluginManifest | ThemeManifest,
    settings: Mapping[str, Any] | None = None,
) -> Ready:
    """With all that it asks for, as an owner may grant it."""
    granted = frozenset(getattr(manifest, "capabilities", ()))
    values, _ = check_settings(manifest, settings or {})
    return Ready(files=files, manifest=manifest, settings=values, granted=granted, mount="/")


def spec_of(extension: Ready) -> WorkerSpec:
    if extension.files.kind == "theme":
        return theme_spec(extension)
    return plugin_spec(f"plugin:{extension.files.id}", [extension])


def _tried(extension: Ready, workers: Workers) -> list[Problem]:
    pool = workers.pool(spec_of(extension))
    try:
        return defects(pool, [extension])
    finally:
        pool.close()


def _stand_in(files: ExtensionFiles) -> PluginManifest | ThemeManifest:
    """What of the manifest is right already, so that the programs find what they ask for."""
    try:
        data = read_toml(files.files[f"{files.kind}.toml"][: limits.MANIFEST_BYTES].decode())
    except (FlawError, UnicodeDecodeError, KeyError):
        data = {}
    settings = _right(data.get("settings"))
    if files.kind == "theme":
        return ThemeManifest.model_validate({**STAND_IN, "settings": settings, "routes": [ROUTE]})
    named = data.get("capabilities")
    right = dict.fromkeys(c for c in named if _exists(c)) if isinstance(named, list) else {}
    topics = list(capabilities.TOPICS)
    asked = {"capabilities": list(right), "subscribes": topics, "settings": settings}
    return PluginManifest.model_validate({**STAND_IN, **asked})


def _exists(name: Any) -> bool:
    return isinstance(name, str) and capabilities.find(name) is not None


def _right(tables: Any) -> dict[str, Any]:
    found = {}
    for name, table in list(tables.items())[: limits.SETTINGS] if type(tables) is dict else ():
        try:
            Setting.model_validate(table)
        except ValidationError:
            continue
        found[name] = table
    return found
