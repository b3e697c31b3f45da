"""How many requests a client may make is read from one line of the settings."""

import pytest

from apps.delivery.ingress.quotas import MOST_REQUESTS, PREFIX_LENGTH, Quota, quota


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/ 1/second", Quota("/", 1, 1)),
        (" /search/  30/minute ", Quota("/search/", 30, 60)),
        ("/a%20b 7/hour", Quota("/a%20b", 7, 3600)),
    ],
)
def test_it_is_a_prefix_a_number_and_a_unit(text: str, expected: Quota) -> None:
    assert quota(text) == expected


@pytest.mark.parametrize("text", ["", "/", "1/second", "a 1/second", "/ 1/s", "/ 1", "/ -1/second"])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="is not a path prefix"):
        quota(text)


def test_it_has_bounds() -> None:
    assert quota(f"/ {MOST_REQUESTS}/hour").amount == MOST_REQUESTS
    assert len(quota("/" * PREFIX_LENGTH + " 1/hour").prefix) == PREFIX_LENGTH
    for outside in (
        f"/ {MOST_REQUESTS + 1}/hour",
        "/ 0/hour",
        "/" * (PREFIX_LENGTH + 1) + " 1/hour",
    ):
        with pytest.raises(ValueError, match="out of bounds"):
            quota(outside)
