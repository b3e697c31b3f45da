"""Whose a file is: of the document in whose own folder it stands."""

from pathlib import Path

import pytest

from apps.content import renderings
from apps.content.entries import Entry
from apps.content.index import Index
from apps.content.index_writer import IndexWriter
from tests.content import entries
from tests.content.entries import asset, page

DRAFT, PRIVATE = "draft", "private"


def index(folder: Path, *rows: Entry) -> Index:
    files = entries.files(folder)
    renderings.connect(files.renderings).close()
    writer = IndexWriter(files)
    entries.write(writer, *rows)
    writer.close()
    return Index(files)


def bundle(name: str, file: str = "index.md", visibility: str = "public") -> Entry:
    return page(f"{name}-{file}", source=f"content/{name}/{file}", visibility=visibility)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index(
        tmp_path_factory.mktemp("owners"),
        page("home", source="content/index.md", visibility=PRIVATE),
        bundle("trip", visibility=DRAFT),
        bundle("trip/day", visibility="public"),
        bundle("web", "index.html", PRIVATE),
        bundle("both"),
        bundle("both", "index.fr.md", DRAFT),
        page("posts/plain"),
        *(asset(f"content/{name}/a.png") for name in ("trip", "trip/in/deep", "trip/day/in")),
        *(asset(f"content/{name}/a.png") for name in ("web", "both", "posts", "own")),
        asset("media/a.png"),
    )


@pytest.mark.parametrize(
    ("folder", "visibility"),
    [
        ("content/trip", DRAFT),
        ("content/trip/in/deep", DRAFT),
        ("content/trip/day/in", "public"),
        ("content/web", PRIVATE),
        ("content/both", "public"),
        ("content/posts", "public"),
        ("content/own", PRIVATE),
        ("media", "public"),
    ],
)
def test_a_file_is_as_visible_as_its_document(site: Index, folder: str, visibility: str) -> None:
    assert site.visibility_of_file(f"{folder}/a.png") == visibility
    url = site._connection().execute("SELECT url FROM asset WHERE source = ?", (f"{folder}/a.png",))
    with site.snapshot(lambda *_: None) as reader:
        assert (reader.asset(url.fetchone()[0]) is not None) == (visibility == "public")


def test_what_is_no_file_has_no_visibility(site: Index) -> None:
    assert site.visibility_of_file("content/trip/index.md") is None
    assert site.visibility_of_file("media/b.png") is None
