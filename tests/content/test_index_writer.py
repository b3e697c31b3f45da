import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.entries import Entry
from apps.content.index_writer import IndexChange, IndexWriter
from apps.content.problems import Problem
from apps.content.slices import SLICE
from tests.content.entries import asset, files, kept, left_out, page, pointer, write


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[IndexWriter]:
    with closing(IndexWriter(files(tmp_path))) as made:
        yield made


def test_a_first_commit_brings_its_rows_and_the_pointer(writer: IndexWriter) -> None:
    assert writer.pointer() is None
    write(writer, page("a"), asset("content/x.png"), kept("config.toml", b"x"), commit="c1")
    found = writer.pointer()
    assert found is not None
    assert found.commit_id == "c1"
    assert set(writer.blobs()) == {"content/a.md", "content/x.png", "config.toml"}


def test_a_change_replaces_only_what_it_names(writer: IndexWriter) -> None:
    write(writer, page("a"), page("b"))
    write(writer, page("a", text="new"), commit="c2")
    assert writer.blobs() == {
        "content/a.md": "blob-of-a-new",
        "content/b.md": "blob-of-b-text",
    }


def test_what_is_removed_is_gone_with_its_problems(writer: IndexWriter) -> None:
    write(writer, page("a"), left_out("content/b.md"))
    write(writer, commit="c2", removed=("content/a.md", "content/b.md"))
    assert writer.blobs() == {}
    assert writer.problems() == []
    last = writer.pointer()
    assert last is not None
    assert int(last.digest, 16) == 0


def test_a_whole_change_empties_first(writer: IndexWriter) -> None:
    write(writer, page("a"), page("b"))
    write(writer, page("c"), commit="c2", whole=True)
    assert set(writer.blobs()) == {"content/c.md"}


def test_a_change_that_fails_changes_nothing(writer: IndexWriter) -> None:
    before = write(writer, page("a"))
    twice = (page("b"), page("b"))
    with pytest.raises(sqlite3.IntegrityError):
        write(writer, *twice, commit="c2", removed=("content/a.md",))
    assert writer.pointer() == before
    assert set(writer.blobs()) == {"content/a.md"}
    write(writer, page("b"), commit="c3")
    assert set(writer.blobs()) == {"content/a.md", "content/b.md"}


def test_an_applied_commit_leaves_an_event(writer: IndexWriter, tmp_path: Path) -> None:
    write(writer, page("a"), commit="c1")
    write(writer, page("b"), commit="c2")
    with closing(sqlite3.connect(files(tmp_path).index)) as reader:
        rows = reader.execute("SELECT topic, payload FROM event ORDER BY id").fetchall()
    assert [(topic, json.loads(payload)["commit"]) for topic, payload in rows] == [
        ("site.synced", "c1"),
        ("site.synced", "c2"),
    ]


