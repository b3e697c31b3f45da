"""Filters as authors write them: what they become, and all that is wrong with one at once."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.queries.bounds import CHOICES, DEPTH, PARTS, TEXT
from apps.content.queries.decoding import decode
from apps.content.queries.encoding import decoded, decoded_order, encoded, encoded_order
from apps.content.queries.filling import filled
from apps.content.queries.names import UnknownField, field_named, order_named
from apps.content.queries.tree import (
    EVERYTHING,
    NOTHING,
    Among,
    Both,
    Either,
    Every,
    Field,
    Filter,
    Kind,
    Not,
    Order,
    Present,
    Range,
    Sized,
    Than,
    both,
    column,
    has_term,
)
from tests.content.queries.test_agreement import FILTERS, ORDERS

LEVEL = Field(Kind.META, "level")


def made(raw: object) -> Filter:
    found, defects = decode(raw)
    assert defects == ()
    return found


def wrong(raw: object) -> list[tuple[str, str]]:
    found, defects = decode(raw)
    assert found == NOTHING
    return [(".".join(map(str, place)), reason) for place, reason in defects]


@pytest.mark.parametrize(
    ("raw", "tree"),
    [
        ({}, EVERYTHING),
        ({"meta.level": 2}, Among(LEVEL, (2,))),
        ({"meta": {"level": {"$gte": 2}}}, Range(LEVEL, Than.GREATER_OR_EQUAL, 2)),
        ({"tags": "rust"}, has_term("tags", "rust")),
        ({"terms.authors": "ada"}, has_term("authors", "ada")),
        ({"authors": "Ada"}, Among(column("authors"), ("Ada",))),
        (
            {"meta.level": {"$gte": 2, "$lt": 5}},
            Both((Range(LEVEL, Than.GREATER_OR_EQUAL, 2), Range(LEVEL, Than.LESS, 5))),
        ),
        ({"meta.level": {"$ne": 2}}, Not(Among(LEVEL, (2,)))),
        ({"meta.level": {"$nin": [1, 2]}}, Not(Among(LEVEL, (1, 2)))),
        ({"meta.level": {"$all": []}}, Every(LEVEL, ())),
        ({"meta.level": {"$exists": False}}, Not(Present(LEVEL))),
        ({"meta.level": {"$size": 2}}, Sized(LEVEL, 2)),
        ({"meta.level": {"$not": {"$ne": 2}}}, Not(Not(Among(LEVEL, (2,))))),
        ({"$or": [{"tags": "a"}, {}]}, Either((has_term("tags", "a"), EVERYTHING))),
        ({"$or": []}, NOTHING),
        ({"$and": []}, EVERYTHING),
        ({"date": "2026-03-26"}, Among(column("date"), ("2026-03-26T00:00:00Z",))),
    ],
)
def test_what_is_written_becomes_a_tree(raw: object, tree: Filter) -> None:
    assert made(raw) == tree


@pytest.mark.parametrize(
    ("raw", "place", "reason"),
    [
        ([], "", "must be a table of fields"),
        ({"meta.level": {}}, "meta.level", "has no operator"),
        ({"meta.level": {"$gt": 1, "$near": 2}}, "meta.level.$near", "is no operator: $all, $eq"),
        ({"$nor": []}, "$nor", "is no operator here: $and, $or"),
        ({"$and": {}}, "$and", "must be a list of tables"),
        ({"$or": [1]}, "$or.0", "must be a table of fields"),
        ({"tags": {"$in": "a"}}, "tags.$in", "must be a list of values"),
        ({"tags": {"$all": "a"}}, "tags.$all", "must be a list of values"),
        ({"tags": ["a"]}, "tags", "is one value; ask for several with $in or $all"),
        ({"tags": {"$exists": 1}}, "tags.$exists", "must be true or false"),
        ({"tags": {"$size": True}}, "tags.$size", "must be a whole number"),
        ({"tags": {"$not": {}}}, "tags.$not", "must be a table with one operator"),
        ({"tags": {"$not": "a"}}, "tags.$not", "must be a table with one operator"),
        ({"tags": 1}, "tags", "must be a text"),
        ({"weight": "1"}, "weight", "must be a number"),
        ({"sticky": 1}, "sticky", "must be true or false"),
        ({"date": "soon"}, "date", "must be a date such as 2026-03-26"),
        ({"meta.level": None}, "meta.level", "must be a text, a number, true or false"),
        ({"Title": "a"}, "Title", "is not a field: url, section"),
        ({"foo.bar": "a"}, "foo.bar", "is not a field"),
        ({"meta.": "a"}, "meta.", "is not a field"),
        ({"meta.a..b": "a"}, "meta.a..b", "is not a field"),
        ({"meta.{a}": "a"}, "meta.{a}", "is not a field"),
        ({"meta.title": "a"}, "meta.title", "is read as a field of its own: title"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(raw: object, place: str, reason: str) -> None:
    ((told, because),) = wrong(raw)
    assert told == place
    assert because.startswith(reason)


def test_all_that_is_wrong_is_told_at_once() -> None:
    raw = {"A": 1, "meta.x": {}, "$or": [{"tags": 1}, {"weight": {"$in": 3}}], "title": "fine"}
    assert [place for place, _ in wrong(raw)] == ["$or.0.tags", "$or.1.weight.$in", "A", "meta.x"]


def deep(levels: int) -> dict[str, Any]:
    raw: dict[str, Any] = {"tags": "a"}
    for _ in range(levels - 1):
        raw = {"$and": [raw]}
    return raw


@pytest.mark.parametrize(
    ("most", "over", "reason"),
    [
        (deep(DEPTH), deep(DEPTH + 1), f"is nested over {DEPTH} levels deep"),
        (
            {"tags": {"$in": ["a"] * CHOICES}},
            {"tags": {"$in": ["a"] * (CHOICES + 1)}},
            f"has over {CHOICES} values",
        ),
        (
            {"meta.a": "a" * TEXT},
            {"meta.a": "a" * (TEXT + 1)},
            f"is longer than {TEXT} characters",
        ),
        (
            {"$and": [{"tags": "a"}] * (PARTS // 2)},
            {"$and": [{"tags": "a"}] * (PARTS // 2 + 1)},
            f"the filter has over {PARTS} conditions and values",
        ),
    ],
    ids=["depth", "choices", "text", "parts"],
)
def test_the_bounds_hold_on_both_sides(most: object, over: object, reason: str) -> None:
    made(most)
    assert [because for _, because in wrong(over)] == [reason]


def test_a_negation_within_negations_is_bounded() -> None:
    raw: dict[str, Any] = {"$eq": 1}
    for _ in range(DEPTH * 2):
        raw = {"$not": raw}
    ((_, reason),) = wrong({"meta.x": raw})
    assert reason == f"is nested over {DEPTH} levels deep"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["$and", "$or", "$not", "$in", "$size", "meta", "tags", "date", "x.y"])
            | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
)


@settings(max_examples=50, deadline=None)
@given(ANYTHING)
def test_whatever_is_written_is_a_tree_or_is_told(raw: object) -> None:
    found, defects = decode(raw)
    assert (found == NOTHING) if defects else decoded(encoded(found)) == found


@settings(max_examples=50, deadline=None)
@given(FILTERS, ORDERS)
def test_a_filter_and_an_order_come_back_from_a_fact(raw: object, order: list[str]) -> None:
    found, orders = made(raw), tuple(map(order_named, order))
    again = decoded(encoded(found))
    assert (again, repr(again)) == (found, repr(found)), "1, 1.0 and true are not the same"
    assert decoded_order(encoded_order(orders)) == orders


def test_what_a_list_is_sorted_by() -> None:
    assert order_named("-date") == Order(column("date"), descending=True)
    assert order_named("meta.a.b") == Order(Field(Kind.META, "a.b"))
    for name in ("", "-", "--date", "authors", "tags", "terms.tags", "meta.", "random()", "date;"):
        with pytest.raises(UnknownField):
            order_named(name)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=20))
def test_a_name_is_a_known_column_a_path_or_a_plain_taxonomy(name: str) -> None:
    try:
        field = field_named(name)
    except UnknownField:
        return
    assert str(field) in (name, f"terms.{name}")
    assert field.kind is not Kind.TERMS or field.name.isascii()


def test_variables_are_put_in_once_and_only_into_texts() -> None:
    raw = {"terms.{taxonomy}": "{term}", "meta.x": {"$in": ["a-{term}", 3]}, "meta.y": "{term}"}
    given_ = {"term": "{taxonomy}", "taxonomy": "tags"}
    assert filled(made(raw), given_) == both(
        Among(Field(Kind.META, "x"), ("a-{taxonomy}", 3)),
        Among(Field(Kind.META, "y"), ("{taxonomy}",)),
        has_term("tags", "{taxonomy}"),
    )


def test_a_date_that_comes_of_a_request_and_is_none_matches_nothing() -> None:
    raw = {"date": {"$gte": "{year}-01-01", "$lte": "{year}-12-31T23:59:59Z"}}
    assert filled(made(raw), {"year": "2026"}) == Both(
        (
            Range(column("date"), Than.GREATER_OR_EQUAL, "2026-01-01T00:00:00Z"),
            Range(column("date"), Than.LESS_OR_EQUAL, "2026-12-31T23:59:59Z"),
        )
    )
    assert filled(made(raw), {"year": "soon"}) == Both((NOTHING, NOTHING))
    assert filled(made({"date": "{year}-01-01"}), {"year": ""}) == Among(column("date"), ())
    assert filled(made({"tags": {"$all": ["{a}"]}}), {"a": "x" * (TEXT + 1)}) == NOTHING
