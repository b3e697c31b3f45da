"""Previews are kept in bounded room, for a while, and belong to one address each."""

from typing import Final

import pytest

from apps.console.writing import preview_room
from apps.console.writing.draft_bounds import PREVIEW_SECONDS
from apps.console.writing.preview_room import Room, Shown

NOW: Final = 1000.0


def shown(text: str = "x", at: float = NOW) -> Shown:
    return Shown(source="a.md", status=200, content_type="text/html", content=text.encode(), at=at)


def test_what_is_put_is_found_until_it_is_too_old() -> None:
    room = Room()
    room.put("a", shown())
    assert room.get("a", NOW + PREVIEW_SECONDS) == shown()
    assert room.get("a", NOW + PREVIEW_SECONDS + 1) is None
    assert room.get("a", NOW) is None


def test_the_newest_takes_the_place_of_the_one_before() -> None:
    room = Room()
    room.put("a", shown("old"))
    room.put("a", shown("new"))
    found = room.get("a", NOW)
    assert found and found.content == b"new"
    room.forget("a")
    room.forget("a")
    assert room.get("a", NOW) is None


def test_the_oldest_gives_way_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview_room, "PREVIEWS", 2)
    room = Room()
    for name in "abc":
        room.put(name, shown())
    assert [bool(room.get(name, NOW)) for name in "abc"] == [False, True, True]


def test_the_oldest_gives_way_where_there_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview_room, "PREVIEW_BYTES", 10)
    room = Room()
    room.put("a", shown("12345"))
    room.put("b", shown("67890"))
    assert room.get("a", NOW)
    room.put("c", shown("1"))
    assert [bool(room.get(name, NOW)) for name in "abc"] == [False, True, True]
    room.put("d", shown("larger than there is room for"))
    assert [bool(room.get(name, NOW)) for name in "bcd"] == [False, False, True]
