"""Blocks of program code are taken out of a body and put back."""

from apps.content.bounds import MAX_CODE, MAX_CODE_BLOCK
from apps.content.code_blocks import MARK, Code, put, take

RUST = '<pre><code class="language-rust">fn a() -&gt; &amp;str\n</code></pre>'


def test_a_block_is_taken_with_its_language_and_its_text() -> None:
    html, blocks = take(f"<p>x</p>{RUST}")
    assert blocks == [Code("rust", "fn a() -> &str\n")]
    assert html == f'<p>x</p><pre><code class="language-rust">{MARK}0{MARK}</code></pre>'
    assert (
        put(html, ["<b>y</b>"]) == '<p>x</p><pre><code class="language-rust"><b>y</b></code></pre>'
    )


def test_what_follows_a_comma_is_no_part_of_the_language() -> None:
    assert take(RUST.replace("rust", "rust,ignore"))[1][0].language == "rust"


def test_every_markup_has_blocks() -> None:
    asciidoc = '<pre class="highlight"><code class="language-ruby">x</code></pre>'
    assert take(asciidoc)[1] == [Code("ruby", "x")]


def test_code_without_a_language_or_with_elements_in_it_is_left_alone() -> None:
    for html in ("<pre><code>x</code></pre>", RUST.replace("fn", "<b>fn</b>")):
        assert take(html) == (html, [])


def test_no_document_brings_marks_of_its_own() -> None:
    html, blocks = take(f"<p>{MARK}0{MARK}</p>{RUST}")
    assert put(html, ["y"] * len(blocks)).startswith("<p>0</p>")


def test_a_block_has_a_most() -> None:
    fits, more = (
        RUST.replace("fn a() -&gt; &amp;str\n", "x" * size)
        for size in (MAX_CODE_BLOCK, MAX_CODE_BLOCK + 1)
    )
    assert len(take(fits)[1]) == 1
    assert take(more) == (more, [])


def test_so_have_all_of_a_document() -> None:
    one = RUST.replace("fn a() -&gt; &amp;str\n", "x" * MAX_CODE_BLOCK)
    most = MAX_CODE // MAX_CODE_BLOCK
    html, blocks = take(one * (most + 1))
    assert len(blocks) == most and html.endswith("x</code></pre>")


def test_no_class_or_text_is_gone_through_more_than_once() -> None:
    """By the square of its length each of these would take minutes."""
    many = 100_000
    for html in (
        f'<pre><code class="language-{"a" * many}">{"x" * many}<b></b></code></pre>',
        f'<pre><code class="{"language-a " * many}">x<b></b></code></pre>',
        f'<pre title="{"<pre" * many}">x</pre>',
        f'<pre><code class="language-a" title="{"<pre>" * many}">x<b></b></code></pre>',
    ):
        assert take(html) == (html, [])
