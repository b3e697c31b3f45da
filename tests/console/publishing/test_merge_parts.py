"""Places of a merge, one by one: what was chosen comes of it, and nothing else changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.console.publishing.bounds import TEXT_CHARACTERS
from apps.console.publishing.merge_parts import (
    SIDES,
    BadChoice,
    Choice,
    Contents,
    Way,
    choices_in,
    places_of,
    result,
)
from apps.content.merging.parts import Form
from apps.content.merging.three_way import Three
from tests.scribes import OWN

BASE = "---\ntitle: Old\n---\nfirst\n\nsecond\n\nthird\n"
OURS = BASE.replace("Old", "Mine").replace("first", "mine first").replace("third", "third, mine")
THEIRS = BASE.replace("Old", "Hers").replace("first", "her first").replace("third", "third, hers")
WORDS = st.text(alphabet="abc \n", max_size=20)


def contents(base: str = BASE, ours: str = OURS, theirs: str = THEIRS) -> Contents:
    versions = Three(base.encode(), ours.encode(), theirs.encode())
    return Contents(versions, Form.DOCUMENT, OWN)


def test_each_place_becomes_what_was_chosen_for_it() -> None:
    chosen = {0: Choice(Way.THEIRS), 1: Choice(Way.BOTH), 2: Choice(Way.TEXT, "third, ours")}
    wanted = BASE.replace("Old", "Hers").replace("first", "mine first\n\nher first")
    assert result(contents(), chosen).decode() == wanted.replace("third", "third, ours")
    assert result(contents(), {0: Choice(Way.TEXT, "Both")}).startswith(b"---\ntitle: Both\n---")
    assert result(contents(), {}) == OURS.encode()


def test_places_are_named_by_what_they_are() -> None:
    title, first, _ = places_of(contents().merged({}).conflicts, "2")
    assert (title.number, title.key, title.both) == ("2.1", "title", False)
    assert (first.number, first.key, first.both) == ("2.2", "", True)
    assert (first.ours, first.theirs) == ("mine first\n", "her first\n")


def test_what_cannot_be_is_refused() -> None:
    for chosen in ({0: Choice(Way.BOTH)}, {9: Choice(Way.TEXT, "x")}):
        with pytest.raises(BadChoice):
            result(contents(), chosen)
    for sent in ({"choice-1": "all"}, {"choice-1": "text", "text-1": "x" * (TEXT_CHARACTERS + 1)}):
        with pytest.raises(BadChoice):
            choices_in(sent)
    assert choices_in({"choice-1": "", "other": "ours"}) == {}
    assert choices_in({"choice-1": "text", "text-1": "a\r\nb"}) == {"1": Choice(Way.TEXT, "a\nb")}
    longest = {"choice-1": "text", "text-1": "x" * TEXT_CHARACTERS}
    assert len(choices_in(longest)["1"].text) == TEXT_CHARACTERS


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=3, max_size=3), st.data())
def test_a_side_in_own_words_is_that_side(bodies: list[str], data: st.DataObject) -> None:
    """Writing what a side says comes to the same as choosing it."""
    merge = contents(*(f"# Title\n\n{body}\n\nlast\n" for body in bodies))
    conflicts = merge.merged({}).conflicts
    if not conflicts:
        return
    number = data.draw(st.integers(0, len(conflicts) - 1))
    way = data.draw(st.sampled_from([Way.OURS, Way.THEIRS]))
    side = conflicts[number].ours if way is Way.OURS else conflicts[number].theirs
    try:
        written = result(merge, {number: Choice(Way.TEXT, (side or b"").decode())})
    except BadChoice:
        return
    chosen = merge.merged({number: SIDES[way]}).content
    assert written.strip() == chosen.strip() or side is None
