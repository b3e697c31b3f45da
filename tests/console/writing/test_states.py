"""Who sees a document and since when: told in words, and written by the keys of its layout."""

from datetime import UTC, datetime
from typing import Any

import pytest

from apps.console.writing.states import (
    Keys,
    State,
    Timed,
    Unfit,
    Wanted,
    as_local,
    changes_for,
    keys_of,
    read_local,
    state_of,
)
from apps.content.edits.fields import ABSENT
from apps.content.foreign.hugo import decode
from apps.content.parts import Part

NOW, SOON, LATE = "2026-01-02T00:00:00Z", "2026-02-01T10:00:00Z", "2026-03-01T10:00:00Z"
OURS = Keys("draft", "publish", "expires")
JEKYLL = Keys("published", "publish", "expires", inverted=True)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("visibility", "publish", "expires", "state"),
    [
        ("public", "", "~", State.PUBLISHED),
        ("public", NOW, "~", State.PUBLISHED),
        ("public", SOON, "~", State.SCHEDULED),
        ("public", "", NOW, State.EXPIRED),
        ("public", SOON, NOW, State.EXPIRED),
        ("draft", SOON, NOW, State.DRAFT),
        ("private", "", "~", State.PRIVATE),
    ],
)
def test_a_state_follows_from_a_row(
    visibility: str, publish: str, expires: str, state: State
) -> None:
    assert state_of(visibility, publish, expires, NOW) is state


def changed(front: dict[str, Any], was: Timed, wanted: Wanted, keys: Keys = OURS) -> Any:
    return changes_for(keys, front, was, wanted, NOW)


PUBLISHED, DRAFT = Timed(state=State.PUBLISHED), Timed(state=State.DRAFT)
SCHEDULED = Timed(state=State.SCHEDULED, publish=SOON)


def test_nothing_is_written_where_nothing_is_asked_for() -> None:
    for was in (PUBLISHED, DRAFT, SCHEDULED, Timed(state=State.PRIVATE)):
        wanted = Wanted(state=was.state, publish=was.publish)
        assert changed({"draft": was is DRAFT}, was, wanted) == {}


def test_drafts_are_written_by_the_layouts_own_key() -> None:
    out, back = Wanted(state=State.PUBLISHED), Wanted(state=State.DRAFT)
    assert changed({"draft": True}, DRAFT, out) == {("draft",): False}
    assert changed({}, PUBLISHED, back) == {("draft",): True}
    assert changed({"visibility": "draft"}, DRAFT, out) == {("visibility",): ABSENT}
    assert changed({}, PUBLISHED, back, JEKYLL) == {("published",): False}
    assert changed({"published": False}, DRAFT, out, JEKYLL) == {("published",): True}
    assert changed({"draft": True}, DRAFT, out, JEKYLL) == {("draft",): False}


def test_moments_are_written_and_taken_away() -> None:
    later = Wanted(state=State.SCHEDULED, publish=LATE)
    assert changed({}, PUBLISHED, later) == {("publish",): moment(LATE)}
    assert changed({"draft": True}, DRAFT, later) == {
        ("draft",): False,
        ("publish",): moment(LATE),
    }
    assert changed({}, SCHEDULED, Wanted(state=State.PUBLISHED)) == {("publish",): moment(NOW)}
    ends = Wanted(state=State.PUBLISHED, expires=LATE)
    assert changed({}, PUBLISHED, ends) == {("expires",): moment(LATE)}
    over = Timed(state=State.EXPIRED, expires=NOW)
    out = Wanted(state=State.PUBLISHED)
    assert changed({"expires": NOW}, over, out) == {("expires",): ABSENT}
    private = Wanted(state=State.PRIVATE)
    assert changed({}, PUBLISHED, private) == {("visibility",): "private"}
    was = Timed(state=State.PRIVATE)
    assert changed({"visibility": "private"}, was, out) == {("visibility",): ABSENT}


@pytest.mark.parametrize(
    ("was", "wanted", "field"),
    [
        (PUBLISHED, Wanted(state=State.SCHEDULED, publish=NOW), "publish_at"),
        (PUBLISHED, Wanted(state=State.SCHEDULED, publish=LATE, expires=SOON), "expires_at"),
        (
            Timed(state=State.EXPIRED, expires=NOW),
            Wanted(state=State.PUBLISHED, expires=NOW),
            "expires_at",
        ),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(was: Timed, wanted: Wanted, field: str) -> None:
    with pytest.raises(Unfit) as caught:
        changed({}, was, wanted)
    assert caught.value.field == field


def test_hugo_and_jekyll_keep_their_own_keys() -> None:
    hugo = Part(layout="hugo", foreign=decode({}))
    assert keys_of(hugo, {}) == Keys("draft", "publishDate", "expiryDate")
    assert keys_of(hugo, {"Draft": True, "pubdate": NOW, "unpublishDate": LATE}) == Keys(
        "Draft", "pubdate", "unpublishDate"
    )
    assert keys_of(Part(layout="jekyll"), {}).inverted
    assert keys_of(Part(layout="whispercms"), {}) == OURS


def test_a_forms_moment_is_of_utc() -> None:
    assert read_local("2026-03-26T10:00") == "2026-03-26T10:00:00Z"
    assert read_local("2026-03-26T10:00+02:00") == "2026-03-26T08:00:00Z"
    assert read_local(" ") == "" and as_local(SOON) == "2026-02-01T10:00"
    assert moment(SOON) == datetime(2026, 2, 1, 10, tzinfo=UTC)
    with pytest.raises(ValueError, match="soon"):
        read_local("soon")
