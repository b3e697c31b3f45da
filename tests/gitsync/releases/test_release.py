"""The manifest of a release: one text for one release, and nothing else is taken for one."""

import json
from dataclasses import replace
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.gitsync.releases.release import (
    FUTURE_SECONDS,
    RELEASE_BYTES,
    ExtensionPin,
    Pins,
    Release,
    ReleaseError,
    decoded,
    encoded,
    environment_of,
    is_from_the_future,
    moment_after,
    moment_of,
    named,
)
from tests.tables import each_of

DIGEST = f"sha256:{'0' * 64}"
PINS = Pins(
    tree="a" * 40,
    extensions=(("themes/plain", ExtensionPin(origin="bundled", digest=DIGEST)),),
    lock=None,
    policies=DIGEST,
    renderer="rules-1 comrak-1",
    schema=1,
    host="1.0.0",
)
RELEASE = named(
    Release(
        id="",
        source="preview",
        environment="main",
        commit="b" * 40,
        pins=PINS,
        previous=None,
        restores=None,
        author="Ada <ada@example.org>",
        moment="2026-01-02T03:04:05.678Z",
        cause="Größeres vor",
    )
)


def test_the_text_is_canonical_and_comes_back() -> None:
    text = encoded(RELEASE)
    assert text == rfc8785.dumps(json.loads(text))
    assert decoded(text) == RELEASE
    assert RELEASE.id.startswith("20260102T030405678Z-main-")


@each_of(
    "change",
    [
        {"format": 2},
        {"commit": "b" * 39},
        {"commit": "c" * 40},
        {"to": "Main"},
        {"from": "../x"},
        {"tree": None},
        {"extensions": {"../x": {"origin": "site", "digest": DIGEST}}},
        {"extensions": {"themes/x": {"origin": "other", "digest": DIGEST}}},
        {"lock": "sha256:1"},
        {"schema": 0},
        {"schema": "1"},
        {"previous": "x"},
        {"restores": RELEASE.id + "\n"},
        {"author": "Ada\x1b[2J"},
        {"moment": "٢026-01-02T03:04:05.678Z"},
        {"moment": "2026-01-02T03:04:05.679Z"},
        {"more": 1},
        {"id": RELEASE.id.replace("main", "live")},
    ],
)
def test_what_is_not_of_the_form_or_not_under_its_own_id_is_no_release(
    change: dict[str, Any],
) -> None:
    with pytest.raises(ReleaseError):
        decoded(rfc8785.dumps({**RELEASE.as_json(), **change}))


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"\xff", b"[" * 5_000, encoded(RELEASE) + b" ", b" " * (RELEASE_BYTES + 1)],
)
def test_other_bytes_are_no_release(content: bytes) -> None:
    with pytest.raises(ReleaseError):
        decoded(content)


def test_the_same_values_in_another_order_are_not_canonical() -> None:
    with pytest.raises(ReleaseError, match="canonical"):
        decoded(json.dumps(RELEASE.as_json(), separators=(",", ":"), ensure_ascii=False).encode())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(min_value=0, max_value=4e9), min_size=1, max_size=8))
def test_a_later_release_sorts_later_whatever_the_clocks_say(clocks: list[float]) -> None:
    ids: list[str] = []
    for now in clocks:
        moment = moment_after(now, ids)
        ids.append(named(replace(RELEASE, moment=moment)).id)
    assert ids == sorted(set(ids))


def test_two_releases_of_one_moment_have_two_ids() -> None:
    assert named(replace(RELEASE, cause="another")).id != RELEASE.id


@pytest.mark.parametrize(
    "name", ["", "main", RELEASE.id[:-1], RELEASE.id.upper(), "2026", RELEASE.id + "/x"]
)
def test_what_is_no_id_has_no_environment(name: str) -> None:
    assert environment_of(name) is None


def test_a_moment_that_the_calendar_lacks_makes_no_id() -> None:
    assert environment_of(RELEASE.id) == "main"
    assert environment_of(RELEASE.id.replace("20260102", "20261302")) is None


def test_the_future_begins_after_a_day() -> None:
    at = moment_of(RELEASE.id).timestamp()
    assert not is_from_the_future(RELEASE.id, at - FUTURE_SECONDS)
    assert is_from_the_future(RELEASE.id, at - FUTURE_SECONDS - 1)
