"""One document laid over an index: what is read of it is new, all else is as it is saved."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.content import renderings
from apps.content.entries import Asset, Entry
from apps.content.index import Index
from apps.content.index_writer import IndexWriter
from apps.content.laid import Laid, LaidIndex, file_beside, is_beside
from apps.content.listings import IndexedDocument
from apps.content.reader import Reader
from apps.content.renderings import Body
from tests.content import entries


@pytest.mark.parametrize(
    ("document", "source", "expected"),
    [
        ("content/a/index.md", "content/a/b.png", True),
        ("content/a/index.md", "content/a/deep/b.png", True),
        ("content/a/index.md", "content/ab/b.png", False),
        ("content/a/index.md", "content/b.png", False),
        ("content/a/page.md", "content/a/b.png", False),
        ("index.md", "b.png", False),
    ],
)
def test_only_a_folder_of_its_own_is_a_documents(
    document: str, source: str, expected: bool
) -> None:
    assert is_beside(document, source) is expected


URL = "/a/"
NEW = IndexedDocument(
    source="content/a/index.md",
    blob="unsaved",
    url=URL,
    kind="page",
    section="",
    title="New",
    description="",
    date="",
    updated="",
    authors=(),
    front={},
    body=Body("<p>new</p>"),
)
NOW, LATER = "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"


def later(source: str) -> Entry:
    """A file that visitors are not shown yet."""
    asset = Asset(source, "a" * 40, f"/{source}", 3, LATER)
    return Entry(source=source, asset=asset)


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Reader]:
    files = entries.files(tmp_path)
    renderings.connect(files.renderings).close()
    writer = IndexWriter(files)
    rows = [
        entries.page("a", source="content/a/index.md", date="2020-01-01T00:00:00Z"),
        entries.page("b"),
        entries.asset("content/a/seen.png"),
        later("content/a/later.png"),
        later("content/later.png"),
    ]
    entries.write(writer, *rows)
    writer.close()
    laid = Laid(document=NEW, text="new", beside="/files/")
    with LaidIndex(Index(files), laid).snapshot(lambda *_: None, NOW) as reader:
        yield reader


def test_it_answers_at_its_address_and_others_at_theirs(read: Reader) -> None:
    found, other = read.document(URL, "r"), read.document("/b/", "r")
    assert found and (found.title, found.body) == ("New", NEW.body)
    assert other and other.title == "B" and read.document("/c/", "r") is None


def test_what_git_dates_keeps_its_date(read: Reader) -> None:
    found = read.document(URL, "r")
    assert found and found.date == "2020-01-01T00:00:00Z"


def test_its_text_is_the_new_one(read: Reader) -> None:
    assert read.original(NEW.source) == "new" and read.original("content/b.md") != "new"


def test_hidden_files_of_its_own_folder_have_an_address_and_no_others(read: Reader) -> None:
    names = ("content/a/seen.png", "content/a/later.png", "content/later.png")
    assert read.targets(names) == {
        names[0]: "/a/seen.png",
        names[1]: "/files/content/a/later.png",
    }


def test_a_folder_with_documents_of_its_own_is_not_a_documents(tmp_path: Path) -> None:
    files = entries.files(tmp_path)
    renderings.connect(files.renderings).close()
    writer = IndexWriter(files)
    names = ("content/a.png", "content/b/c.png", "content/b/d/e.png", "content/own/f.png")
    pages = [entries.page("b/d/page"), entries.page("home", source="content/index.md")]
    entries.write(writer, *pages, *map(entries.asset, names))
    writer.close()
    found = [each for each in names if file_beside(Index(files), "content/index.md", each)]
    assert found == ["content/a.png", "content/own/f.png"]
