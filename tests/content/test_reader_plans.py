"""Each question of a page finds its rows by an index, whatever the size of the site."""

import re
from collections.abc import Callable

import pytest

from apps.content.index import Index
from apps.content.index_writer import IndexWriter
from apps.content.listings import ListQuery
from apps.content.queries.tree import has_term
from apps.content.reader import Reader
from apps.content.renderings import connect
from tests.content.entries import RENDERER, files, page, write

Question = Callable[[Reader], object]
WHOLE_TABLE = re.compile(r"SCAN (?!.* USING |\(subquery)")
"""Of a subquery the rows of one page are left."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    made = files(tmp_path_factory.mktemp("index"))
    connect(made.renderings).close()
    writer = IndexWriter(made)
    write(writer, *[page(f"a/{n}", tags=("x",)) for n in range(3)], commit="c1", removed=None)
    return Index(made)


def plans(index: Index, question: Question) -> list[str]:
    """How SQLite carries out each statement of a question."""
    asked: list[str] = []
    with index.snapshot(lambda *_: None) as reader:
        connection = reader._connection
        connection.set_trace_callback(asked.append)
        question(reader)
        connection.set_trace_callback(None)
        rows = [connection.execute(f"EXPLAIN QUERY PLAN {each}").fetchall() for each in asked]
    return [str(row[-1]) for plan in rows for row in plan]


@pytest.mark.parametrize(
    "question",
    [
        lambda reader: reader.document("/a/1/", RENDERER),
        lambda reader: reader.alias("/old"),
        lambda reader: reader.asset("/a/1.png"),
        lambda reader: reader.targets(["content/a/1.md", "content/a/2.md"]),
        lambda reader: reader.pictures(["content/a/1.png", "/a/2.png"]),
        lambda reader: reader.pictures_of("ab" * 20),
        lambda reader: reader.original("content/a/1.md"),
        lambda reader: reader.listing(ListQuery(section="a"), 1),
        lambda reader: reader.listing(ListQuery(section="none"), 1),
        lambda reader: reader.listing(ListQuery(where=has_term("tags", "x")), 1),
        lambda reader: reader.listing(ListQuery(), 1),
    ],
    ids=[
        *("document", "alias", "asset", "targets", "pictures", "blob"),
        *("original", "section", "below", "term", "site"),
    ],
)
def test_no_question_of_a_page_reads_a_whole_table(index: Index, question: Question) -> None:
    found = plans(index, question)
    assert found
    assert [step for step in found if WHOLE_TABLE.match(step)] == []


@pytest.mark.parametrize(("question", "most"), [("document", 2), ("list", 1)])
def test_a_page_takes_few_statements(index: Index, question: str, most: int) -> None:
    asked: list[str] = []
    with index.snapshot(lambda *_: None) as reader:
        reader._connection.set_trace_callback(asked.append)
        if question == "document":
            assert reader.document("/a/1/", RENDERER)
        else:
            assert reader.listing(ListQuery(section="a"), 1).total == 3
        reader._connection.set_trace_callback(None)
    assert len(asked) <= most


def test_what_has_no_index_would_be_seen(index: Index) -> None:
    found = plans(index, lambda reader: reader._execute("SELECT 1 FROM document WHERE title = ''"))
    assert any(map(WHOLE_TABLE.match, found))
