"""Worker module: one theme's templates, rendered from plain frozen values; then the changes.

Templates come from `setup` alone. Fuel bounds their work; the worker's own limits bound what fuel
does not see.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from email.utils import format_datetime
from types import MappingProxyType
from typing import Any, Final

import minijinja
import minijinja._internal  # It makes the errors: too late to import it when one happens.

from apps.content import html
from apps.extensions import limits
from apps.extensions.messages import readable
from apps.extensions.sandbox import json_patches
from apps.extensions.sandbox.pictures import Pictures
from apps.extensions.sandbox.template_source import TemplateFault, check, line_of, resolve

_ESCAPED: Final = (".html", ".htm", ".xml", ".svg")
_TRANSFORMED: Final = (".html", ".htm")
_PATCHED: Final = ".json"
_UNWRITABLE: Final = "the page could not be written with it"
_PLACE: Final = re.compile(r"(?:caused by: )?(.*) \(in (.+):(\d+)\)", re.DOTALL)
_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ][0-9:.,+\-Z ]*)?")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

Reply = dict[str, Any]


def open(setup: Any) -> Callable[[Any], Reply]:
    """`setup`: theme, templates, assets, settings, images. All templates are compiled here.

    Requests: {"template", "context", "html", "pictures", "transforms", "accept", "patches"}, or
    {"check":
    true}, whose reply is {"errors": [...]}. While there are some, every other reply is {"error":
    the first, "errors": all}. The reply to others is {"text", "dropped", "dropped_patches"}.
    """
    return _Theme(setup).answer


class CallError(ValueError):
    """A template called `asset`, `image` or `date` with what it cannot take."""

    def __init__(self, message: str, template: str, call: str) -> None:
        super().__init__(message)
        self.template = template
        self.call = call


class _Theme:
    def __init__(self, setup: Mapping[str, Any]) -> None:
        self._templates: dict[str, str] = dict(setup["templates"])
        self._assets: dict[str, str] = dict(setup["assets"])
        self._settings = freeze(setup.get("settings") or {})
        self._pictures = Pictures(setup["theme"], setup.get("images") or {})
        self._environment = self._made_environment()
        self._faults = check(self._templates, self._assets, self._pictures.recipes)
        self._faults = sorted(self._faults + self._compile({f.template for f in self._faults}))

    def answer(self, request: Mapping[str, Any]) -> Reply:
        faults = [fault.as_json() for fault in self._faults]
        if request.get("check"):
            return {"errors": faults}
        if faults:
            return {"error": faults[0], "errors": faults}
        try:
            return self._rendered(request)
        except Exception as error:  # Whatever a method of a value raises comes through.
            fault = self._fault(error, request["template"])
            return {"error": fault.as_json(), "errors": [fault.as_json()]}

    def _rendered(self, request: Mapping[str, Any]) -> Reply:
        name = request["template"]
        values = {key: freeze(value) for key, value in request["context"].items()}
        values |= {key: minijinja.safe(text) for key, text in (request.get("html") or {}).items()}
        values.setdefault("settings", self._settings)
        self._pictures.known = request.get("pictures") or {}
        # The engine escapes "/" as well, which protects nothing and makes every URL longer.
        text = self._environment.render_template(name, **values).replace("&#x2f;", "/")
        if len(text) > limits.OUTPUT_CHARACTERS:
            raise CallError(f"over {limits.OUTPUT_CHARACTERS} characters of output", name, "")
        return _changed(name, text, request)

    def _made_environment(self) -> minijinja.Environment:
        environment = minijinja.Environment(
            debug=False,
            fuel=limits.TEMPLATE_FUEL,
            undefined_behavior="strict",
            auto_escape_callback=_escaping,
            path_join_callback=resolve,
            pycompat=False,
        )
        environment.remove_global("debug")
        environment.add_global("asset", minijinja.pass_state(_asset_of(self._assets)))
        environment.add_global("image", minijinja.pass_state(_image_of(self._pictures)))
        environment.add_filter("date", minijinja.pass_state(_written_date))
        environment.add_filter("rfc822", minijinja.pass_state(_mailed_date))
        return environment

    def _compile(self, refused: Collection[str]) -> list[TemplateFault]:
        """The compiler never sees what was refused: that might end the process."""
        faults = []
        for name in sorted(self._templates.keys() - refused):
            try:
                self._environment.add_template(name, self._templates[name])
            except minijinja.TemplateError as error:
                faults.append(self._fault(error, name))
        return faults

    def _fault(self, error: Exception, template: str) -> TemplateFault:
        if isinstance(error, minijinja.TemplateError):
            message, place, line = _innermost(error, template)
            if error.kind == "UndefinedError" and place == error.name and error.range:
                written = self._templates.get(place, "").encode()[slice(*error.range)]
                message = f"{message}: {written.decode('utf-8', 'replace')}"
            return TemplateFault(place, line, error.kind, readable(message))
        line = 0
        if isinstance(error, CallError):
            source = self._templates.get(error.template, "")
            template, found = error.template, re.search(rf"\b{error.call}\b", source)
            line = line_of(source, found.start()) if error.call and found else 0
        return TemplateFault(template, line, type(error).__name__, readable(str(error)))


def _changed(name: str, text: str, request: Mapping[str, Any]) -> Reply:
    """Whatever goes wrong with a change, the page is there without it."""
    transforms, patches = request.get("transforms") or [], request.get("patches") or []
    accept = request.get("accept") or ()
    dropped = _all(transforms, "only HTML can be transformed")
    dropped_patches = _all(patches, "only JSON can be patched")
    if transforms and name.endswith(_TRANSFORMED):
        text, dropped = _tried(html.rewrite, text, transforms, accept)
    if patches and name.endswith(_PATCHED):
        text, dropped_patches = _tried(json_patches.carry_out, text, patches)
    return {"text": text, "dropped": dropped, "dropped_patches": dropped_patches}


def _tried(change: Callable[..., Any], text: str, changes: list[Any], *more: Any) -> Any:
    try:
        return change(text, changes, *more)
    except Exception:
        return text, [each | {"unwritable": True} for each in _all(changes, _UNWRITABLE)]


def _all(changes: list[Any], reason: str) -> list[dict[str, Any]]:
    return [{"index": index, "reason": reason} for index in range(len(changes))]


def freeze(value: Any) -> Any:
    """A deep copy of plain data that a template can read but not change."""
    if type(value) is dict:
        return MappingProxyType({key: freeze(item) for key, item in value.items()})
    if type(value) is list:
        return tuple([freeze(item) for item in value])
    return value


def _asset_of(assets: Mapping[str, str]) -> Callable[[Any, Any], str]:
    def asset(state: Any, name: Any) -> str:
        if type(name) is str and name in assets:
            return assets[name]
        raise CallError(f"there is no asset {str(name)[:80]!r} in this theme", state.name, "asset")

    return asset


def _image_of(pictures: Pictures) -> Callable[..., Any]:
    def image(state: Any, file: Any, name: Any) -> Any:
        if type(name) is not str or name not in pictures.recipes:
            raise CallError(f"there is no [images.{str(name)[:80]}]", state.name, "image")
        return freeze(pictures.described(file, name))

    return image


def _escaping(name: str) -> str | None:
    return "html" if name.endswith(_ESCAPED) else None


def _written_date(state: Any, value: Any) -> str:
    """An ISO 8601 date or moment as "26 March 2026"."""
    found = _DATE.fullmatch(value) if type(value) is str else None
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        raise CallError(f"date cannot read {str(value)[:40]!r}", state.name, "date")
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _mailed_date(state: Any, value: Any) -> str:
    """An ISO 8601 date or moment as RSS has it: "Thu, 26 Mar 2026 00:00:00 +0000"."""
    try:
        moment = datetime.fromisoformat(value)
        return format_datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (TypeError, ValueError):
        reason = f"rfc822 cannot read {str(value)[:40]!r}"
        raise CallError(reason, state.name, "rfc822") from None


def _innermost(error: minijinja.TemplateError, template: str) -> tuple[str, str, int]:
    """An error in an included template is told with that one's name and line."""
    for line in reversed(str(error).splitlines()):
        if (found := _PLACE.fullmatch(line)) is not None:
            return found[1], found[2], int(found[3])
    return error.message, error.name or template, error.line or 0
