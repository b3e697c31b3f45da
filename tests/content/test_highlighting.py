"""Program code with its words marked: what is shown stays the text that the author wrote."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.highlighting import LANGUAGES, highlight

SPAN = re.compile(r'</?span(?: class="hl-[a-z]+")?>')
HOSTILE = st.text(max_size=200) | st.lists(
    st.sampled_from(
        ['"""', "'", "<", "&", "{{", "}}", "/*", "*/", "\n", "\\", "$(", "`", "#", "\0"]
    )
).map("".join)


def test_words_are_marked_by_what_they_are() -> None:
    shown = highlight("rust", 'fn main() { println!("hi"); } // done\n')
    assert shown is not None
    assert '<span class="hl-keyword">fn</span>' in shown
    assert '<span class="hl-name">main</span>' in shown
    assert '<span class="hl-string">&quot;' not in shown and '>"hi"</span>' in shown
    assert '<span class="hl-comment">// done' in shown


@pytest.mark.parametrize("name", ["py", "Python", "sh", "js", "ts", "yml", "c++", "rs"])
def test_a_language_has_many_names(name: str) -> None:
    assert highlight(name, "x = 1\n") is not None


def test_a_language_that_nobody_knows_is_left_alone() -> None:
    assert highlight("klingon", "x = 1\n") is None


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(LANGUAGES), HOSTILE)
def test_nothing_but_spans_is_added_and_nothing_is_lost(language: str, code: str) -> None:
    shown = highlight(language, code)
    if shown is not None:
        assert unescape(SPAN.sub("", shown)) == code
        assert "<" not in SPAN.sub("", shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_marks_something(language: str) -> None:
    comments = "# a\n// a\n<!-- a -->\n% a\n-- a\n; a\n/* a */\n"
    code = f'{comments}GET / HTTP/1.1\n+a = "s" 1\n$ ls\n>>> 1\n<?php echo 1; ?>\n'
    assert "<span" in (highlight(language, code) or "")
