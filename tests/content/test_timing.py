from typing import Any

import pytest

from apps.content.entries import ALWAYS, NEVER, UNWEIGHTED
from apps.content.header_places import line_of_key
from apps.content.timing import HEAVIEST, Timing, timing, weight

DAY, LATER = "2026-03-26T00:00:00Z", "2027-03-26T00:00:00Z"


def told(front: dict[str, Any], said: str = ALWAYS) -> tuple[Timing, list[tuple[str, str]]]:
    found: list[tuple[str, str]] = []
    return timing(front, said, lambda key, code, _: found.append((key, code))), found


@pytest.mark.parametrize(
    ("front", "said", "found"),
    [
        ({}, ALWAYS, Timing(ALWAYS, NEVER)),
        ({}, DAY, Timing(DAY, NEVER)),
        ({"publish": "2027-03-26"}, DAY, Timing(LATER, NEVER)),
        ({"publish": "2026-03-26T02:00:00+02:00"}, LATER, Timing(DAY, NEVER)),
        ({"expires": "2027-03-26"}, DAY, Timing(DAY, LATER)),
        ({"publish": None, "expires": None}, DAY, Timing(DAY, NEVER)),
    ],
)
def test_the_word_of_its_author_counts(front: dict[str, Any], said: str, found: Timing) -> None:
    assert told(front, said) == (found, [])


@pytest.mark.parametrize("value", ["soon", "", 3, True, ["2026-03-26"], {}])
def test_what_nobody_can_read_hides_the_document(value: Any) -> None:
    assert told({"publish": value}) == (
        Timing(NEVER, NEVER),
        [("publish", "document.publish")],
    )
    assert told({"expires": value}) == (
        Timing(ALWAYS, ALWAYS),
        [("expires", "document.expires")],
    )


@pytest.mark.parametrize(
    ("value", "found"),
    [(None, UNWEIGHTED), (0, 0), (-5, -5), (HEAVIEST, HEAVIEST), (-HEAVIEST, -HEAVIEST)],
)
def test_a_weight_is_a_whole_number(value: Any, found: int) -> None:
    complaints: list[str] = []
    assert weight({"weight": value}, lambda key, *_: complaints.append(key)) == found
    assert complaints == []


@pytest.mark.parametrize("value", [1.5, "3", True, HEAVIEST + 1, -HEAVIEST - 1, [1]])
def test_anything_else_is_told_and_comes_last(value: Any) -> None:
    complaints: list[str] = []
    assert weight({"weight": value}, lambda key, *_: complaints.append(key)) == UNWEIGHTED
    assert complaints == ["weight"]


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("---\ntitle: A\npublish: soon\n---\n", "publish", 3),
        ("+++\ntitle = 'A'\n  publish = 3\n+++\n", "publish", 3),
        ('{\n"title": "A",\n"publish" : 3}\n', "publish", 3),
        ("---\nnot-publish: 1\npublished: 1\n---\n", "publish", 1),
        ("---\ntitle: A\n---\n", "a.b(", 1),
        ("", "publish", 1),
    ],
)
def test_a_key_is_found_where_it_was_written(text: str, key: str, line: int) -> None:
    assert line_of_key(text, key) == line
