"""A site as it would be with another extension, or with other files of one that it has. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from apps.content.configuration import Configuration
from apps.extensions import lock
from apps.extensions.configuration import ROOT, read_choices
from apps.extensions.finding import BUNDLED, ExtensionFiles
from apps.extensions.manifests import parse_manifest


@dataclass(frozen=True, slots=True)
class Overlaid:
    """What a registry is made of. `kept` are the site's files by path."""

    configuration: Configuration
    kept: Mapping[str, bytes]


def overlaid(
    site: Overlaid, extension: ExtensionFiles, settings: Mapping[str, Any] | None = None
) -> Overlaid:
    """Enabled, and granted all that it asks for. A theme that was nowhere takes the front page's
    place. `settings` stand instead of those that the site gives it."""
    configuration = _enabled(site.configuration, extension, settings)
    if extension.origin == BUNDLED:
        return Overlaid(configuration, site.kept)
    prefix = f"{extension.folder}/"
    kept = {path: each for path, each in site.kept.items() if not path.startswith(prefix)}
    kept |= {f"{prefix}{name}": content for name, content in extension.files.items()}
    if granted := _granted(site.kept.get(lock.PATH), extension):
        kept[lock.PATH] = granted
    return Overlaid(configuration, kept)


def is_enabled(configuration: Configuration, kind: str, name: str) -> bool:
    choices = read_choices(configuration)
    return name in {each.id for each in (choices.themes if kind == "theme" else choices.plugins)}


def _enabled(
    configuration: Configuration, extension: ExtensionFiles, settings: Mapping[str, Any] | None
) -> Configuration:
    choices = read_choices(configuration)
    if choices.problems:  # Loading tells them.
        return configuration
    themes = [each.model_dump() for each in choices.all_themes]
    plugins = [each.model_dump() for each in choices.all_plugins]
    listed = themes if extension.kind == "theme" else plugins
    own = [each for each in listed if each["id"] == extension.id]
    if not own:
        mount = {"mount": ROOT} if extension.kind == "theme" else {}
        own = [{"id": extension.id, "enabled": False, **mount}]
        listed += own
    if not any(each["enabled"] for each in own):
        listed[:] = [each for each in listed if each in own or not _in_its_way(each, own[0])]
        own[0]["enabled"] = True
    for each in own if settings is not None else ():
        each["settings"] = dict(settings or {})
    return replace(configuration, themes=tuple(themes), plugins=tuple(plugins))


def _in_its_way(other: Mapping[str, Any], theme: Mapping[str, Any]) -> bool:
    """Two themes cannot have one mount; plugins have none."""
    return "mount" in theme and other["mount"] == theme["mount"]


def _granted(content: bytes | None, extension: ExtensionFiles) -> bytes | None:
    """None where the lock stays as it is: it cannot be read, or nothing is asked for."""
    before = lock.read_lock(content)
    text = extension.files.get(f"{extension.kind}.toml", b"").decode("utf-8", "replace")
    manifest = parse_manifest(extension.kind, extension.id, text)
    if before.problems or isinstance(manifest, list):
        return None
    asked = sorted(getattr(manifest, "capabilities", ()))
    pin = lock.Entry(digest=extension.digest(), capabilities=asked)
    return lock.write_lock(before.tables.having(extension.kind, extension.id, pin))
