"""Program code with its words marked: what is shown stays the text that the author wrote."""

import re
from html import unescape
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SPAN = re.compile(r'</?span(?: class="hl-[a-z]+")?>')
HOSTILE = st.text(max_size=200) | st.lists(
    st.sampled_from(
        ['"""', "'", "<", "&", "{{", "}}", "/*", "*/", "\n", "\\", "$(", "`", "#", "\0"]
    )
).map("".join)


@pytest.fixture(scope="module")
def marking() -> ModuleType:
    """Made for forty languages as it is imported, which only those need that run these tests."""
    from apps.content import highlighting

    return highlighting


def test_words_are_marked_by_what_they_are(marking: ModuleType) -> None:
    shown = marking.highlight("rust", 'fn main() { println!("hi"); } // done\n')
    assert shown is not None
    assert '<span class="hl-keyword">fn</span>' in shown
    assert '<span class="hl-name">main</span>' in shown
    assert '<span class="hl-string">&quot;' not in shown and '>"hi"</span>' in shown
    assert '<span class="hl-comment">// done' in shown


@pytest.mark.parametrize("name", ["py", "Python", "sh", "js", "ts", "yml", "c++", "rs"])
def test_a_language_has_many_names(marking: ModuleType, name: str) -> None:
    assert marking.highlight(name, "x = 1\n") is not None


def test_a_language_that_nobody_knows_is_left_alone(marking: ModuleType) -> None:
    assert marking.highlight("klingon", "x = 1\n") is None


@settings(max_examples=200, deadline=None)
@given(st.data(), HOSTILE)
def test_nothing_but_spans_is_added_and_nothing_is_lost(
    marking: ModuleType, data: st.DataObject, code: str
) -> None:
    language = data.draw(st.sampled_from(marking.LANGUAGES))
    shown = marking.highlight(language, code)
    if shown is not None:
        assert unescape(SPAN.sub("", shown)) == code
        assert "<" not in SPAN.sub("", shown)


def test_every_language_marks_something(marking: ModuleType) -> None:
    comments = "# a\n// a\n<!-- a -->\n% a\n-- a\n; a\n/* a */\n"
    code = f'{comments}GET / HTTP/1.1\n+a = "s" 1\n$ ls\n>>> 1\n<?php echo 1; ?>\n'
    shown = {language: marking.highlight(language, code) or "" for language in marking.LANGUAGES}
    assert [language for language, each in shown.items() if "<span" not in each] == []