def test_readers_see_the_old_commit_until_the_new_one_is_whole(
    writer: IndexWriter, tmp_path: Path
) -> None:
    write(writer, page("a"), commit="c1")
    with closing(sqlite3.connect(files(tmp_path).index, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT 1 FROM pointer").fetchone()
        write(writer, page("b"), commit="c2", whole=True)
        assert reader.execute("SELECT commit_id FROM pointer").fetchone() == ("c1",)
        assert reader.execute("SELECT source FROM document").fetchall() == [("content/a.md",)]
        reader.execute("COMMIT")
        assert reader.execute("SELECT commit_id FROM pointer").fetchone() == ("c2",)


def test_asking_for_the_digest_writes_nothing(writer: IndexWriter) -> None:
    write(writer, page("a"))
    change = IndexChange(whole=True, removed=(), entries=(page("b"),))
    assert writer.digest_after(change) != "0" * 64
    assert set(writer.blobs()) == {"content/a.md"}


def test_the_files_of_other_apps_are_kept_with_their_bytes(writer: IndexWriter) -> None:
    write(writer, kept("themes/x/theme.toml", b"\x00\xff"))
    assert writer.kept() == {"themes/x/theme.toml": ("blob-of-b'\\x00\\xff'", b"\x00\xff")}


def test_only_dates_that_came_from_git_are_git_dates(writer: IndexWriter) -> None:
    assert not writer.dated_by_git()
    write(writer, page("a"))
    assert not writer.dated_by_git()
    write(writer, page("b", date="2020-01-01T00:00:00Z", date_from="git"))
    assert writer.dated_by_git()
    assert writer.git_dates(["content/a.md", "content/b.md", "content/c.md"]) == {
        "content/b.md": "2020-01-01T00:00:00Z"
    }


@pytest.mark.parametrize("number", [SLICE - 1, SLICE, SLICE + 1, 2 * SLICE + 1])
def test_long_lists_are_asked_in_slices(writer: IndexWriter, number: int) -> None:
    every = tuple(asset(f"content/{n}.png") for n in range(number))
    write(writer, *every)
    sources = [entry.source for entry in every]
    assert len(writer.blobs(sources)) == number
    write(writer, commit="c2", removed=tuple(sources))
    last = writer.pointer()
    assert last is not None
    assert int(last.digest, 16) == 0


def test_of_two_documents_for_one_url_the_higher_source_is_reported(writer: IndexWriter) -> None:
    write(writer, page("a", source="content/a.md"), page("a", source="content/a/index.md"))
    assert [(p.path, p.code) for p in writer.clashes()] == [
        ("content/a/index.md", "document.url-taken")
    ]
    assert "content/a.md" in writer.clashes()[0].reason


def test_urls_that_differ_by_case_alone_are_reported(writer: IndexWriter) -> None:
    write(writer, page("a"), page("A"), page("b"))
    assert [(p.path, p.code) for p in writer.clashes()] == [("content/a.md", "document.url-case")]


CLAIMS = [
    (page("x", source="content/1.md"), page("x", source="content/2.md")),
    (page("Über", source="content/1.md"), page("Über", source="content/2.md")),
    (page("Straße", source="content/1.md"), page("Straße", source="content/2.md")),
    (page("X", source="content/1.md"), page("x", source="content/2.md")),
]


@pytest.mark.parametrize(("first", "second"), CLAIMS, ids=["ascii", "umlaut", "sharp-s", "case"])
def test_a_clash_with_what_was_there_before_is_found_from_either_side(
    writer: IndexWriter, first: Entry, second: Entry
) -> None:
    write(writer, first)
    write(writer, second, commit="c2")
    every = writer.clashes()
    assert [problem.path for problem in every] == ["content/2.md"]


def test_problems_come_back_sorted_by_place(writer: IndexWriter) -> None:
    write(writer, left_out("content/b.md"), left_out("content/a.md"))
    assert writer.problems() == [
        Problem("content/a.md", 1, "front-matter.syntax", "a reason"),
        Problem("content/b.md", 1, "front-matter.syntax", "a reason"),
    ]


SOURCES = ["content/a.md", "content/b.md", "content/c.png"]
STATES = {
    "content/a.md": [page("a"), page("a", tags=("X", "y"), text="2"), left_out("content/a.md")],
    "content/b.md": [page("b"), page("b", aliases=("/old", "/older"), title="Z")],
    "content/c.png": [asset("content/c.png"), asset("content/c.png", blob="b" * 40, size=4)],
}
COMMIT = st.fixed_dictionaries(
    {}, optional={source: st.none() | st.sampled_from(STATES[source]) for source in SOURCES}
)


@settings(max_examples=40, deadline=None)
@given(st.lists(COMMIT, min_size=1, max_size=6))
def test_any_way_to_a_commit_ends_in_the_digest_of_a_rebuild(
    commits: list[dict[str, Entry | None]],
) -> None:
    with TemporaryDirectory() as folder, closing(IndexWriter(files(Path(folder)))) as writer:
        present: dict[str, Entry] = {}
        for number, commit in enumerate(commits):
            new = tuple(entry for entry in commit.values() if entry)
            followed = write(writer, *new, commit=f"c{number}", removed=tuple(commit))
            present = {source: entry for source, entry in {**present, **commit}.items() if entry}
        whole = IndexChange(whole=True, removed=(), entries=tuple(present.values()))
        assert writer.digest_after(whole) == followed.digest
        rebuilt = pointer("rebuilt", followed.digest)
        rows = sorted(writer.blobs().items())
        writer.apply(whole, rebuilt)
        assert sorted(writer.blobs().items()) == rows
