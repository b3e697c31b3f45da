"""One route of a theme's manifest: which paths it answers, with which template, listing what."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from apps.extensions import limits
from apps.extensions.settings_schema import as_tuple

METHODS: Final = ("GET", "HEAD")
MANY: Final = "path"
"""The variable that matches several segments; every other one matches exactly one."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_SEGMENT: Final = re.compile(r"(?:[A-Za-z0-9._~-]|\{[a-z][a-z0-9_]{0,31}\})+")
_VARIABLE: Final = re.compile(r"\{([a-z][a-z0-9_]{0,31})\}")
_FIELD: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_TEMPLATE: Final = re.compile(r"(?!/)(?!.*(?:^|/)\.\.?(?:/|$))[A-Za-z0-9._/-]{1,200}")
_CONTENT_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; charset=utf-8)?")


class Query(BaseModel):
    """What a route lists. `filters` are fields or taxonomies with the value they must have."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    filters: tuple[tuple[str, str], ...] = ()
    order: str | None = Field(default=None, pattern=r"^-?[a-z][a-z0-9_]{0,63}$")
    page_size: int = Field(default=20, ge=1, le=limits.PAGE_SIZE)
    section: str | None = Field(default=None, max_length=200)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:
        """Every key besides the three that are ours names a field."""
        if type(data) is not dict:
            return data
        own = {key: data[key] for key in ("order", "page_size", "section") if key in data}
        filters = tuple((key, data[key]) for key in sorted(data.keys() - own.keys()))
        for key, value in filters:
            if _FIELD.fullmatch(key) is None or type(value) is not str or len(value) > 200:
                raise ValueError(f"{key[:80]} must be the name of a field and its value a text")
        return own | {"filters": filters}


class Route(BaseModel):
    """One table `[[routes]]`. Routes are tried in the manifest's order."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: str
    path: str = Field(max_length=500)
    methods: Annotated[tuple[str, ...], BeforeValidator(as_tuple)] = METHODS
    template: str
    kind: Literal["page", "section"] | None = None
    query: Query | None = None
    content_type: str = "text/html; charset=utf-8"
    status: int = Field(default=200, ge=limits.STATUS.start, le=limits.STATUS.stop - 1)

    @field_validator("status")
    @classmethod
    def _of_a_page(cls, value: int) -> int:
        if value in limits.BODILESS:
            raise ValueError("must be the status of an answer that has a page")
        return value

    @field_validator("name")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        return _matched(_NAME, value, "a name: a-z, 0-9, _ and -")

    @field_validator("template")
    @classmethod
    def _plain_template(cls, value: str) -> str:
        return _matched(_TEMPLATE, value, "a file within the theme's templates folder")

    @field_validator("content_type")
    @classmethod
    def _plain_content_type(cls, value: str) -> str:
        return _matched(_CONTENT_TYPE, value, 'a content type such as "text/html; charset=utf-8"')

    @field_validator("methods")
    @classmethod
    def _read_only(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        refused = [method[:20] for method in value if method not in METHODS]
        if refused:
            raise ValueError(f"{', '.join(refused)}: routes answer GET and HEAD for now")
        if not value or len(set(value)) != len(value):
            raise ValueError("must name GET or HEAD, each once")
        return value

    @field_validator("path")
    @classmethod
    def _plain_path(cls, value: str) -> str:
        if not value.startswith("/"):
            raise ValueError("must start with /")
        segments = value.removesuffix("/").split("/")[1:]
        for segment in segments:
            if _SEGMENT.fullmatch(segment) is None or segment in (".", ".."):
                raise ValueError(f"{segment[:80]!r} is not a segment: letters, digits, {{name}}")
        _check_variables(value, segments)
        return value

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(_VARIABLE.findall(self.path))

    def filled_query(self, parameters: Mapping[str, str]) -> Mapping[str, str]:
        """The filters with the variables of a request in place."""
        filters = self.query.filters if self.query else ()
        return MappingProxyType({key: fill(value, parameters) for key, value in filters})


def disagreements(routes: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Place and reason of what is wrong between values of the raw tables; each may be right."""
    names: set[str] = set()
    for position, route in enumerate(routes if type(routes) is list else ()):
        if type(route) is not dict:
            continue
        name = str(route.get("name"))
        if name in names:
            yield (position, "name"), f"{name[:80]!r} is the name of an earlier route"
        names.add(name)
        known = set(_VARIABLE.findall(str(route.get("path"))))
        query = route.get("query")
        for key, value in sorted(query.items()) if type(query) is dict else ():
            for unknown in sorted(set(_VARIABLE.findall(str(value))) - known):
                yield (position, "query", key), f"{{{unknown}}} is not in the path"
    yield from _shadowed(routes if type(routes) is list else [])


def _shadowed(routes: list[Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Routes that an earlier one leaves nothing to."""
    before: dict[str, list[dict[str, Any]]] = {}
    for position, route in enumerate(routes[: limits.ROUTES]):
        if type(route) is not dict:
            continue
        same = before.setdefault(_shape(route), [])
        for earlier in same:
            if _takes_all(earlier, route):
                name = str(earlier.get("name"))[:80]
                yield (position, "path"), f"the route {name!r} before it answers all that it could"
                break
        same.append(route)


def _shape(route: dict[str, Any]) -> str:
    """Two paths of one shape match the same."""
    path = str(route.get("path")).rstrip("/")
    return _VARIABLE.sub(lambda found: found[0] if found[1] == MANY else "{}", path)


def _takes_all(earlier: dict[str, Any], route: dict[str, Any]) -> bool:
    """Whether the earlier one answers wherever this one has something to show."""
    kinds = earlier.get("kind"), route.get("kind")
    if kinds[0] == kinds[1] and earlier.get("query") == route.get("query"):
        return True
    needs_document = "query" not in route or kinds[1] == "page"
    shows_it = "query" not in earlier or kinds[0] == "page"
    return needs_document and shows_it and kinds[0] in (None, kinds[1])


def fill(text: str, parameters: Mapping[str, str]) -> str:
    """Puts parameters into the place of `{name}`; never looks into what it has put there."""
    return _VARIABLE.sub(lambda found: parameters.get(found[1], ""), text)


def _check_variables(path: str, segments: list[str]) -> None:
    names = _VARIABLE.findall(path)
    if len(names) != len(set(names)):
        raise ValueError("names a variable twice")
    if MANY in names and segments[-1] != f"{{{MANY}}}":
        raise ValueError("{path} matches many segments and can only be the last one")
    if any(len(_VARIABLE.findall(segment)) > 1 for segment in segments):
        raise ValueError("has two variables in one segment")


def _matched(pattern: re.Pattern[str], value: str, what: str) -> str:
    if pattern.fullmatch(value) is None:
        raise ValueError(f"{value[:80]!r} is not {what}")
    return value
