"""An extension's manifest, held against this version of the product and its own files."""

from collections.abc import Iterable, Iterator

from packaging.version import Version

from apps.content.configuration import line_of
from apps.content.problems import Problem
from apps.extensions.finding import PROGRAM, ExtensionFiles
from apps.extensions.manifests import PluginManifest, ThemeManifest, parse_manifest
from apps.extensions.routes import Route

HOST = Version("1.0.0")
"""The version of what extensions are promised, which their manifests require."""


def manifest_of(files: ExtensionFiles) -> PluginManifest | ThemeManifest | list[Problem]:
    """An extension's manifest held against this version and its own files, or all that is wrong."""
    text = files.files.get(f"{files.kind}.toml", b"").decode("utf-8", "replace")
    manifest = parse_manifest(files.kind, files.id, text)
    if isinstance(manifest, list):
        return manifest
    found = [
        *_requires(files, manifest, text),
        *_templates(files, manifest, text),
        *_program(files),
    ]
    return found or manifest


def _requires(
    files: ExtensionFiles, manifest: PluginManifest | ThemeManifest, text: str
) -> Iterator[Problem]:
    if not manifest.supports(HOST):
        reason = f"needs WhisperCMS {manifest.requires}, this is {HOST}"
        line = line_of(text, "requires")
        yield Problem(files.manifest_path, line, "manifest.requires", reason)


def _templates(
    files: ExtensionFiles, manifest: PluginManifest | ThemeManifest, text: str
) -> Iterator[Problem]:
    for position, route in _routes(manifest):
        if f"templates/{route.template}" not in files.files:
            reason = f"route {route.name}: there is no templates/{route.template}"
            line = line_of(text, "routes", position, "template")
            yield Problem(files.manifest_path, line, "manifest.template", reason)


def _program(files: ExtensionFiles) -> Iterator[Problem]:
    if files.kind == "plugin" and PROGRAM not in files.files:
        reason = f"there is no {PROGRAM}, the plugin's program"
        yield Problem(f"{files.folder}/{PROGRAM}", 0, "plugin.missing", reason)


def _routes(manifest: PluginManifest | ThemeManifest) -> Iterable[tuple[int, Route]]:
    return enumerate(manifest.routes if isinstance(manifest, ThemeManifest) else ())
