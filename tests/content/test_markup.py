"""Bodies in every markup: what a reader gets, which title it has, and what is not even tried."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content import bounds
from apps.content.code_blocks import MARK as CODE
from apps.content.headings import plain
from apps.content.markup import MARKUPS, parse, render
from apps.content.sanitise import MARK

MARKDOWN = ("commonmark", "python-markdown")


def body(markup: str, text: str) -> str:
    rendered = render(markup, text)
    assert rendered.flaws == ()
    return rendered.html


def refused(markup: str, text: str) -> str:
    """The code of the one flaw; the text itself is shown."""
    rendered = render(markup, text)
    (flaw,) = rendered.flaws
    assert flaw.line >= 1 and flaw.reason
    assert 'class="notice"' in rendered.html
    return flaw.code


# Dialects


def test_commonmark_has_what_github_has() -> None:
    html = body(
        "commonmark",
        "## A _b_\n\n~~c~~ https://x.org/\n\n| d | e |\n|:-:|--:|\n| 1 | 2 |\n\n"
        "- [x] f\n- [ ] g\n\nh[^1]\n\n[^1]: i\n\nj\n\n: k\n\n> [!NOTE]\n> l\n\n```rust\nm\n```\n",
    )
    for part in [
        '<h2 id="a-b">A <em>b</em></h2>',
        "<del>c</del>",
        '<a href="https://x.org/">https://x.org/</a>',
        '<th align="center">d</th>',
        '<td align="right">2</td>',
        '<input disabled="" class="task-list-item-checkbox" checked="" type="checkbox">',
        '<a href="#fn-1" id="fnref-1">1</a>',
        '<li id="fn-1">',
        "<dt>j</dt>",
        'class="markdown-alert markdown-alert-note"',
        f'<code class="language-rust">{CODE}0{CODE}</code>',
    ]:
        assert part in html


def test_python_markdown_has_its_own_extensions() -> None:
    html = body(
        "python-markdown",
        "## A _b_ {: .wide }\n\n| d | e |\n|:-:|--:|\n| 1 | 2 |\n\nh[^1]\n\n[^1]: i\n\n"
        'j\n:   k\n\n!!! note "Title"\n    l\n\n```rust\nm\n```\n\n1. n\n\n* o\n',
    )
    for part in [
        '<h2 class="wide" id="a-b">A <em>b</em></h2>',
        '<th align="center">d</th>',
        '<div class="footnote">',
        "<dt>j</dt>",
        '<p class="admonition-title">Title</p>',
        f'<code class="language-rust">{CODE}0{CODE}</code>',
        "<ol>",
        "<ul>",
    ]:
        assert part in html


def test_the_same_text_gives_the_same_bytes_whatever_came_before() -> None:
    for markup in MARKDOWN:
        first = body(markup, "# A\n\n## B\n\nx[^1]\n\n[^1]: y\n")
        body(markup, "## B\n\nz[^1]\n\n[^1]: other\n\n[ref]: /u\n")
        assert body(markup, "# A\n\n## B\n\nx[^1]\n\n[^1]: y\n") == first


def test_headings_have_ids_that_links_can_name() -> None:
    def ids(text: str) -> list[str]:
        return re.findall(r'<h\d id="([^"]*)"', body("commonmark", f"---\ntitle: t\n---\n{text}"))

    assert ids("## What's new?\n\n## `-Z` flag\n\n## Über\n\n## 日本語\n\n## ???\n") == [
        "what-s-new",
        "z-flag",
        "uber",
        "日本語",
        "section",
    ]
    assert ids("## A\n\n## A\n\n## A-1\n\n## A\n") == ["a", "a-1", "a-1-1", "a-2"]
    assert ids("## Long heading {#short}\n") == ["short"]
    assert ids("[x](#whats-new)\n\n## What's new\n") == ["whats-new"]
    assert ids("Setext\n---\n") == ["setext"]


def test_links_into_the_repository_are_marked() -> None:
    rendered = render("commonmark", "[a](b.md#c) ![d](e.pdf) [f](@/g.md) [h](https://x/) [i](#j)")
    assert rendered.links == ("b.md#c", "e.pdf", "@/g.md")
    assert f'<a href="{MARK}0{MARK}">a</a> <img src="{MARK}1{MARK}" alt="d">' in rendered.html


# Titles

TITLES = [
    ("# A\n\ntext\n", "A"),
    ("text\n\n# A\n", "A"),
    ("text\n# A\nmore\n", "A"),
    ("A\n===\n\ntext\n", "A"),
    ("## Two\n\n# A #\n", "A"),
    ("# A `b` *c* **d** [e](f) ![g](h.png)\n", "A b c d e g"),
    ("# [A][r]\n\n[r]: /x\n", "A"),
    ("# 1. A\n", "1. A"),
    ("# C#\n", "C#"),
    ("# A \\* b &amp; c <i>d</i>\n", "A * b & c d"),
    ("```\n# code\n```\n\n# A\n", "A"),
    ("~~~~\n# code\n~~~\n# code\n~~~~\n# A\n", "A"),
    ("<!-- # no\n\n# no\n-->\n\n# A\n", "A"),
    ("<pre>\n\n# no\n</pre>\n\n# A\n", "A"),
    ("\n\n\n# A\n", "A"),
]


@pytest.mark.parametrize("markup", MARKDOWN)
@pytest.mark.parametrize(("text", "title"), TITLES)
def test_the_first_heading_is_the_title_and_is_not_shown_again(
    markup: str, text: str, title: str
) -> None:
    assert parse(markup, text).title == title
    assert "<h1" not in body(markup, text)
    named = f"---\ntitle: T\n---\n{text}"
    assert parse(markup, named).title == "T"
    assert body(markup, named).count("<h1") >= 1


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("1. ```\n   # no\n   ```\n\n# A\n", "A"),
        ("> ```\n> # no\n> ```\n\n# A\n", "A"),
        ("> # no\n\n# A\n", "A"),
        ("- x\n\n  # no\n\n# A\n", "A"),
        ("   # A\n", "A"),
        ("    # code\n\n# A\n", "A"),
        ("<div>\n# no\n</div>\n\n# A\n", "A"),
        ("A\nB\n===\n", "A B"),
        ("## x\nA\n===\n", "A"),
        ("x\n\n---\nA\n===\n", "A"),
        ("#no\n\n# A\n", "A"),
        ("- x\n===\n\n# A\n", "A"),
        ("# A {#anchor}\n", "A"),
        ("#\n\n# A\n", "A"),
        ("````\n# no\n```\n# no\n````\n\n# A", "A"),
    ],
)
def test_commonmark_titles_follow_its_rules(text: str, title: str) -> None:
    assert parse("commonmark", text).title == title
    html = body("commonmark", text)
    assert f">{title}</h1>" not in html


@pytest.mark.parametrize(
    ("text", "title"), [("#A\n", "A"), ("# A ##\n", "A"), ("# A {: #x }\n", "A")]
)
def test_python_markdown_titles_follow_its_rules(text: str, title: str) -> None:
    assert parse("python-markdown", text).title == title
    assert "<h1" not in body("python-markdown", text)


@pytest.mark.parametrize("markup", MARKDOWN)
@pytest.mark.parametrize("text", ["", "text\n", "## Two\n", "```\n# code\n", "    # code\n", "#\n"])
def test_without_such_a_heading_there_is_no_title(markup: str, text: str) -> None:
    assert parse(markup, text).title is None


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Plain", "Plain"),
        ('" spaced\\n out "', "spaced out"),
        ("2024", "2024"),
        ("1.5", "1.5"),
        ("''", "H"),
        ("true", "H"),
        ("[a]", "H"),
        ("~", "H"),
    ],
)
def test_a_title_in_the_header_is_one_line_of_text(said: str, title: str) -> None:
    text = f"---\ntitle: {said}\n---\n# H\n"
    assert parse("commonmark", text).title == title
    assert ("<h1" in body("commonmark", text)) is (title != "H")


PIECES = st.sampled_from(
    ["# A", "## B", "A\n===", "text", "", "```", "~~~", "    code", "- item", "> quote"]
) | st.sampled_from(
    [
        "<!-- c -->",
        "| a |\n|---|",
        "*x*",
        "1. one",
        "# `c` [d](e)",
        "***",
        "[r]: /u",
        "```\n# code\n```",
    ]
)


@given(st.lists(PIECES, max_size=12))
def test_leaving_the_title_out_leaves_all_the_rest(pieces: list[str]) -> None:
    text = "\n\n".join(pieces)
    title = parse("commonmark", text).title
    whole = body("commonmark", f"---\ntitle: T\n---\n{text}")
    rest = body("commonmark", text)
    strip = re.compile(r' id="[^"]*"|\s+')
    if title is None:
        assert rest == whole
    else:
        first = re.search(r"<h1[^>]*>(.*?)</h1>", whole, re.S)
        assert first and plain(first[1]) == title
        without = whole[: first.start()] + whole[first.end() :]
        assert strip.sub("", rest) == strip.sub("", without)


# HTML, JSON, AsciiDoc


def test_of_a_whole_html_page_the_body_is_shown() -> None:
    text = (
        "---\ndate: 2026-01-01\n---\n<!doctype html><html><head><title>A</title><style>x</style>"
        "</head><body><h1>A</h1><p>b</p><script>c</script></body></html>"
    )
    assert parse("html", text).title == "A"
    assert body("html", text) == "<p>b</p>"


def test_a_part_of_a_page_is_shown_as_it_is() -> None:
    assert parse("html", "<p>a</p><h1>B <i>c</i></h1>").title == "B c"
    assert body("html", "<p>a</p><h1>B</h1>") == "<p>a</p>"
    assert body("html", "---\ntitle: T\n---\n<h1>B</h1>") == "<h1>B</h1>"
    assert parse("html", "<p>a").title is None


def test_programs_in_html_are_left_out_and_named() -> None:
    parsed = parse("html", "---\ntitle: T\n---\n<p>a</p>\n<script>x</script>")
    assert [(flaw.code, flaw.line) for flaw in parsed.flaws] == [("markup.left-out", 5)]


@pytest.mark.parametrize("key", ["body", "content"])
def test_a_json_document_is_its_own_header(key: str) -> None:
    text = f'{{"title": "T", "tags": ["a"], "{key}": "<p>x</p><script>y</script>"}}'
    parsed = parse("json", text)
    assert (parsed.parts.front, parsed.title) == ({"title": "T", "tags": ["a"]}, "T")
    assert body("json", text) == "<p>x</p>"


def test_a_json_body_may_say_that_it_is_markdown() -> None:
    assert body("json", '{"format": "markdown", "body": "*x*"}') == "<p><em>x</em></p>\n"
    assert body("json", '{"format": "other", "body": "*x*"}') == "*x*"
    assert body("json", '{"data": 1}') == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [("[1]", "not-a-mapping"), ('{"a":', "syntax"), ('{"a":1,"a":2}', "duplicate-key")],
)
def test_a_json_document_that_cannot_be_read_says_why(text: str, code: str) -> None:
    assert [flaw.code for flaw in parse("json", text).flaws] == [f"front-matter.{code}"]
    assert body("json", text) == ""


@pytest.mark.parametrize("markup", ["asciidoc", "asciidoc-text"])
def test_asciidoc_without_its_program_is_shown_as_text_with_a_warning(markup: str) -> None:
    text = "// comment\n= A *b*\n:author: x\n\n== C\n\n<script>d</script>\n"
    assert parse(markup, text).title == "A b"
    html = body(markup, text)
    assert 'class="notice"' in html and "Asciidoctor" in html
    assert "= A" not in html.replace("== C", "") and "== C" in html
    assert "&lt;script&gt;" in html and "<script" not in html


def test_asciidoc_made_html_is_only_sanitised() -> None:
    assert body("asciidoc-html", "<h1>a</h1><p onclick=x>b</p>---\n") == "<h1>a</h1><p>b</p>---\n"


def test_an_unknown_markup_is_an_error() -> None:
    for use in (parse, render):
        with pytest.raises(ValueError, match="not a markup"):
            use("docx", "x")


# Bounds

EXPLOSIVE = {
    "quotes": ">" * 100_000,
    "quotes in a list": "- " + ">" * 100_000,
    "divs": "<div>" * 20_000,
    "formatting": "".join(f"<p><b id={n}>" for n in range(3_000)),
    "table": "|a" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "|a\n" * 2_000,
    "attributes": "<br " + " ".join(f"a{n}" for n in range(50_000)) + ">",
}
ONLY_COMMONMARK = {
    "lists": "".join("  " * n + "- a\n" for n in range(800)),
    "descriptions": "x\n\n: a\n\n" * 20_000,
    "footnotes": "[^a]" * 60_000 + "\n\n[^a]: [^a]\n",
}
ONLY_PYTHON_MARKDOWN = {
    "brackets": "[" * 5_000,
    "images": "![[" * 4_000,
    "links": "[a](" * 4_000,
    "sections": "<![CDATA[" * 3_000,
    "tags": "<a " * 5_000,
    "references": "[^a]" * 4_000 + "\n\n[^a]: x\n",
    "lists": "".join("    " * n + "- a\n" for n in range(300)),
    "definitions": "x\n:   a\n" * 2_000,
    "headings": "# a\n" * 20_000,
    "rules": "a\n---\n" * 20_000,
    "fences": "~~~~x\n" * 60_000,
    "notes": "- " + "[^a]: x\n[x]: y\n](" * 6_000,
    "terms": "a\n: " * 30_000,
}


@pytest.mark.parametrize(
    ("markup", "text"),
    [(markup, text) for markup in MARKDOWN for text in EXPLOSIVE.values()]
    + [("commonmark", text) for text in ONLY_COMMONMARK.values()]
    + [("python-markdown", text) for text in ONLY_PYTHON_MARKDOWN.values()],
)
def test_what_would_explode_is_shown_as_text(markup: str, text: str) -> None:
    assert refused(markup, text).startswith("markup.too-")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5_000,
        "![[" * 20_000,
        "- " * 20_000 + "a",
        "*a **b " * 5_000,
        "`a" * 20_000,
        "[a](" * 20_000,
        "a.b@c.d " * 30_000,
        "# a\n" * 5_000,
        "<!--" * 20_000,
    ],
)
def test_commonmark_takes_other_pathological_text_in_its_stride(text: str) -> None:
    assert render("commonmark", text).flaws == ()


def test_html_that_is_too_deep_is_shown_as_text() -> None:
    assert refused("html", "<div>" * 20_000) == "markup.too-deep"
    assert "&lt;div&gt;" in render("html", "<div>" * 20_000).html


def test_what_rendering_will_refuse_is_already_known_from_parsing() -> None:
    text = "---\ntitle: T\n---\n\n" + ">" * 100
    (flaw,) = parse("commonmark", text).flaws
    assert (flaw.code, flaw.line) == ("markup.too-deep", 5)
    assert render("commonmark", text).flaws == (flaw,)


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize(
    "text",
    [
        "# a" + " " * 200_000 + "b",
        "# a" + " {#a" * 50_000 + "}",
        "# a" + " #" * 200_000 + "b",
        "# [a]\n" + "[a\n" * 100_000,
        "- a\n" + "\n  # b" * 5_000,
        "= " + "*x " * 200_000,
        ":a\n" * 100_000,
        '{"' + '\\"' * 200_000,
        "{" + " " * 200_000 + "x",
        "+++\n" + "a" * 60_000 + "\n+++\n",
        "<img srcset='" + "a," * 100_000 + ",'>",
        "<a href='" + "&#xFDD0" * 100_000 + "x'>",
        "~" * 100_000 + "\n" + "~~~\n" * 20_000,
    ],
)
def test_no_scan_of_ours_takes_time_by_the_square(markup: str, text: str) -> None:
    """By the square each of these would take minutes."""
    parse(markup, text)
    if markup != "python-markdown":
        render(markup, text)


def test_a_title_has_an_end() -> None:
    for markup, text in [("commonmark", "# "), ("html", "<h1>"), ("asciidoc", "= ")]:
        assert parse(markup, text + "x" * 5_000).title == "x" * bounds.MAX_TITLE


def test_size_is_bounded_from_both_sides() -> None:
    most = "x" * bounds.MAX_DOCUMENT
    assert render("commonmark", most).flaws == ()
    assert parse("commonmark", most + "x").flaws[0].code == "markup.too-large"
    rendered = render("commonmark", most + "x")
    assert rendered.flaws[0].code == "markup.too-large"
    assert len(rendered.html) < 1_000


@pytest.mark.parametrize(
    ("markup", "make", "most"),
    [
        ("commonmark", lambda n: ">" * n, bounds.MAX_QUOTES),
        ("python-markdown", lambda n: ">" * n, bounds.MAX_QUOTES),
        ("commonmark", lambda n: "x\n\n: a\n\n" * n, bounds.MAX_DESCRIPTIONS),
        ("python-markdown", lambda n: "x" * n, bounds.MAX_PYTHON_MARKDOWN),
        ("python-markdown", lambda n: "# a\n\n" * n, bounds.MAX_HEADINGS),
        ("python-markdown", lambda n: "- a\n" + " " * n + "- b\n", bounds.MAX_INDENT),
        ("commonmark", lambda n: "|a|b\n|-|-\n" + "|a\n" * (n // 2 - 2), bounds.MAX_TABLE_CELLS),
    ],
)
def test_every_bound_is_kept_from_both_sides(
    markup: str, make: Callable[[int], str], most: int
) -> None:
    check = bounds.check_commonmark if markup == "commonmark" else bounds.check_python_markdown
    check(make(most))
    with pytest.raises(ValueError):
        check(make(most + 2))


def test_the_cost_of_a_block_is_bounded_from_both_sides() -> None:
    most = int(bounds.MAX_BLOCK_COST**0.5)
    bounds.check_python_markdown("[" * most)
    with pytest.raises(ValueError):
        bounds.check_python_markdown("[" * (most + 1))


def test_ordinary_long_documents_are_within_all_bounds() -> None:
    paragraph = "Some *text* with a [link](x.md) and `code` in it, [again](y.md).\n"
    document = "".join(
        f"## Section {n}\n\n{paragraph * 5}\n- [a](b)\n- [c](d)\n\n```\n[[[<<<```\n```\n\n"
        f"| a | b |\n|---|---|\n| 1 | 2 |\n\n[ref{n}]: /x\n"
        for n in range(300)
    )
    for markup in MARKDOWN:
        assert parse(markup, document).flaws == ()
        assert render(markup, document).flaws == ()


def test_python_markdown_is_whole_again_after_a_failure() -> None:
    deep = "".join(" " * 4 * n + "- a\n" for n in range(99)) + "x\n:   a\n" * 1_000
    refused("python-markdown", deep)
    assert body("python-markdown", "- a\n\n## b\n") == '<ul>\n<li>a</li>\n</ul>\n<h2 id="b">b</h2>'


@given(
    st.sampled_from(MARKUPS),
    st.lists(
        st.sampled_from(
            ["<script>", "</script>", "<img src=x onerror=y>", "<svg onload=x>", "---\n"]
        )
        | st.sampled_from(
            ["[x](javascript:y)", "<javascript:x>", "![a](data:text/html,x)", "`", "\n"]
        )
        | st.sampled_from(
            ["{: onclick=x }", "{", "}", '"body": "', "+++\n", "# ", "= ", "&lt;", "\ufdd0"]
        )
        | st.text(max_size=5)
    ).map("".join),
)
def test_no_text_fails_or_brings_code_through(markup: str, text: str) -> None:
    parse(markup, text)
    rendered = render(markup, text)
    tags = re.findall(r"<[a-zA-Z][^>]*>", rendered.html)
    assert not [t for t in tags if re.match(r"<(?:script|svg|style|iframe)|.*\son\w+=", t)]
    assert not [t for t in tags if re.search(r'(?:href|src)="\s*(?:javascript|data):', t)]
    assert rendered.html.count(MARK) == 2 * len(re.findall(f"{MARK}[0-9]+{MARK}", rendered.html))
