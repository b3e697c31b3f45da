import re
from html import escape, unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.wordpress import bounds
from apps.content.wordpress.conversion import convert

TEXT = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="[]\ufdd1\ufdd2\u2028\u2029"
    ),
    max_size=60,
)


def html(body: str) -> str:
    """With addresses as they were written."""
    return "".join(map(_plain, convert(body)["pieces"]))


def _plain(piece: Any) -> str:
    return piece if isinstance(piece, str) else piece.get("raw", repr(piece))


def shown(found: str) -> str:
    return " ".join(unescape(re.sub(r"<[^<>]*>", " ", found)).split())


@given(TEXT, TEXT)
@settings(max_examples=25)
def test_what_a_reader_sees_is_what_was_written(one: str, two: str) -> None:
    body = f"{escape(one)}\n\n<b>{escape(two)}</b>"
    assert shown(html(body)) == " ".join(f"{one} {two}".split())


def test_addresses_stand_by_themselves() -> None:
    pieces = convert('<a href="/x?a=1&amp;b=2">x</a>')["pieces"]
    assert pieces[1] == {"url": "/x?a=1&b=2", "raw": "/x?a=1&amp;b=2"}
    assert pieces[0] + pieces[2] == '<p><a href="">x</a></p>\n'


def test_sizes_of_pictures_go_as_the_site_makes_its_own() -> None:
    assert (
        html('<img src="a.jpg" srcset="b.jpg 2x" sizes="1px" />') == '<p><img src="a.jpg" /></p>\n'
    )


def test_captions_become_figures() -> None:
    body = (
        '[caption id="a" align="alignleft" width="3"]<a href="b"><img src="c"/></a> Words[/caption]'
    )
    assert html(body) == (
        '<figure class="wp-caption alignleft"><a href="b"><img src="c"/></a>'
        "<figcaption>Words</figcaption></figure>\n"
    )


def test_the_class_of_a_caption_is_one_of_four() -> None:
    assert 'class="wp-caption"' in html('[caption align="evil"]<img src="c"/>x[/caption]')


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[gallery]", {"gallery": [], "columns": "3"}),
        ('[gallery ids="3,1" columns="2"]', {"gallery": ["3", "1"], "columns": "2"}),
        ('[gallery columns="\'><script>"]', {"gallery": [], "columns": "3"}),
    ],
)
def test_galleries_are_left_to_who_knows_the_pictures(body: str, expected: Any) -> None:
    assert convert(body)["pieces"][1] == expected


def test_players_and_embedded_addresses_stay_to_be_followed() -> None:
    assert '<source src="https://x.example/a.mp3">' in html('[audio mp3="https://x.example/a.mp3"]')
    assert '<video controls preload="none">' in html(
        '[video src="https://x.example/a.mp4"][/video]'
    )
    link = '<p><a href="https://v.example/1">https://v.example/1</a></p>'
    assert link in html("[embed]https://v.example/1[/embed]")
    assert link in html("before\n\nhttps://v.example/1\n\nafter")


def test_other_shortcodes_stay_as_text_and_are_told() -> None:
    found = convert('[contact-form id="1"] and [1] and [sic] and [[gallery]] [x]in[/x]')
    assert found["left"] == {"[contact-form]": 1, "[x]": 1}
    assert found["pieces"] == [
        '<p>[contact-form id="1"] and [1] and [sic] and [gallery] [x]in[/x]</p>\n'
    ]


def test_comments_of_blocks_go_and_blocks_that_only_wordpress_makes_are_told() -> None:
    body = (
        '<!-- wp:paragraph {"a":{"b":"c"}} -->\n<p>one\ntwo</p>\n<!-- /wp:paragraph -->\n\n'
        "<!-- wp:latest-posts /-->\n\n<!-- wp:my/own -->\n<div>x</div>\n<!-- /wp:my/own -->"
    )
    found = convert(body)
    assert found["left"] == {"wp:latest-posts": 1}
    assert "".join(found["pieces"]).split() == ["<p>one", "two</p>", "<div>x</div>"]


def test_between_blocks_stands_classic_text() -> None:
    assert html("a\n\nb\n\n<!-- wp:html -->\nc\n\nd\n<!-- /wp:html -->\n") == (
        "<p>a</p>\n<p>b</p>\nc\n\nd\n"
    )


def test_a_block_that_is_used_again_has_its_number() -> None:
    assert {"block": "12"} in convert('<!-- wp:block {"ref":12} /-->')["pieces"]


def test_pages_of_a_post_become_one() -> None:
    found = convert("a<!--more-->b\n\n<!--nextpage-->\n\nc<!-- a secret -->")
    assert found["left"] == {"<!--more-->": 1, "<!--nextpage-->": 1}
    assert "<!--" not in "".join(found["pieces"])


HOSTILE = [
    "<pre ", "<pre></pre><pre ", "<!-- wp:x ", "<!--", "[caption]", "[gallery]", "[a=", "<p><li",
    '<a "', "<br>\n", "<figcaption> ", " \n", "\n\nhttp://x", '<a href="', "<!-- wp:x -->",
    "<!-- wp:x /-->", "&amp;", "[[", "</blockquote></p>",
]  # fmt: skip


@pytest.mark.parametrize("part", HOSTILE)
def test_no_body_takes_more_than_its_length_asks_for(part: str) -> None:
    """What is not linear would not end: a body may be a hundred times as long."""
    repeated = part * (20_000 // len(part))
    assert len(convert(repeated)["pieces"]) <= len(repeated) + 1
    assert len(convert(repeated)["left"]) <= bounds.LEFT
