from collections.abc import Mapping
from pathlib import Path

import pytest

from apps.content.configuration import read_configuration
from apps.content.entries import Entry, KeptFile
from apps.content.rendering import Renderer
from apps.gitsync.git.repository import Repository
from apps.gitsync.syncing.assets import POINTER_START
from apps.gitsync.syncing.plan import plan
from apps.gitsync.syncing.reading import (
    DOCUMENT_BYTES,
    KEPT_BYTES,
    dated,
    read_documents,
    read_kept,
    undated,
)
from tests.content.entries import page
from tests.gitsync.repositories import At, Made

SITE = read_configuration("[whispercms]\n", frozenset({"config.toml", "content"}))


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made.git")


def read(made: Made, renderer: Renderer, files: Mapping[str, bytes]) -> dict[str, Entry]:
    """source → entry of the documents of one commit."""
    here, todo = committed(made, files)
    sizes = here.sizes([file.blob for file in todo.documents])
    found = read_documents(here, renderer, SITE, todo.documents, sizes)
    return {entry.source: entry for entry in found}


def committed(made: Made, files: Mapping[str, bytes]):  # type: ignore[no-untyped-def]
    here = Repository(made.path)
    commit = made.commit({path.encode(): content for path, content in files.items()})
    return here, plan(SITE, here.tree(commit))


def code(made: Made, renderer: Renderer, content: bytes) -> tuple[str, int]:
    (entry,) = read(made, renderer, {"content/a.md": content}).values()
    assert entry.document is None
    (problem,) = entry.problems
    return problem.code, problem.line


def test_every_document_is_parsed(made: Made, renderer: Renderer) -> None:
    found = read(
        made,
        renderer,
        {
            "content/a.md": b"---\ntitle: From YAML\n---\nx",
            "content/b.md": b"# From a heading\n",
            "content/c.html": b"<title>From HTML</title><p>x",
            "content/d.json": b'{"title": "From JSON", "body": "<p>x"}',
        },
    )
    titles = {source: entry.document and entry.document.title for source, entry in found.items()}
    assert titles == {
        "content/a.md": "From YAML",
        "content/b.md": "From a heading",
        "content/c.html": "From HTML",
        "content/d.json": "From JSON",
    }


def test_files_with_the_same_bytes_are_documents_of_their_own(
    made: Made, renderer: Renderer
) -> None:
    found = read(made, renderer, {f"content/{name}.md": b"# Same\n" for name in "abc"})
    urls = [entry.document.url for entry in found.values() if entry.document]
    assert sorted(urls) == ["/a/", "/b/", "/c/"]


def test_the_bytes_are_kept_as_they_were_written(made: Made, renderer: Renderer) -> None:
    content = "\ufeff---\r\ntitle: Windows\r\n---\r\nText\r\n".encode()
    (entry,) = read(made, renderer, {"content/a.md": content}).values()
    assert entry.original
    assert entry.original.content == content
    assert entry.document
    assert entry.document.title == "Windows"


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"one\ntwo \xff", ("document.encoding", 2)),
        ("Grüße".encode("latin-1"), ("document.encoding", 1)),
        ("Grüße".encode("utf-16"), ("document.encoding", 1)),
        (b"one\n\ntwo \0", ("document.binary", 3)),
        (POINTER_START + b"v1\noid sha256:0\nsize 1\n", ("document.lfs-pointer", 1)),
        (b"---\ntitle: [\n---\n", ("front-matter.syntax", 3)),
        (b"---\na: 1\na: 2\n---\n", ("front-matter.duplicate-key", 3)),
    ],
)
def test_a_file_that_is_no_document_is_left_out_with_place_and_reason(
    made: Made, renderer: Renderer, content: bytes, place: tuple[str, int]
) -> None:
    assert code(made, renderer, content) == place


def test_one_bad_file_does_not_cost_the_others(made: Made, renderer: Renderer) -> None:
    found = read(
        made, renderer, {"content/a.md": b"\xff", "content/b.md": b"# B\n", "content/c.md": b"\0"}
    )
    assert [source for source, entry in found.items() if entry.document] == ["content/b.md"]
    assert len(found) == 3


def test_a_document_at_the_limit_is_read_and_one_byte_more_is_not(
    made: Made, renderer: Renderer
) -> None:
    found = read(
        made,
        renderer,
        {
            "content/most.md": b"# T\n".ljust(DOCUMENT_BYTES - 1) + b"\n",
            "content/more.md": b"# T\n".ljust(DOCUMENT_BYTES) + b"\n",
        },
    )
    assert found["content/most.md"].document
    assert [p.code for p in found["content/more.md"].problems] == ["document.too-large"]
    assert found["content/more.md"].document is None


def test_files_of_other_apps_are_kept_with_their_bytes(made: Made) -> None:
    here, todo = committed(made, {"config.toml": b"x", "themes/x/a.bin": b"\0\xff"})
    sizes = here.sizes([file.blob for file in todo.kept])
    kept = {entry.source: entry.kept for entry in read_kept(here, todo.kept, sizes)}
    assert kept["themes/x/a.bin"] == KeptFile("themes/x/a.bin", made.blob(b"\0\xff"), b"\0\xff")
    assert set(kept) == {"config.toml", "themes/x/a.bin"}


def test_a_kept_file_at_the_limit_is_read_and_one_byte_more_is_reported(made: Made) -> None:
    here, todo = committed(
        made, {"themes/x/a": b"x" * KEPT_BYTES, "themes/x/b": b"x" * (KEPT_BYTES + 1)}
    )
    sizes = here.sizes([file.blob for file in todo.kept])
    found = {entry.source: entry for entry in read_kept(here, todo.kept, sizes)}
    assert found["themes/x/a"].kept
    assert found["themes/x/b"].kept is None
    assert [p.path for p in found["themes/x/b"].problems] == ["themes/x/b"]


def test_only_what_git_has_to_date_gets_a_date() -> None:
    mine, gits = page("a"), page("b", date="", date_from="git")
    section = page("c", date="", date_from="")
    known = {"content/a.md": "x", "content/b.md": "2020-01-01T00:00:00Z"}
    assert undated([mine, gits, section, Entry(source="x")]) == ["content/b.md"]
    after = dated(gits, known).document
    assert after
    assert after.date == "2020-01-01T00:00:00Z"
    assert dated(gits, {}) == gits


def test_nothing_is_read_of_links_and_submodules(made: Made, renderer: Renderer) -> None:
    here = Repository(made.path)
    commit = made.commit(
        {b"content/l.md": At("120000", b"/etc/passwd"), b"content/s.md": At("160000", "1" * 40)}
    )
    todo = plan(SITE, here.tree(commit))
    assert list(read_documents(here, renderer, SITE, todo.documents, {})) == []
