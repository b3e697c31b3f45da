from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from apps.content.index_writer import IndexWriter
from apps.gitsync.git import Repository
from apps.gitsync.history import added_again, first_seen
from apps.gitsync.output import TreeItem
from tests.content.entries import files, page, write
from tests.gitsync.repositories import Made

A, B = "content/a.md", "content/b.md"
DAYS = [f"2020-01-{day:02}T00:00:00Z" for day in range(1, 9)]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made.git")


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[IndexWriter]:
    with closing(IndexWriter(files(tmp_path / "node"))) as opened:
        yield opened


def indexed(writer: IndexWriter, made: Made, **dates: str) -> None:
    """The index has these documents (`a="2020…"`), dated by Git."""
    for name, date in dates.items():
        write(writer, page(name, date=date, date_from="git", blob=made.blob(b"1")))


def dates(
    made: Made, writer: IndexWriter, commit: str, *sources: str, since: str | None = None
) -> dict[str, str]:
    return first_seen(Repository(made.path), writer, sources, commit=commit, since=since)


def again(made: Made, writer: IndexWriter, since: str, commit: str) -> list[TreeItem]:
    here = Repository(made.path)
    known = {item.path for item in here.changes(since, commit)}
    return added_again(here, writer, commit=commit, since=since, known=known)


def test_without_an_index_the_whole_history_is_asked(made: Made, writer: IndexWriter) -> None:
    made.commit({A.encode(): b"1"})
    made.commit({A.encode(): b"2", B.encode(): b"1"})
    last = made.commit({A.encode(): b"3", B.encode(): b"1"})
    assert dates(made, writer, last, A, B) == {A: DAYS[0], B: DAYS[1]}


def test_nothing_is_asked_for_nothing(made: Made, writer: IndexWriter) -> None:
    assert dates(made, writer, "no commit at all") == {}


def test_an_edit_leaves_the_date_that_the_index_knows(made: Made, writer: IndexWriter) -> None:
    first = made.commit({A.encode(): b"1"})
    indexed(writer, made, a="1999-01-01T00:00:00Z")
    second = made.commit({A.encode(): b"2"})
    assert dates(made, writer, second, A, since=first) == {A: "1999-01-01T00:00:00Z"}


def test_a_document_that_came_since_has_the_date_of_its_commit(
    made: Made, writer: IndexWriter
) -> None:
    first = made.commit({A.encode(): b"1"})
    indexed(writer, made, a=DAYS[0])
    second = made.commit({A.encode(): b"1", B.encode(): b"1"})
    assert dates(made, writer, second, A, B, since=first) == {A: DAYS[0], B: DAYS[1]}


def test_a_document_that_named_its_date_before_is_looked_up(
    made: Made, writer: IndexWriter
) -> None:
    first = made.commit({A.encode(): b"1"})
    write(writer, page("a", date_from="front matter"))
    second = made.commit({A.encode(): b"2"})
    assert dates(made, writer, second, A, since=first) == {A: DAYS[0]}


def test_a_document_that_was_removed_and_came_back_is_named_again(
    made: Made, writer: IndexWriter
) -> None:
    first = made.commit({A.encode(): b"1", B.encode(): b"1"})
    indexed(writer, made, a=DAYS[0], b=DAYS[0])
    made.commit({B.encode(): b"1"})
    last = made.commit({A.encode(): b"1", B.encode(): b"1"})
    assert again(made, writer, first, last) == [TreeItem(A.encode(), "100644", made.blob(b"1"))]
    assert dates(made, writer, last, A, since=first) == {A: DAYS[2]}


def test_what_a_diff_shows_is_not_named_twice(made: Made, writer: IndexWriter) -> None:
    first = made.commit({A.encode(): b"1"})
    indexed(writer, made, a=DAYS[0])
    made.commit({})
    last = made.commit({A.encode(): b"2"})
    assert again(made, writer, first, last) == []


def test_strange_names_in_the_history_are_passed_over(made: Made, writer: IndexWriter) -> None:
    first = made.commit({A.encode(): b"1", b"\xff": b"1", b"\n\x01": b"1", b"a\\b": b"1"})
    indexed(writer, made, a=DAYS[0])
    made.commit({A.encode(): b"1"})
    last = made.commit({A.encode(): b"1", b"\xff": b"1", b"\n\x01": b"1", b"a\\b": b"1"})
    assert again(made, writer, first, last) == []


def test_a_date_beyond_the_calendar_is_no_date(made: Made, writer: IndexWriter) -> None:
    commit = made.commit({A.encode(): b"1"}, date="@999999999999 +0000")
    assert dates(made, writer, commit, A) == {A: ""}
