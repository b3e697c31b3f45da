"""Front matter as rows by which lists are filtered, and how they keep up with the documents."""

import json
from pathlib import Path
from typing import Any

import pytest

from apps.content.index_writer import IndexWriter
from apps.content.queries.bounds import FIELDS, KEY, PATH_PARTS, TEXT
from apps.content.queries.fields import AUTHORS, Shape, rows_of
from tests.content.entries import files, page, write

ONE, ITEM, LIST, TABLE = Shape


def test_every_value_is_a_row_that_says_its_shape() -> None:
    front = {
        "level": 2,
        "on": True,
        "none": None,
        "colours": ["red", 1, ["x"]],
        "extra": {"a": 0.5},
    }
    assert rows_of(front, ["Ada"]) == (
        (AUTHORS, LIST, 1),
        (AUTHORS, ITEM, "Ada"),
        ("colours", LIST, 3),
        ("colours", ITEM, "red"),
        ("colours", ITEM, 1),
        ("extra", TABLE, None),
        ("extra.a", ONE, 0.5),
        ("level", ONE, 2),
        ("none", ONE, None),
        ("on", ONE, b"\x01"),
    )


def test_what_is_read_otherwise_is_not_kept_once_more() -> None:
    front = {"title": "A", "date": "2026", "tags": ["a"], "level": 1}
    assert [name for name, *_ in rows_of(front, ())] == ["level", "tags", "tags"]
    assert [name for name, *_ in rows_of(front, (), told={"title", "date", "tags"})] == ["level"]


def nested(depth: int) -> dict[str, Any]:
    front: Any = 1
    for _ in range(depth):
        front = {"k": front}
    return dict(front)


def test_the_bounds_hold_on_both_sides() -> None:
    assert rows_of({"a": "x" * TEXT}, ()) == (("a", ONE, "x" * TEXT),)
    assert rows_of({"a": "x" * (TEXT + 1)}, ()) == (("a", ONE, None),)
    assert len(rows_of({"k" * KEY: 1, "l" * (KEY + 1): 1, "a.b": 1, "$c": 1, "": 1}, ())) == 1
    assert ("k" + ".k" * (PATH_PARTS - 1), ONE, 1) in rows_of(nested(PATH_PARTS), ())
    assert len(rows_of(nested(PATH_PARTS + 3), ())) == PATH_PARTS
    assert len(rows_of({"a": list(range(FIELDS - 1))}, ())) == FIELDS
    assert len(rows_of({"a": list(range(10 * FIELDS))}, ())) == FIELDS


@pytest.fixture
def writer(tmp_path: Path) -> IndexWriter:
    return IndexWriter(files(tmp_path))


def kept(writer: IndexWriter) -> list[tuple[str, str, object]]:
    return writer._connection.execute(
        "SELECT d.source, f.name, f.value FROM field f LEFT JOIN document d ON d.id = f.document"
        " ORDER BY 1, 2, 3"
    ).fetchall()


def test_rows_come_and_go_with_their_document(writer: IndexWriter) -> None:
    one, two = (page(n, front=json.dumps({"level": n, "tags": ["x"]})) for n in ("a", "b"))
    write(writer, one, two)
    assert kept(writer) == [("content/a.md", "level", "a"), ("content/b.md", "level", "b")]
    write(writer, page("a", front='{"level": 3}'), commit="c2")
    assert kept(writer) == [("content/a.md", "level", 3), ("content/b.md", "level", "b")]
    write(writer, commit="c3", removed=("content/a.md",))
    assert kept(writer) == [("content/b.md", "level", "b")]
    write(writer, page("c", front='{"level": 4}'), commit="c4", whole=True)
    assert kept(writer) == [("content/c.md", "level", 4)]
