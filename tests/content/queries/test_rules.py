"""The rules of the language one by one, on documents that are made to tell them apart."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from apps.content.listings import ListQuery
from apps.content.queries.decoding import decode
from apps.content.queries.names import order_named
from tests.content.entries import page
from tests.content.queries.test_agreement import Asked

FRONTS: dict[str, dict[str, Any]] = {
    "number": {"x": 2},
    "text": {"x": "b"},
    "true": {"x": True},
    "null": {"x": None},
    "list": {"x": ["b", 7, 9]},
    "empty": {"x": []},
    "table": {"x": {"y": 1}},
    "none": {},
}
RULES: list[tuple[dict[str, Any], set[str]]] = [
    ({"meta.x": 2}, {"number"}),
    ({"meta.x": 3}, set()),
    ({"meta.x": 1}, set()),
    ({"meta.x": True}, {"true"}),
    ({"meta.x": "b"}, {"text", "list"}),
    ({"meta.x": {"$ne": "b"}}, set(FRONTS) - {"text", "list"}),
    ({"meta.x": {"$in": [2, 7]}}, {"number", "list"}),
    ({"meta.x": {"$nin": [2, 7]}}, set(FRONTS) - {"number", "list"}),
    ({"meta.x": {"$in": []}}, set()),
    ({"meta.x": {"$gt": 1}}, {"number"}),
    ({"meta.x": {"$lt": 8}}, {"number"}),
    ({"meta.x": {"$gte": "a"}}, {"text"}),
    ({"meta.x": {"$lte": "c"}}, {"text"}),
    ({"meta.x": {"$gte": False}}, set()),
    ({"meta.x": {"$not": {"$gt": 1}}}, set(FRONTS) - {"number"}),
    ({"meta.x": {"$all": []}}, {"list", "empty"}),
    ({"meta.x": {"$all": ["b", 9]}}, {"list"}),
    ({"meta.x": {"$all": ["b", "c"]}}, set()),
    ({"meta.x": {"$all": ["b"]}}, {"list"}),
    ({"meta.x": {"$size": 3}}, {"list"}),
    ({"meta.x": {"$size": 0}}, {"empty"}),
    ({"meta.x": {"$size": 1}}, {"text"}),
    ({"meta.x": {"$exists": True}}, set(FRONTS) - {"none"}),
    ({"meta.x": {"$exists": False}}, {"none"}),
    ({"meta.x.y": 1}, {"table"}),
    ({"date": {"$lt": "2026-06-01"}}, {"number"}),
    ({"date": {"$ne": "2026-01-01"}}, set(FRONTS) - {"number"}),
    ({"date": {"$exists": False}}, set(FRONTS) - {"number", "text"}),
    ({"weight": {"$gte": 0}}, {"list"}),
    ({"weight": {"$exists": True}}, {"list"}),
    ({"sticky": True}, {"true"}),
    ({"kind": "section"}, set()),
]
DATES = {"number": "2026-01-01T00:00:00Z", "text": "2026-07-01T00:00:00Z"}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    made = Asked(tmp_path_factory.mktemp("rules"))
    entries = []
    for name, front in FRONTS.items():
        more: dict[str, Any] = {"weight": 5} if name == "list" else {}
        more |= {"sticky": 1} if name == "true" else {}
        date = DATES.get(name, "")
        entries.append((page(name, front=json.dumps(front), date=date, **more), front))
    made.hold(entries)
    yield made
    made.writer.close()


def names(asked: Asked, query: ListQuery) -> list[str]:
    found = asked.sources(query)
    return [source.removeprefix("content/").removesuffix(".md") for source in found]


@pytest.mark.parametrize(("raw", "expected"), RULES, ids=[json.dumps(raw) for raw, _ in RULES])
def test_a_rule_finds_these_documents(
    asked: Asked, raw: dict[str, Any], expected: set[str]
) -> None:
    filter_, defects = decode(raw)
    assert defects == ()
    assert set(names(asked, ListQuery(where=filter_))) == expected


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("date", ["number", "text"]),
        ("-date", ["text", "number"]),
        ("weight", ["list"]),
        ("-weight", ["list"]),
        ("meta.x", ["number", "text", "true"]),
        ("-meta.x", ["true", "text", "number"]),
    ],
)
def test_what_is_missing_comes_last_either_way(asked: Asked, order: str, first: list[str]) -> None:
    found = names(asked, ListQuery(order=(order_named(order),)))
    assert found == [*first, *sorted(set(FRONTS) - set(first))]
