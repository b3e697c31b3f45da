"""Marks for what a theme has of the pictures in a body."""

import pytest
import turbohtml
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.html import mark_links
from apps.content.renderings import Body
from apps.content.sanitise import MARK, clean
from tests.tables import each_of


def marked(html: str) -> str:
    """The body with its marks as `[…]`."""
    parts = mark_links(html)[0].split(MARK)
    parts[1::2] = [f"[{mark}]" for mark in parts[1::2]]
    return "".join(parts)


@each_of(
    ("html", "found"),
    [
        ('<img src="a.png">', '[b0]<img src="[0]"[i0rsa]>[e0]'),
        ('<img src="/m/a.png">', '[b0]<img src="/m/a.png"[i0rsa]>[e0]'),
        ('<img src="a.svg?x#y">', '[b0]<img src="[0]"[i0rsa]>[e0]'),
        ('<img src="a%2Ejpg">', '[b0]<img src="[0]"[i0rsa]>[e0]'),
        ('<img src="a.png" width="3">', '[b0]<img src="[0]" width="3"[i0ra]>[e0]'),
        ('<img src="a.png" srcset="b.png 2x">', '<img src="[0]" srcset="[1] 2x"[i0sa]>'),
        ('<img src="a.png" loading="eager">', '[b0]<img src="[0]" loading="eager"[i0rsa]>[e0]'),
        ('<img src="a.png" decoding="sync">', '[b0]<img src="[0]" decoding="sync"[i0rs]>[e0]'),
        ('<picture><img src="a.png"></picture>', '<picture><img src="[0]"></picture>'),
    ],
)
def test_a_picture_is_marked_for_what_its_author_did_not_say(html: str, found: str) -> None:
    assert marked(html) == found


def test_all_but_the_first_may_wait() -> None:
    text = marked('<img src="a.png"><img src="b.png"><img src="a.png">')
    assert [part for part in text.split("[") if part.startswith("i")] == [
        *("i0rsa]>", "i1rsla]>", "i0rsla]>"),
    ]


@pytest.mark.parametrize(
    "source",
    ["https://x/a.png", "//x/a.png", "data:image/png;base64,AA", "#a.png", "a.pdf", "a", "\\a.png"],
)
def test_what_is_no_picture_of_the_site_is_left_alone(source: str) -> None:
    assert "[i" not in marked(f'<img src="{source}">')


def test_what_only_looks_like_a_picture_is_left_alone() -> None:
    tricky = "<a title='<img src=\"a.png\">' href='/x'>t</a><p>&lt;img src=\"a.png\"&gt;</p>"
    assert "[i" not in marked(clean(tricky))


def test_a_body_can_be_shown_without_a_site() -> None:
    html, links = mark_links('<p><img src="a.png"> <a href="b.md?x=1&amp;y">b</a></p>')
    shown = Body(html, tuple(links)).as_written()
    assert shown == '<p><img src="a.png"> <a href="b.md?x=1&amp;y">b</a></p>'


ATTRIBUTES = st.lists(
    st.tuples(
        st.sampled_from(("src", "alt", "title", "srcset", "width", "data-frame", "loading")),
        st.text(alphabet="a.\"<>='& /i0\ufdd0", max_size=12),
    ),
    max_size=5,
)


@settings(max_examples=40)
@given(ATTRIBUTES)
def test_marks_stand_only_where_a_tag_takes_them(attributes: list[tuple[str, str]]) -> None:
    """What is put at a mark within a tag is an attribute of that tag, whatever its author wrote."""
    written = "".join(f" {name}='{value}'" for name, value in attributes)
    html = clean(f'<p>x<img src="a.png"{written}>y</p><a title="<img src=b.png">z</a>')
    parts = mark_links(html)[0].split(MARK)
    inside = [mark for mark in parts[1::2] if mark.startswith("i")]
    parts[1::2] = [' data-put="1"' if mark.startswith("i") else "0" for mark in parts[1::2]]
    tree = turbohtml.parse_fragment("".join(parts))
    assert len(tree.select("img[data-put]")) == len(tree.select("[data-put]")) == len(inside)
    assert "data-put" not in tree.text
