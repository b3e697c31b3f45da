"""Addresses in the HTML of a document, made to hold wherever it is shown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.delivery.absolute import absolute
from tests.tables import each_of

PAGE = "https://example.org/posts/a/"


@each_of(
    ("html", "expected"),
    [
        ('<a href="/b/">', '<a href="https://example.org/b/">'),
        ('<a href="b/?x=1&amp;y=2#z">', f'<a href="{PAGE}b/?x=1&amp;y=2#z">'),
        ('<a href="#top">', f'<a href="{PAGE}#top">'),
        (
            '<img alt="a > b" src="../p.png">',
            '<img alt="a > b" src="https://example.org/posts/p.png">',
        ),
        (
            '<img srcset="/a.webp 480w, /b.webp 960w" src="/c">',
            '<img srcset="https://example.org/a.webp 480w, https://example.org/b.webp 960w"'
            ' src="https://example.org/c">',
        ),
        ('<a href="https://other.example/">', '<a href="https://other.example/">'),
        ('<a href="//other.example/">', '<a href="https://other.example/">'),
        ('<a href="mailto:a@b.example">', '<a href="mailto:a@b.example">'),
        ('<a href="https://[bad/">', '<a href="https://[bad/">'),
        ('&lt;a href="/x"&gt;', '&lt;a href="/x"&gt;'),
        ('<code title="x"> href="/x" </code>', '<code title="x"> href="/x" </code>'),
        ('<p data-href="/x">', '<p data-href="/x">'),
    ],
)
def test_what_leads_somewhere_leads_there_from_anywhere(html: str, expected: str) -> None:
    assert absolute(html, PAGE) == expected


@settings(deadline=None)
@given(st.text(st.sampled_from('<>"= ahrefsrc/#&;\n')))
def test_whatever_is_no_whole_tag_stays_as_it_is(text: str) -> None:
    shown = absolute(text, "")
    assert shown.count("<") == text.count("<") and len(shown) >= len(text) - text.count("&")
