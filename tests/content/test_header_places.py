"""Lines on which keys of a header stand, found in time that the text's length bounds."""

import pytest

from apps.content.bounds import MAX_HEADER
from apps.content.header_places import FIRST, line_of_key


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: a\ndate: b\n", 3),
        ('+++\n\n  "date" = 1\n', 3),
        ('{\n  "a": 1,\n  "date": 2}', 3),
        ('{"date": 2}', 1),
        ("{ , 'date' : 1", 1),
        ("---\nupdate: 1\nx: date\n", FIRST),
    ],
)
def test_a_key_is_found_where_it_was_written(text: str, line: int) -> None:
    assert line_of_key(text, "date") == line


@pytest.mark.parametrize("filling", ["\n", " \n", "{\n", ",", " ", "'\n", '{"'])
def test_no_text_takes_long(filling: str) -> None:
    """By the square of its length it would be minutes, and no worker stands around it."""
    assert line_of_key(filling * (MAX_HEADER // len(filling)), "date") == FIRST
