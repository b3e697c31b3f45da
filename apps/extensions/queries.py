"""The table `query` of a theme's route: what the route lists, in which order, in which pages.

Everything that is wrong with a query is told at once, each with its place: `defects_of_queries`.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from apps.content.queries import bounds
from apps.content.queries.decoding import decode
from apps.content.queries.filling import VARIABLE
from apps.content.queries.names import NEWEST, UnknownField, order_named
from apps.content.queries.tree import EVERYTHING, Filter, Order, both, term_of
from apps.extensions import limits
from apps.extensions.defects import TOLD_APART, Defect, Place

FILTER, ORDER, VARIABLES, BODIES = (
    *("manifest.query", "manifest.order", "manifest.route", "manifest.setting"),
)
OWN: Final = (
    *("section", "order", "page_size", "skip", "limit", "where"),
    *("brief", "item_terms", "bodies"),
)
DIRECTIONS: Final = {1: "", -1: "-"}


def _filter(raw: Any) -> Filter:
    filter_, defects = decode(raw)
    if defects:
        raise PydanticCustomError(TOLD_APART, "{reasons}", {"reasons": _joined(defects)})
    return filter_


def _order(raw: Any) -> tuple[Order, ...]:
    found = tuple(_orders(raw))
    if wrong := [(place, each) for place, each in found if isinstance(each, str)]:
        raise PydanticCustomError(TOLD_APART, "{reasons}", {"reasons": _joined(wrong)})
    return tuple(each for _, each in found if isinstance(each, Order))


class Query(BaseModel):
    """What a route lists. `filters` is what stands beside our own keys, as if in `where`; `bodies`
    is whether items have their text, or the setting of the theme that says so."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    filters: Annotated[Any, BeforeValidator(_filter)] = EVERYTHING
    where: Annotated[Any, BeforeValidator(_filter)] = EVERYTHING
    order: Annotated[Any, BeforeValidator(_order)] = (NEWEST,)
    page_size: int = Field(default=20, ge=1, le=bounds.BRIEF_PAGE_SIZE)
    skip: int = Field(default=0, ge=0, le=bounds.LIMIT)
    limit: int | None = Field(default=None, ge=1, le=bounds.LIMIT)
    section: str | None = Field(default=None, max_length=200)
    brief: bool = False
    item_terms: bool = False
    bodies: bool | str = False

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:
        """Every key besides those that are ours names a field."""
        if type(data) is not dict:
            return data
        own = {key: data[key] for key in OWN if key in data}
        return own | {"filters": {key: data[key] for key in data.keys() - own.keys()}}

    @model_validator(mode="after")
    def _bounded(self) -> "Query":
        most = bounds.BRIEF_PAGE_SIZE if self.brief else bounds.PAGE_SIZE
        most = limits.BODIES if self.bodies else most
        if self.page_size > most:
            raise ValueError(f"page_size must be at most {most} for these items")
        return self

    @property
    def tree(self) -> Filter:
        return both(self.filters, self.where)

    @property
    def term(self) -> tuple[str, str] | None:
        """Taxonomy and term that documents must have; either may be a variable."""
        return term_of(self.tree)


def defects_of_queries(routes: Any, settings: Any) -> Iterator[Defect]:
    """What is wrong within the queries of raw tables, and between them and what is around them."""
    for position, route in enumerate(routes if type(routes) is list else ()):
        query = route.get("query") if type(route) is dict else None
        if type(query) is dict:
            known = frozenset(VARIABLE.findall(str(route.get("path"))))
            for place, code, reason in _defects(query, known, settings):
                yield (position, "query", *place), code, reason


def _defects(query: Mapping[str, Any], known: frozenset[str], settings: Any) -> Iterator[Defect]:
    beside = {key: value for key, value in query.items() if key not in OWN}
    for place, reason in decode(beside)[1]:
        yield place, FILTER, reason
    for place, reason in decode(query.get("where", {}))[1]:
        yield ("where", *place), FILTER, reason
    for place, found in _orders(query.get("order", "-date")):
        if isinstance(found, str):
            yield ("order", *place), ORDER, found
    for place, text in _texts(dict(query), ()):
        for unknown in sorted(set(VARIABLE.findall(text)) - known):
            yield place, VARIABLES, f"{{{unknown}}} is not in the path"
    bodies = query.get("bodies")
    if type(bodies) is str and not _is_switch(bodies, settings):
        reason = "must be true, false or the name of a setting that is true or false"
        yield ("bodies",), BODIES, reason


def _orders(raw: Any) -> Iterator[tuple[Place, Order | str]]:
    """One key or a list of them, each a text or a pair of a field and a direction."""
    if type(raw) is not list:
        yield (), _one_order(raw)
    elif not 0 < len(raw) <= bounds.ORDERS:
        yield (), f"must be one key, or a list of 1 to {bounds.ORDERS}"
    else:
        yield from (((n,), _one_order(each)) for n, each in enumerate(raw))


def _one_order(raw: Any) -> Order | str:
    match raw:
        case [str(name), (1 | -1) as direction] if type(direction) is int:
            text = f"{DIRECTIONS[direction]}{name}"
        case str(text):
            pass
        case [str(text)]:
            pass
        case _:
            return 'must be such as "-date", or a pair such as ["date", -1]'
    try:
        return order_named(text)
    except UnknownField as error:
        return f"{text[:80]!r} {error}"


def _texts(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Every text of a table, its keys too, in which a variable may stand."""
    if type(value) is str:
        yield place, value
    elif type(value) is list:
        for number, item in enumerate(value):
            yield from _texts(item, (*place, number))
    elif type(value) is dict:
        for key in sorted(value):
            yield (*place, key), key
            yield from _texts(value[key], (*place, key))


def _is_switch(name: str, settings: Any) -> bool:
    table = settings.get(name) if type(settings) is dict else None
    return type(table) is dict and table.get("type") == "boolean"


def _joined(defects: Any) -> str:
    return "; ".join(f"{'.'.join(map(str, place))}: {reason}" for place, reason in defects)
