"""One route of a theme's manifest: which paths it answers, with which template, listing what."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from apps.content.queries.filling import VARIABLE
from apps.extensions import limits
from apps.extensions.around import TAXONOMY, TAXONOMY_CHARACTERS, Around
from apps.extensions.queries import Query
from apps.extensions.searching import Search
from apps.extensions.settings_schema import as_tuple

METHODS: Final = ("GET", "HEAD")
MANY: Final = "path"
"""The variable that matches several segments; every other one matches exactly one."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_SEGMENT: Final = re.compile(r"(?:[A-Za-z0-9._~-]|\{[a-z][a-z0-9_]{0,31}\})+")
_TEMPLATE: Final = re.compile(r"(?!/)(?!.*(?:^|/)\.\.?(?:/|$))[A-Za-z0-9._/-]{1,200}")
_ADDRESS: Final = re.compile(r"/(?:(?:[A-Za-z0-9._~-]|\{[a-z][a-z0-9_]{0,31}\})+/)*")
_CONTENT_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; charset=utf-8)?")


class Route(BaseModel):
    """One table `[[routes]]`. Routes are tried in the manifest's order."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: str
    path: str = Field(max_length=500)
    methods: Annotated[tuple[str, ...], BeforeValidator(as_tuple)] = METHODS
    template: str
    kind: Literal["page", "section", "site"] | None = None
    query: Query | None = None
    terms: str | None = Field(default=None, pattern=TAXONOMY, max_length=TAXONOMY_CHARACTERS)
    document: str | None = Field(default=None, max_length=500)
    """Where the document answers for people, from the front page of the site on; its own address,
    where nothing is said."""
    around: Around | None = None
    search: Search | None = None
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

    @model_validator(mode="after")
    def _lists_one_thing(self) -> "Route":
        if self.terms is None:
            return self
        if self.query is not None or self.kind is not None:
            raise ValueError("a route that lists terms has neither a query nor a kind")
        if unknown := set(VARIABLE.findall(self.terms)) - self.variables:
            raise ValueError(f"{{{unknown.pop()}}} of its terms is not in the path")
        return self

    @model_validator(mode="after")
    def _shows_one_thing(self) -> "Route":
        if self.document is None:
            return self
        if self.kind == "site" or self.terms is not None:
            raise ValueError("a route that shows no document has none")
        if _ADDRESS.fullmatch(self.document) is None:
            raise ValueError("its document is told by an address such as /{path}/")
        if unknown := set(VARIABLE.findall(self.document)) - self.variables:
            raise ValueError(f"{{{unknown.pop()}}} of its document is not in the path")
        return self

    @model_validator(mode="after")
    def _searches_alone(self) -> "Route":
        others = (self.kind, self.query, self.terms, self.document, self.around)
        if self.search is not None and any(each is not None for each in others):
            raise ValueError("a route that searches shows nothing else")
        return self

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(VARIABLE.findall(self.path))


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
    return VARIABLE.sub(lambda found: found[0] if found[1] == MANY else "{}", path)


def _takes_all(earlier: dict[str, Any], route: dict[str, Any]) -> bool:
    """Whether the earlier one answers wherever this one has something to show."""
    if "search" in earlier:
        return True
    kinds = earlier.get("kind"), route.get("kind")
    same = all(earlier.get(key) == route.get(key) for key in ("query", "terms", "document"))
    if kinds[0] == kinds[1] and same:
        return True
    if "terms" in earlier or "terms" in route:
        return False
    if kinds[0] == "site" and "query" not in earlier:
        return True
    needs_document = kinds[1] == "page" or ("query" not in route and kinds[1] != "site")
    shows_it = "query" not in earlier or kinds[0] == "page"
    alike = earlier.get("document") == route.get("document")
    return needs_document and shows_it and alike and kinds[0] in (None, kinds[1])


def _check_variables(path: str, segments: list[str]) -> None:
    names = VARIABLE.findall(path)
    if len(names) != len(set(names)):
        raise ValueError("names a variable twice")
    if MANY in names and not _ends_many(path, segments):
        raise ValueError("{path} matches many segments and can only be the last one")
    if any(len(VARIABLE.findall(segment)) > 1 for segment in segments):
        raise ValueError("has two variables in one segment")


def _ends_many(path: str, segments: list[str]) -> bool:
    """A file may stand after it, such as in `/{path}/rss.xml`."""
    if segments[-1] == f"{{{MANY}}}":
        return True
    is_file = "." in segments[-1] and "{" not in segments[-1] and not path.endswith("/")
    return is_file and segments[-2] == f"{{{MANY}}}"


def _matched(pattern: re.Pattern[str], value: str, what: str) -> str:
    if pattern.fullmatch(value) is None:
        raise ValueError(f"{value[:80]!r} is not {what}")
    return value
