"""Manifests of extensions, `plugin.toml` and `theme.toml`: hostile text into frozen values. Pure.

All defects of a manifest are told together, each with its line and a reason.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from apps.content.flaws import FlawError
from apps.content.problems import Problem
from apps.content.strict import read_toml
from apps.content.toml_places import Places
from apps.extensions import capabilities, limits, settings_schema
from apps.extensions.acceptance import Accept
from apps.extensions.defects import Defect, defects_of, sentence
from apps.extensions.images import NONE, Images
from apps.extensions.names import NAME, checked
from apps.extensions.pointers import PointerError, check_pattern
from apps.extensions.queries import defects_of_queries
from apps.extensions.routes import Route, disagreements
from apps.extensions.settings_schema import Setting, as_tuple

__all__ = [
    *("Kind", "Manifest", "PluginManifest", "Route", "ThemeManifest"),
    *("check_settings", "manifest_path", "parse_manifest"),
]

Kind = Literal["plugin", "theme"]
_NEEDED: Final = re.compile(rf"(?:plugin|theme):{NAME}")
_HEADERS: Final = re.compile(r"[a-z0-9-]+\*?")
_SETTING: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")

Names = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]


def _version(value: Any) -> Version:
    try:
        return Version(_short(value))
    except InvalidVersion:
        raise ValueError("must be a version such as 1.0.0") from None


def _range(value: Any) -> SpecifierSet:
    try:
        return SpecifierSet(_short(value), prereleases=False)
    except InvalidSpecifier:
        raise ValueError("must be a range of versions such as >=1.0,<2") from None


def _short(value: Any) -> str:
    if type(value) is not str or len(value) > limits.VERSION_CHARACTERS:
        raise ValueError(f"must be a text of at most {limits.VERSION_CHARACTERS} characters")
    return value


def _needs(value: Any) -> Any:
    """Other extensions by key, each with the versions that will do."""
    if type(value) is not dict:
        raise ValueError('must be a table such as { "plugin:toc" = ">=1,<2" }')
    found, reasons = {}, []
    for name, versions in value.items():
        if _NEEDED.fullmatch(name) is None:
            reasons.append(f"{name[:80]!r} is not plugin:<id> or theme:<id>")
        try:
            found[name] = _range(versions)
        except ValueError as error:
            reasons.append(f"{name[:80]!r} {error}")
    if reasons:
        raise ValueError("; ".join(reasons))
    return found


class Manifest(BaseModel):
    """What plugins and themes have in common."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True
    )

    id: Annotated[str, AfterValidator(checked)]
    version: Annotated[Version, BeforeValidator(_version)]
    requires: Annotated[SpecifierSet, BeforeValidator(_range)]
    needs: Annotated[
        Mapping[str, SpecifierSet], BeforeValidator(_needs), AfterValidator(MappingProxyType)
    ] = Field(default_factory=lambda: MappingProxyType({}), max_length=limits.NEEDS)
    title: str = Field(default="", max_length=100)
    description: str = Field(default="", max_length=1000)
    settings: Annotated[Mapping[str, Setting], AfterValidator(MappingProxyType)] = Field(
        default_factory=lambda: MappingProxyType({}), max_length=limits.SETTINGS
    )

    def supports(self, host: Version) -> bool:
        """A development version of the host counts as its release."""
        return self.requires.contains(host.base_version)


