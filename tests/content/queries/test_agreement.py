"""SQL and a plain evaluator find the same documents in the same order, whatever is asked."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content import lists
from apps.content.entries import UNWEIGHTED, Entry
from apps.content.index import Index
from apps.content.index_writer import IndexWriter
from apps.content.listings import ListQuery
from apps.content.queries.decoding import decode
from apps.content.queries.names import TOLD, is_key, order_named
from apps.content.queries.tree import Filter
from apps.content.renderings import connect
from tests.content.entries import files, page, write
from tests.content.queries.oracle import Documents

HOSTILE = ("'; DROP TABLE document; --", '" OR 1=1', "%", "_", "?", ":now", "\0x", "é", "😀", "")
TEXTS = st.sampled_from(("a", "b", "10", "2026-01-01T00:00:00Z", *HOSTILE))
SCALARS = (
    TEXTS | st.integers(-2, 3) | st.sampled_from([0.5, 1.0, 2.0**60, -(2**63)]) | st.booleans()
)
KEYS = st.sampled_from(["x", "y", "n", "select"])
FRONT = st.dictionaries(
    KEYS,
    st.none()
    | SCALARS
    | st.lists(SCALARS | st.none() | st.lists(SCALARS, max_size=1), max_size=3)
    | st.dictionaries(KEYS, SCALARS | st.lists(SCALARS, max_size=2), max_size=2),
    max_size=4,
)
DATES = st.sampled_from(["", "2026-01-01T00:00:00Z", "2026-02-02T10:00:00Z"])
TAGS = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3)

META = st.sampled_from(["meta.x", "meta.y", "meta.n", "meta.n.x", "meta.select", "meta.none"])
TEXT_FIELDS = st.sampled_from(["title", "url", "type", "description", "section", "authors", "tags"])


def conditions(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(values, max_size=3)
    single = (
        values
        | st.fixed_dictionaries({"$eq": values})
        | st.fixed_dictionaries({"$ne": values})
        | st.dictionaries(st.sampled_from(["$gt", "$gte", "$lt", "$lte"]), values, min_size=1)
        | st.dictionaries(st.sampled_from(["$in", "$nin", "$all"]), lists, min_size=1, max_size=2)
        | st.fixed_dictionaries({"$exists": st.booleans()})
        | st.fixed_dictionaries({"$size": st.integers(-1, 4)})
    )
    negated = st.dictionaries(st.just("$gte") | st.just("$eq"), values, min_size=1, max_size=1)
    return single | st.fixed_dictionaries({"$not": negated})


FIELDS = (
    st.dictionaries(META, conditions(SCALARS), max_size=2)
    | st.dictionaries(TEXT_FIELDS, conditions(TEXTS), max_size=2)
    | st.fixed_dictionaries({"date": conditions(st.just("2026-01-15") | st.just("2026-02-02T10Z"))})
    | st.fixed_dictionaries({"weight": conditions(st.integers(-2, 3) | st.just(0.5))})
    | st.fixed_dictionaries({"sticky": conditions(st.booleans())})
)
FILTERS = st.recursive(
    FIELDS,
    lambda inner: st.dictionaries(
        st.sampled_from(["$and", "$or"]), st.lists(inner, max_size=3), min_size=1, max_size=2
    ),
    max_leaves=4,
)
ORDERS = st.lists(
    st.sampled_from(
        [
            *("date", "-date", "title", "-title", "-weight", "weight", "-type", "sticky"),
            *("meta.x", "-meta.x", "meta.n.x", "-url"),
        ]
    ),
    max_size=3,
)


@st.composite
def documents(draw: st.DrawFn) -> list[tuple[Entry, dict[str, Any]]]:
    fronts = draw(st.lists(FRONT, min_size=1, max_size=6))
    return [
        (
            _entry(
                number,
                draw(TAGS),
                front=json.dumps(front),
                title=draw(st.sampled_from(["a", "B", "b", "10"])),
                description=draw(TEXTS),
                type=draw(st.sampled_from(["", "a"])),
                date=draw(DATES),
                weight=draw(st.sampled_from([UNWEIGHTED, -1, 0, 2])),
                sticky=draw(st.sampled_from([0, 1])),
                authors=json.dumps(
                    draw(st.sampled_from([[], ["a"], ["b", "a"]])), separators=(",", ":")
                ),
            ),
            front,
        )
        for number, front in enumerate(fronts)
    ]


def _entry(number: int, tags: list[str], **values: Any) -> Entry:
    return page(f"s/{number}", tags=tuple(tags), **values)


class Asked:
    """One index, written anew for each example."""

    def __init__(self, folder: Path) -> None:
        made = files(folder)
        connect(made.renderings).close()
        self.writer, self.index = IndexWriter(made), Index(made)

    def hold(self, given: list[tuple[Entry, dict[str, Any]]]) -> None:
        write(self.writer, *(entry for entry, _ in given), whole=True)

    def sources(self, query: ListQuery) -> list[str]:
        with self.index.snapshot(lambda *_: None) as reader:
            return [item.source for item in reader.listing(query, 1).items]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    made = Asked(tmp_path_factory.mktemp("agreement"))
    yield made
    made.writer.close()


def filter_of(raw: Mapping[str, Any]) -> Filter:
    found, defects = decode(raw)
    assert defects == ()
    return found


Given = list[tuple[Entry, dict[str, Any]]]


@settings(max_examples=40, deadline=None)
@given(documents(), FILTERS, ORDERS)
def test_sql_finds_what_a_plain_evaluator_finds_and_in_its_order(
    asked: Asked, given: Given, raw: dict[str, Any], order: list[str]
) -> None:
    agrees(asked, given, raw, order)


@pytest.mark.long
@settings(max_examples=2000, deadline=None)
@given(documents(), FILTERS, ORDERS)
def test_they_agree_however_often_they_are_asked(
    asked: Asked, given: Given, raw: dict[str, Any], order: list[str]
) -> None:
    agrees(asked, given, raw, order)


def agrees(asked: Asked, given: Given, raw: dict[str, Any], order: list[str]) -> None:
    filter_, orders = filter_of(raw), tuple(map(order_named, order))
    asked.hold(given)
    found = asked.sources(ListQuery(where=filter_, order=orders))
    assert found == Documents(given).matching(filter_, orders)


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8).filter(is_key), st.text(max_size=9), max_size=3
    ),
    st.lists(st.text(max_size=12), min_size=1, max_size=2),
    st.text(max_size=10),
)
def test_no_name_and_no_value_of_an_author_becomes_sql(
    metas: dict[str, str], choices: list[str], section: str
) -> None:
    """Of the same shape, the statement is the same, whatever the names and values are."""

    def statements(metas: list[tuple[str, str]], choices: list[str], section: str) -> list[str]:
        raw: dict[str, Any] = {f"meta.{name}": value for name, value in metas}
        raw["tags"] = {"$in": choices, "$all": choices}
        raw["title"] = {"$gt": section}
        order = tuple(order_named(f"-meta.{name}") for name, _ in metas)
        query = ListQuery(section=section, where=filter_of(raw), order=order)
        both = lists._statements(query, below=False)
        for each in both:
            assert each.sql.count("?") == len(each.values) + 2 * each.sql.count("LIMIT ? OFFSET ?")
        return [each.sql for each in both]

    hostile = [(name, value) for name, value in metas.items() if name not in TOLD]
    tame = [(f"a{number}", "a") for number in range(len(hostile))]
    expected = statements(tame, ["a"] * len(choices), "a")
    assert statements(hostile, choices, section) == expected


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_find_themselves_and_change_nothing(asked: Asked, text: str) -> None:
    entry = page("s/1", front=json.dumps({"x": text, "y": [text]}), tags=("a",))
    asked.hold([(entry, {}), (page("s/2"), {})])
    for raw in ({"meta.x": text}, {"meta.y": text}, {"meta.x": {"$gte": text, "$lte": text}}):
        assert asked.sources(ListQuery(where=filter_of(raw))) == ["content/s/1.md"]
    for section in HOSTILE[:-1]:
        assert asked.sources(ListQuery(section=section)) == []
    assert len(asked.sources(ListQuery())) == 2


def test_true_is_not_one_whatever_was_asked_before(asked: Asked) -> None:
    one, true = page("s/1", front='{"x": 1}'), page("s/2", front='{"x": true}')
    asked.hold([(one, {}), (true, {})])
    for value, source in ((1, "1"), (True, "2"), (1.0, "1")):
        found = asked.sources(ListQuery(where=filter_of({"meta.x": value})))
        assert found == [f"content/s/{source}.md"]


def test_what_is_skipped_and_limited_counts_on_no_page(asked: Asked) -> None:
    asked.hold([(page(f"s/{n}"), {}) for n in range(10)])
    query = ListQuery(page_size=3, skip=2, limit=5, brief=True)
    with asked.index.snapshot(lambda *_: None) as reader:
        pages = [reader.listing(query, number) for number in (1, 2, 3)]
    assert [[item.source[-4] for item in each.items] for each in pages] == [
        ["2", "3", "4"],
        ["5", "6"],
        [],
    ]
    assert {(each.total, each.pages) for each in pages} == {(5, 2)}
    assert asked.sources(ListQuery(skip=10)) == asked.sources(ListQuery(skip=99)) == []
