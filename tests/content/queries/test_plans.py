"""A list costs one statement that finds its rows by an index, whatever the size of the site."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.content.index import Index
from apps.content.index_writer import IndexWriter
from apps.content.listings import ListQuery
from apps.content.queries.decoding import decode
from apps.content.queries.names import order_named
from apps.content.renderings import connect
from tests.content.entries import files, page, write

SMALL, LARGE = 30, 10_000
WHOLE_TABLE = re.compile(r"SCAN (?!.* USING |\(subquery)")
BY_VALUE = "SEARCH field USING COVERING INDEX field_value (name=? AND value"
STEPS = 100
"""Of SQLite's machine, between two looks at how many there were."""

ASKED: dict[str, dict[str, Any]] = {
    "a value": {"meta.level": 3},
    "a range": {"meta.level": {"$gte": 2}},
    "several values": {"meta.colour": {"$in": ["red", "blue"]}},
    "all of a list": {"meta.colours": {"$all": ["red", "blue"]}},
    "what is there": {"meta.rare": {"$exists": True}},
    "one of several": {"$or": [{"meta.rare": True}, {"tags": "t3"}]},
    "a term": {"tags": "t3"},
    "not a value": {"meta.level": {"$ne": 3}},
    "a column": {"date": {"$gte": "2026-01-01"}},
    "authors": {"authors": "Ada"},
}


def made(folder: Path, count: int) -> Index:
    at = files(folder)
    connect(at.renderings).close()
    writer = IndexWriter(at)
    entries = [
        page(
            f"s{n % 10}/{n}",
            tags=(f"t{n % 50}",),
            date=f"2026-{1 + n % 12:02}-{1 + n % 28:02}T00:00:00Z",
            authors='["Ada"]' if n % 100 == 0 else "[]",
            front=json.dumps(
                {"level": n % 5, "colour": ["red", "blue", "green"][n % 3]}
                | {"colours": ["red", "blue"] if n % 7 == 0 else ["red"]}
                | ({"rare": True} if n % 500 == 0 else {})
            ),
        )
        for n in range(count)
    ]
    write(writer, *entries, whole=True)
    writer.close()
    return Index(at)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    yield made(tmp_path_factory.mktemp("small"), SMALL)


def plan(index: Index, query: ListQuery) -> list[str]:
    """The steps of the one statement."""
    asked: list[str] = []
    with index.snapshot(lambda *_: None) as reader:
        connection = reader._connection
        connection.set_trace_callback(asked.append)
        reader.listing(query, 1)
        connection.set_trace_callback(None)
        (statement,) = asked
        rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
    return [str(row[-1]) for row in rows]


def filtered(asked: str) -> ListQuery:
    found, defects = decode(ASKED[asked])
    assert defects == ()
    return ListQuery(where=found)


@pytest.mark.parametrize("asked", ASKED)
def test_a_filter_costs_one_statement_that_reads_no_whole_table(small: Index, asked: str) -> None:
    assert [step for step in plan(small, filtered(asked)) if WHOLE_TABLE.match(step)] == []


@pytest.mark.parametrize("asked", ["a value", "a range", "several values", "not a value"])
def test_front_matter_is_looked_up_by_its_value(small: Index, asked: str) -> None:
    assert any(step.startswith(BY_VALUE) for step in plan(small, filtered(asked)))


def test_sorting_by_front_matter_looks_each_value_up_by_its_document(small: Index) -> None:
    steps = plan(small, ListQuery(order=(order_named("-meta.level"),)))
    assert "SEARCH f USING INDEX field_document (document=? AND name=?)" in steps


def steps_of(index: Index, query: ListQuery) -> int:
    """How much SQLite had to do for the list, in steps of its machine: the same every time."""
    done = 0

    def count() -> int:
        nonlocal done
        done += 1
        return 0

    with index.snapshot(lambda *_: None) as reader:
        reader.listing(query, 1)
        reader._connection.set_progress_handler(count, STEPS)
        assert reader.listing(query, 1).items
        reader._connection.set_progress_handler(None, 0)
    return done * STEPS


@pytest.mark.long
def test_over_ten_thousand_documents_a_query_costs_what_it_finds(tmp_path: Path) -> None:
    index = made(tmp_path, LARGE)
    for asked in ASKED:
        steps = plan(index, filtered(asked))
        assert [step for step in steps if WHOLE_TABLE.match(step)] == []
    everything = steps_of(index, ListQuery())
    few = ListQuery(where=decode({"meta.rare": True})[0])
    assert steps_of(index, few) * 10 < everything
    by_value = ListQuery(order=(order_named("-meta.level"),))
    assert steps_of(index, by_value) < 60 * LARGE, "it is no more than so much for each document"
