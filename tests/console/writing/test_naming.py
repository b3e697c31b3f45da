"""Where new documents and files come to lie, what files are, and what commits say of changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.console.writing.bounds import NAME_CHARACTERS
from apps.console.writing.naming import beside, document_path, file_name, free, is_bundled
from apps.console.writing.sniffing import Sniffed, sniffed
from apps.console.writing.states import State
from apps.console.writing.suggestion import suggested
from apps.content.parts import Part
from apps.gitsync.writing.changes import check_path
from apps.gitsync.writing.wording import CAUSE, worded

OURS, JEKYLL = Part(layout="whispercms"), Part(layout="jekyll")


def test_a_path_follows_the_title_and_the_neighbours() -> None:
    day = "2026-01-02"
    assert (
        document_path(OURS, "content/a", "Über uns!", day, bundled=False) == "content/a/uber-uns.md"
    )
    assert document_path(OURS, "", "One", day, bundled=True) == "one/index.md"
    assert document_path(JEKYLL, "_posts", "One", day, bundled=False) == "_posts/2026-01-02-one.md"
    assert document_path(OURS, "c", "?", day, bundled=False, suffix=".html") == "c/page.html"
    assert is_bundled(["c/a/index.md", "c/b/index.md", "c/c.md"])
    assert not is_bundled(["c/a/index.md", "c/c.md"]) and not is_bundled([])
    assert beside("c/a/index.md") == "c/a" and beside("c/a.md") == "" == beside("index.md")


@given(st.text(), st.text(max_size=12))
def test_any_name_becomes_one_that_a_site_can_hold(name: str, ending: str) -> None:
    made = file_name(name, ending)
    check_path(made)
    assert len(made) <= NAME_CHARACTERS + 11 and "/" not in made
    check_path(document_path(OURS, "content", name, "2026-01-02", bundled=False))


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert free("media/a.png", {"media/b.png"}) == "media/a.png"
    assert free("media/a.png", {"media/a.png", "media/a-2.png"}) == "media/a-3.png"
    assert free("a.tar", {"a.tar"}) == "a-2.tar"


@pytest.mark.parametrize(
    ("name", "start", "found"),
    [
        ("a.html", b"\x89PNG\r\n\x1a\n", Sniffed(".png")),
        ("a.JPEG", b"\xff\xd8\xff\xe0", Sniffed(".jpeg")),
        ("a.docx", b"PK\x03\x04", Sniffed(".docx")),
        ("a.png", b"PK\x03\x04", Sniffed(".zip")),
        ("a.jpg", b"RIFF\0\0\0\0WEBPVP8 ", Sniffed(".webp")),
        ("a.txt", b"\0\0\0\x18ftypavif", Sniffed(".avif")),
        ("a.txt", b"\0\0\0\x18ftypisom", Sniffed(".mp4")),
        ("a.png", b"<html><script>", Sniffed(".html", is_active=True)),
        ("a.png", b"<?xml version='1.0'?><svg>", Sniffed(".svg", is_active=True)),
        ("a.txt", b" <SVG onload=x>", Sniffed(".svg", is_active=True)),
        ("a.csv", b"a,b\n", Sniffed(".csv")),
        ("a.png", b"a,b\n", Sniffed(".txt")),
        ("a.svg", b"a,b\n", Sniffed(".txt")),
        ("a.js", b"x()", Sniffed(".js", is_active=True)),
        ("a.stl", b"\0\1\2", Sniffed(".stl")),
        ("a.png", b"\0\1\2", Sniffed(".bin")),
        ("a", b"\xff\xfe\0", Sniffed(".bin")),
    ],
)
def test_a_file_is_what_it_holds(name: str, start: bytes, found: Sniffed) -> None:
    assert sniffed(name, start) == found


def test_a_message_says_what_changed() -> None:
    assert suggested("One", []) == "Edit “One”"
    assert (
        suggested("One", ["title", "Tags", "Date", "text"])
        == "Edit “One”: title, Tags, Date and 1 more"
    )
    assert suggested("One", [], state=State.PUBLISHED) == "Publish “One”"
    assert suggested("One", ["text"], state=State.DRAFT) == "Make a draft of “One”; change text"
    assert suggested("One", [], state=State.SCHEDULED, when="noon") == "Schedule “One” for noon"
    assert suggested("One", [], created=True) == "Write “One”"


@given(st.text(), st.lists(st.text(), max_size=5), st.sampled_from([None, *State]))
def test_any_title_makes_a_message_that_git_takes(
    title: str, names: list[str], state: State | None
) -> None:
    assert worded(suggested(title, names, state=state), {CAUSE: "console"})
