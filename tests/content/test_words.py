"""Words of a document: without markup, without what cannot be seen, and each sign by itself where
a script has no spaces."""

from hypothesis import given
from hypothesis import strategies as st

from apps.content import markup
from apps.content.seen import seen
from apps.content.words import BODY, BREAK, HEADINGS, joined, plain, sign, spaced

MARKDOWN = """---
title: Weir
---
# Weir

## The *old* one

A [link](https://example.org/secret) and `code`, **bo**ld &amp; more.
<script>alert("x")</script><!-- <b>hidden</b> --> <img alt="a heron" src="h.png">

```python
print("printed")
```

## Empty
"""


def words(kind: str, text: str) -> tuple[str, str]:
    found = markup.parse(kind, text).words
    return found.headings, found.body


def test_markdown_is_read_without_its_marks() -> None:
    for kind in ("commonmark", "python-markdown"):
        headings, body = words(kind, MARKDOWN)
        assert headings == "The old one Empty"
        assert "A link and code, bold & more." in body
        assert 'print("printed")' in body and "a heron" in body
        assert not {"secret", "alert", "hidden", "python"} & set(body.split())
        assert not body.startswith("Weir")


def test_other_markups_are_read_as_what_they_are() -> None:
    assert words("html", "<title>T</title><h2>One</h2><p>two<br>three") == ("One", "One two three")
    assert words("json", '{"title": "T", "body": "<p>one</p>"}') == ("", "one")
    assert words("json", '{"markup": "markdown", "body": "*one*"}') == ("", "one")
    assert words("asciidoc", "= T\n\nOne *two*") == ("", "= T One *two*")


def test_what_only_another_system_can_run_is_read_as_it_is_shown() -> None:
    text = 'One {{< figure src="a.png" caption="A heron" >}} {{< unknown two >}}\n'
    body = words("commonmark+hugo", text)[1]
    assert body.startswith("One") and "unknown two" in body and "fragment" not in body


def test_a_body_that_no_parser_is_given_is_read_as_text() -> None:
    deep = ">" * 200 + " one"
    assert markup.parse("commonmark", deep).flaws
    assert "one" in words("commonmark", deep)[1]


def test_of_a_long_document_the_beginning_can_be_found() -> None:
    assert len(words("commonmark", "a" * BODY)[1]) == len(words("commonmark", "a" * (BODY + 1))[1])
    long = f"# t\n\n## {'b' * HEADINGS}\n"
    assert len(words("commonmark", long)[0]) == len(words("commonmark", f"{long}\n## c\n")[0])


def test_hidden_parts_end_where_they_end() -> None:
    assert seen("a<script>b<i>c</script>d")[1].split() == ["a", "d"]
    assert seen("a<!-- b > <i> -->c<STYLE>d</Style >e")[1].split() == ["a", "c", "e"]
    assert seen("a<script>b")[1].split() == ["a"]
    assert seen("1 < 2 <b>bo</b>ld <a href='/'>li</a>nk")[1].split() == [
        "1",
        "<",
        "2",
        "bold",
        "link",
    ]


@given(st.text())
def test_any_text_is_seen_as_something(text: str) -> None:
    for part in seen(text):
        assert isinstance(part, str)
    assert plain(plain(text)) == plain(text)


@given(st.text(st.sampled_from("ab \u6771\u4eac\u0e01\u0e31\ud55c\uae00")))
def test_breaks_are_taken_out_again(text: str) -> None:
    line = plain(text)
    assert joined(spaced(line)) == line


def test_signs_stand_by_themselves() -> None:
    assert spaced("ab\u6771\u4eac c").split(BREAK) == ["ab", "\u6771", "\u4eac c"]
    assert spaced("caf\u00e9 ok") == "caf\u00e9 ok"


def test_every_sign_stands_by_itself_and_nothing_else() -> None:
    for code in range(0, 0x110000, 16):
        letter = chr(code)
        assert (BREAK in spaced(f"a{letter}").removesuffix(BREAK)) == bool(sign().match(letter))


def test_what_cannot_be_seen_is_no_word() -> None:
    assert plain("a\x00b\u202ec\ufeff d\u00ade\n\tf") == "a b c de f"