class PluginManifest(Manifest):
    subscribes: Names
    capabilities: Names = ()

    @field_validator("subscribes")
    @classmethod
    def _known_events(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError(f"must name an event: one of {', '.join(capabilities.TOPICS)}")
        return _checked(value, "event", capabilities.TOPICS.__contains__)

    @field_validator("capabilities")
    @classmethod
    def _known_capabilities(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(value, "capability", lambda name: capabilities.find(name) is not None)


class AcceptTable(BaseModel):
    """A theme's `[accept]` as it is written."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    metadata: bool = False
    status: bool = False
    headers: Names = ()
    transforms: Names = ()
    json_: Names = Field(default=(), alias="json")

    @field_validator("headers")
    @classmethod
    def _header_patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            if _HEADERS.fullmatch(pattern) is None:
                raise ValueError(f'{pattern[:80]!r} is not a name or a pattern such as "x-*"')
        return value

    @field_validator("transforms")
    @classmethod
    def _selectors(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for selector in value:
            if not (selector.strip() and selector.isprintable()) or len(selector) > limits.SELECTOR:
                raise ValueError(f"{selector[:80]!r} is not a selector")
        return value

    @field_validator("json_")
    @classmethod
    def _pointer_patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            if len(pattern) > limits.POINTER:
                raise ValueError(f"{pattern[:80]!r} is too long for a JSON Pointer")
            try:
                check_pattern(pattern)
            except PointerError as error:
                raise ValueError(f"{pattern[:80]!r}: {error}") from None
        return value


class ThemeManifest(Manifest):
    accept: AcceptTable = AcceptTable()
    images: Images = NONE
    routes: Annotated[tuple[Route, ...], BeforeValidator(as_tuple)] = Field(
        max_length=limits.ROUTES
    )

    @property
    def rules(self) -> Accept:
        table = self.accept
        return Accept(
            metadata=table.metadata,
            status=table.status,
            headers=table.headers,
            transforms=table.transforms,
            json=table.json_,
        )


_MODELS: Final[Mapping[Kind, type[PluginManifest] | type[ThemeManifest]]] = {
    "plugin": PluginManifest,
    "theme": ThemeManifest,
}


def manifest_path(kind: Kind, folder: str) -> str:
    return f"{kind}s/{folder}/{kind}.toml"


def parse_manifest(
    kind: Kind, folder: str, text: str
) -> PluginManifest | ThemeManifest | list[Problem]:
    """`folder` is the name of the extension's folder, which its id must repeat."""
    path = manifest_path(kind, folder)
    if len(text.encode("utf-8", "replace")) > limits.MANIFEST_BYTES:
        reason = f"the manifest is larger than {limits.MANIFEST_BYTES} bytes"
        return [Problem(path, 0, "manifest.too-large", reason)]
    try:
        data = read_toml(text)
    except FlawError as error:
        return [Problem(path, error.line, "manifest.toml", error.reason)]
    defects = [*_disagreements(folder, data)]
    try:
        manifest = _MODELS[kind].model_validate(data)
    except ValidationError as error:
        found = defects_of(_MODELS[kind], data, error)
        defects += ((place, f"manifest.{rule}", reason) for place, rule, reason in found)
    if defects:
        return _problems(path, Places(text), list(dict.fromkeys(defects)))
    return manifest


def check_settings(
    manifest: Manifest, values: Mapping[str, Any]
) -> tuple[Mapping[str, settings_schema.Value], tuple[str, ...]]:
    """The settings in force, and what is wrong with `values`. See settings_schema."""
    return settings_schema.check_settings(manifest.settings, values)


def _checked(names: tuple[str, ...], what: str, known: Any) -> tuple[str, ...]:
    unknown = sorted({name for name in names if not known(name)})
    twice = sorted({name for name in names if names.count(name) > 1})
    reasons = [f"there is no {what} {name[:80]!r}" for name in unknown]
    reasons += [f"the {what} {name[:80]!r} is named twice" for name in twice]
    if reasons:
        raise ValueError("; ".join(reasons))
    return names


def _problems(path: str, places: Places, defects: list[Defect]) -> list[Problem]:
    told = {
        Problem(path, places.line(place), code, sentence(place, reason))
        for place, code, reason in defects[: limits.MANIFEST_PROBLEMS]
    }
    return sorted(told)


def _disagreements(folder: str, data: Mapping[str, Any]) -> Iterator[Defect]:
    """What is wrong between values; told together with what is wrong with each of them."""
    given = data.get("id")
    if type(given) is str and given != folder:
        yield ("id",), "manifest.id", f"{given[:80]!r} is not the folder's name, {folder[:80]!r}"
    settings = data.get("settings")
    for name in settings if type(settings) is dict else ():
        if _SETTING.fullmatch(name) is None:
            reason = "the name of a setting has a-z, 0-9 and _ only, at most 64"
            yield ("settings", name), "manifest.setting", reason
    for place, code, reason in defects_of_queries(data.get("routes"), settings):
        yield ("routes", *place), code, reason
    for place, reason in disagreements(data.get("routes")):
        yield ("routes", *place), "manifest.route", reason
    if data.get("routes") == []:
        yield ("routes",), "manifest.route", "a theme needs a route"
