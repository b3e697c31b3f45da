"""However an index came to its commit, the same is found in it."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.entries import ALWAYS, NEVER, Shown
from apps.content.index_writer import IndexChange, IndexWriter
from apps.content.search.finding import find
from apps.content.searched import COLUMNS, TABLES
from tests.content.entries import pointer, write
from tests.content.search.finding import NOW, Searched, connection, said, writer

WORDS = ("red", "green", "blue", "\u9752\u7a7a")
Texts = dict[str, tuple[str, bool]]
"""Body and whether it is public, by name."""
TEXTS = st.dictionaries(
    st.sampled_from("abcde"),
    st.tuples(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), st.booleans()),
)


def bring(made: IndexWriter, texts: Texts, before: Texts, *, whole: bool = False) -> None:
    changed = {name for name in texts if whole or texts[name] != before.get(name)}
    gone = changed | (before.keys() - texts.keys())
    entries = [
        said(name, body, visibility="public" if shown else "draft")
        for name, (body, shown) in sorted(texts.items())
        if name in changed
    ]
    removed = tuple(f"content/{name}.md" for name in sorted(gone))
    write(made, *entries, whole=whole, removed=removed)


def answers(folder: Path) -> list[object]:
    with connection(folder) as opened:
        found: list[object] = [
            find(opened.execute, text, now=now)[1]
            for now in (NOW, None)
            for text in (*WORDS, "red -blue", "gre*", "in:title a")
        ]
        found += [kept(opened, table) for table in TABLES]
        for table in TABLES:
            opened.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
    return found


def kept(opened: sqlite3.Connection, table: str) -> list[object]:
    columns = ", ".join(f"s.{name}" for name in COLUMNS)
    query = f"SELECT d.source, {columns} FROM {table} s JOIN document d ON d.id = s.rowid"
    return sorted(opened.execute(query).fetchall())


@given(first=TEXTS, second=TEXTS)
@settings(max_examples=5, deadline=None)
def test_step_by_step_and_from_nothing_the_same_is_found(
    tmp_path_factory: pytest.TempPathFactory, first: Texts, second: Texts
) -> None:
    stepped, anew = tmp_path_factory.mktemp("stepped"), tmp_path_factory.mktemp("anew")
    with writer(stepped) as made:
        bring(made, first, {})
        bring(made, second, first)
    with writer(anew) as made:
        bring(made, second, {})
    expected = answers(anew)
    assert answers(stepped) == expected
    with writer(stepped) as made:
        bring(made, second, {}, whole=True)
    assert answers(stepped) == expected


def test_what_policy_shows_or_hides_anew_is_found_or_not(tmp_path: Path) -> None:
    with writer(tmp_path) as made:
        write(made, said("a", "red"), said("b", "red", visibility="draft"), removed=())
        shown = {"content/a.md": Shown(NEVER, NEVER), "content/b.md": Shown(ALWAYS, NEVER)}
        change = IndexChange(whole=False, removed=(), entries=(), shown=shown)
        made.apply(change, pointer("c2", made.digest_after(change)))
    with connection(tmp_path) as opened:
        assert Searched(opened).found("red") == ["b"]
        assert sorted(Searched(opened).found("red", None)) == ["a", "b"]
        assert [len(kept(opened, table)) for table in TABLES] == [1, 1]
