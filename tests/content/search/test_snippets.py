"""A snippet is a part of the text as it is, with the words that were looked for marked."""

from hypothesis import given
from hypothesis import strategies as st

from apps.content.search.bounds import SNIPPET
from apps.content.search.snippets import MORE, has_marks, marked, snippet

WORDS = st.lists(st.tuples(st.text(min_size=1, max_size=6), st.booleans()), max_size=6)
LONG = " ".join(f"word{n}" for n in range(400))


@given(st.text(max_size=80), WORDS)
def test_marks_change_no_letter_of_a_text(text: str, words: list[tuple[str, bool]]) -> None:
    pieces = marked(text, words)
    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece for piece, _ in pieces)


@given(st.text(max_size=600), WORDS)
def test_a_snippet_is_a_short_part_of_the_text(text: str, words: list[tuple[str, bool]]) -> None:
    shown = "".join(piece for piece, _ in snippet(text, words))
    assert len(shown) <= SNIPPET + 2
    assert shown.removeprefix(MORE).removesuffix(MORE) in text


def test_it_stands_where_most_of_the_words_are_together() -> None:
    text = LONG.replace("word50 ", "river ").replace("word200 ", "river mill ")
    pieces = snippet(text, [("river", False), ("mill", False)])
    assert pieces[0][0].startswith(MORE) and pieces[-1][0].endswith(MORE)
    assert [piece for piece, is_marked in pieces if is_marked] == ["river", "mill"]
    assert "word199" in pieces[0][0]


def test_without_a_word_it_is_the_beginning() -> None:
    pieces = snippet(LONG, [("river", False)])
    assert not has_marks(pieces)
    assert pieces[0][0].startswith("word0 word1") and pieces[0][0].endswith(MORE)
    assert snippet("", [("river", False)]) == ()


def test_words_are_whole_but_for_those_that_may_go_on() -> None:
    assert not has_marks(marked("rivers and driver", [("river", False)]))
    assert ("rivers", True) in marked("rivers and driver", [("river", True)])


def test_case_and_accents_do_not_count() -> None:
    assert marked("Ein Caf\u00c9", [("cafe", False)]) == (("Ein ", False), ("Caf\u00c9", True))
    assert marked("\u6771\u4eac\u90fd", [("\u4eac\u90fd", False)])[1] == ("\u4eac\u90fd", True)
