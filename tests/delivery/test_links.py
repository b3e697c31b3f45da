from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content import renderings
from apps.content.index import Index
from apps.content.index_writer import IndexWriter
from apps.content.links import REFERENCE, target, targets
from apps.content.reader import Reader
from apps.content.renderings import MARK, Body
from apps.delivery.links import resolve
from tests.content.entries import asset, files, page, write
from tests.tables import each_of

SOURCE, ROOT = "content/posts/a.md", "content/"


@each_of(
    ("link", "path", "rest"),
    [
        ("b.md", "content/posts/b.md", ""),
        ("./b.md", "content/posts/b.md", ""),
        ("../c.md", "content/c.md", ""),
        ("../../media/x.png", "media/x.png", ""),
        ("b.md#part", "content/posts/b.md", "#part"),
        ("b.md?x=1#part", "content/posts/b.md", "?x=1#part"),
        ("b.md#a?b", "content/posts/b.md", "#a?b"),
        ("a%20b.md", "content/posts/a b.md", ""),
        ("%C3%BCber.md", "content/posts/über.md", ""),
        ("a//b.md", "content/posts/a/b.md", ""),
        ("@/c.md", "content/c.md", ""),
        ("@/posts/b.md#x", "content/posts/b.md", "#x"),
        ("?page=2", "", "?page=2"),
        ("", "", ""),
    ],
)
def test_a_link_names_a_file_beside_its_document_or_below_the_root(
    link: str, path: str, rest: str
) -> None:
    assert target(link, SOURCE, ROOT) == (path, rest)


@pytest.mark.parametrize(
    "link",
    [
        "../../../etc/passwd",
        "..%2f..%2f..%2fetc/passwd",
        "%2fetc/passwd",
        "@/../../x",
        "../..",
        "../../../../..",
    ],
)
def test_a_link_out_of_the_repository_names_nothing(link: str) -> None:
    assert target(link, SOURCE, ROOT)[0] == ""


def test_a_file_whose_name_begins_with_dots_is_in_the_repository() -> None:
    assert target("..notes.md", "a.md", "") == ("..notes.md", "")


def test_a_document_at_the_top_of_a_plain_repository_links_too() -> None:
    assert target("python/b.md", "README.md", "") == ("python/b.md", "")
    assert target("@/b.md", "python/a.md", "") == ("b.md", "")


@given(st.text(max_size=30), st.sampled_from([SOURCE, "README.md", "a/b/c/d.md"]))
def test_no_link_leaves_the_repository(link: str, source: str) -> None:
    path, _ = target(link, source, ROOT)
    assert not path.startswith("/")
    assert ".." not in path.split("/")


@given(st.text(max_size=30), st.sampled_from([SOURCE, "README.md", "a/b/c/d.md"]))
def test_no_reference_leaves_the_repository(name: str, source: str) -> None:
    for path in targets(REFERENCE + name, source, ROOT)[0]:
        assert not path.startswith("/")
        assert ".." not in path.split("/")


@contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    """An index that has a page, a page of a strange name, and a picture."""
    places = files(folder)
    with closing(IndexWriter(places)) as writer:
        write(
            writer,
            page("posts/b"),
            page("posts/é b", url='/posts/é "b"/'),
            asset("content/posts/x.png", url="/posts/x.png"),
        )
    renderings.connect(places.renderings).close()
    with Index(places).snapshot(lambda *_: None) as reader:
        yield reader


def resolved(folder: Path, html: str, *links: str) -> str:
    with reading(folder) as reader:
        return resolve(Body(html.replace("|", MARK), links), SOURCE, ROOT, reader)


def test_a_marker_becomes_the_url_of_the_file(tmp_path: Path) -> None:
    html = '<a href="|0|">b</a><img src="|1|">'
    assert resolved(tmp_path, html, "b.md#part", "x.png") == (
        '<a href="/posts/b/#part">b</a><img src="/posts/x.png">'
    )


def test_a_link_may_be_used_twice_and_out_of_order(tmp_path: Path) -> None:
    assert resolved(tmp_path, "|1| |0| |1|", "b.md", "x.png") == (
        "/posts/x.png /posts/b/ /posts/x.png"
    )


def test_a_url_is_quoted_for_the_place_it_stands_in(tmp_path: Path) -> None:
    assert resolved(tmp_path, '"|0|"', "é%20b.md") == '"/posts/%C3%A9%20%22b%22/"'
    assert resolved(tmp_path, '"|0|"', 'b.md#"><script>') == '"/posts/b/#&quot;&gt;&lt;script&gt;"'


def test_a_link_to_no_file_stays_as_it_was_written(tmp_path: Path) -> None:
    assert resolved(tmp_path, '"|0|"', 'none.md?a&"') == '"none.md?a&amp;&quot;"'


def test_a_body_without_links_is_left_alone(tmp_path: Path) -> None:
    assert resolved(tmp_path, "<p>x</p>") == "<p>x</p>"


@pytest.mark.parametrize("name", ["b", "b.md", "posts/b", "/posts/b.md"])
def test_a_reference_names_a_document_beside_or_from_the_top_perhaps_without_ending(
    tmp_path: Path, name: str
) -> None:
    assert resolved(tmp_path, '"|0|"', f"{REFERENCE}{name}#part") == '"/posts/b/#part"'


def test_a_reference_to_no_document_stays_as_it_was_written(tmp_path: Path) -> None:
    assert resolved(tmp_path, '"|0|"', f"{REFERENCE}posts/none.md#a") == '"posts/none.md#a"'


def test_more_links_than_one_statement_takes_are_resolved(tmp_path: Path) -> None:
    links = [f"{REFERENCE}none-{number}" for number in range(4_000)]
    html = "".join(f"|{number}|" for number in range(len(links) + 1))
    assert resolved(tmp_path, html, *links, "b.md").endswith("/posts/b/")
