"""The table `query` of a route: what it may be, and that all that is wrong with it is told."""

from typing import Any

import pytest
from pydantic import ValidationError

from apps.content.queries import bounds
from apps.content.queries.names import NEWEST, order_named
from apps.content.queries.tree import Among, Field, Kind, both, column, has_term
from apps.extensions import limits
from apps.extensions.manifests import ThemeManifest, parse_manifest
from apps.extensions.queries import Query
from apps.extensions.routes import Route

THEME = 'id = "tried"\nversion = "1.0"\nrequires = ">=1"\n'
ROUTE = '[[routes]]\nname = "a"\npath = "/{term}/"\ntemplate = "a.html"\n'


def query(**raw: Any) -> Query:
    return Query.model_validate(raw)


def told(text: str) -> list[tuple[int, str, str]]:
    found = parse_manifest("theme", "tried", THEME + text)
    assert isinstance(found, list)
    return [(problem.line, problem.code, problem.reason) for problem in found]


def test_the_short_form_and_the_table_are_one_filter() -> None:
    level = Among(Field(Kind.META, "level"), (3,))
    found = query(tags="{term}", kind="section", where={"meta.level": 3})
    assert found.tree == both(
        Among(column("kind"), ("section",)), has_term("tags", "{term}"), level
    )
    assert found.term == ("tags", "{term}")
    assert query().tree == both() and query().term is None


def test_what_a_list_is_sorted_by_is_one_key_or_several() -> None:
    assert query().order == (NEWEST,)
    assert query(order="title").order == (order_named("title"),)
    several = query(order=["-sticky", ["weight", 1], ["meta.level", -1], ["-date"]]).order
    assert several == tuple(map(order_named, ("-sticky", "weight", "-meta.level", "-date")))


@pytest.mark.parametrize(
    "order",
    [
        [],
        ["date"] * (bounds.ORDERS + 1),
        [["date", 0]],
        [["date", True]],
        [["date", "1"]],
        1,
        "x y",
    ],
)
def test_no_other_order_is_taken(order: object) -> None:
    with pytest.raises(ValidationError):
        query(order=order)


@pytest.mark.parametrize(
    ("most", "more"),
    [
        (bounds.PAGE_SIZE, {}),
        (bounds.BRIEF_PAGE_SIZE, {"brief": True}),
        (limits.BODIES, {"bodies": True}),
    ],
)
def test_pages_are_as_large_as_their_items_allow(most: int, more: dict[str, bool]) -> None:
    assert query(page_size=most, **more).page_size == most
    with pytest.raises(ValidationError):
        query(page_size=most + 1, **more)


def test_all_that_is_wrong_with_a_query_is_told_with_its_place() -> None:
    text = ROUTE + "\n".join(
        [
            "[routes.query]",
            'order = ["date", "authors"]',
            "page_size = 0",
            'bodies = "full_text"',
            'colour = ["red"]',
            "[routes.query.where]",
            'tags = "{other}"',
            'meta.level = { "$near" = 2, "$in" = 3 }',
            '"$or" = [{ weight = "heavy" }]',
        ]
    )
    first = THEME.count("\n") + ROUTE.count("\n") + 1
    assert sorted(told(text)) == sorted(
        [
            (
                first + 1,
                "manifest.order",
                "routes.0.query.order.1: 'authors' is nothing to sort by: url, section, kind,"
                " title, description, date, updated, type, weight, sticky or meta.<name>,"
                " - before it",
            ),
            (
                first + 2,
                "manifest.greater-than-equal",
                "routes.0.query.page_size: must be greater than or equal to 1",
            ),
            (
                first + 3,
                "manifest.setting",
                "routes.0.query.bodies: must be true, false or the name of a setting that is"
                " true or false",
            ),
            (
                first + 4,
                "manifest.query",
                "routes.0.query.colour: is one value; ask for several with $in or $all",
            ),
            (first + 6, "manifest.route", "routes.0.query.where.tags: {other} is not in the path"),
            (
                first + 7,
                "manifest.query",
                "routes.0.query.where.meta.level.$in: must be a list of values",
            ),
            (
                first + 7,
                "manifest.query",
                "routes.0.query.where.meta.level.$near: is no operator: $all, $eq, $exists, $gt,"
                " $gte, $in, $lt, $lte, $ne, $nin, $not, $size",
            ),
            (first + 8, "manifest.query", "routes.0.query.where.$or.0.weight: must be a number"),
        ]
    )


def test_texts_of_items_may_depend_on_a_setting() -> None:
    setting = '[settings.full]\ntype = "boolean"\ndefault = true\n'
    found = parse_manifest(
        "theme", "tried", THEME + setting + ROUTE + 'query = { bodies = "full" }'
    )
    assert isinstance(found, ThemeManifest)
    assert found.routes[0].query and found.routes[0].query.bodies == "full"


def test_a_route_of_a_query_that_is_wrong_is_never_made() -> None:
    route = {"name": "a", "path": "/", "template": "a.html"}
    wrongs: list[dict[str, Any]] = [{"where": {"A": 1}}, {"A": 1}, {"order": "random()"}]
    for wrong in (*wrongs, {"where": []}):
        with pytest.raises(ValidationError):
            Route.model_validate(route | {"query": wrong})
