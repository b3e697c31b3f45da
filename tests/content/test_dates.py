from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content import dates

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(
    min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=ZONES
).map(lambda moment: moment.replace(microsecond=0))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-03-26", "2026-03-26T00:00:00Z"),
        ("20260326", "2026-03-26T00:00:00Z"),
        ("2026-03-26T10:11:12", "2026-03-26T10:11:12Z"),
        ("2026-03-26 10:11:12", "2026-03-26T10:11:12Z"),
        ("2026-03-26T10:11:12Z", "2026-03-26T10:11:12Z"),
        ("2026-03-26T10:11:12+02:00", "2026-03-26T08:11:12Z"),
        ("2026-03-26 10:11:12 +0200", "2026-03-26T08:11:12Z"),
        ("2026-03-26 10:11:12 -0700", "2026-03-26T17:11:12Z"),
        ("2026-03-26 10:11:12 UTC", "2026-03-26T10:11:12Z"),
        ("2026-03-26T10:11:12.987654Z", "2026-03-26T10:11:12Z"),
        ("  2026-03-26  ", "2026-03-26T00:00:00Z"),
        ("0987-03-26", "0987-03-26T00:00:00Z"),
    ],
)
def test_what_authors_write_as_a_date_is_read_as_utc(text: str, read: str) -> None:
    assert dates.read_date(text) == read


@pytest.mark.parametrize(
    "value", [None, 3, 20260326, True, [], "", "today", "2026-02-30", "26.03.2026", "9" * 50]
)
def test_what_is_no_date_is_none(value: object) -> None:
    assert dates.read_date(value) is None


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+10:00", "9999-12-31T23:00:00-10:00"])
def test_a_date_that_utc_cannot_tell_is_none(text: str) -> None:
    assert dates.read_date(text) is None


@given(MOMENTS)
def test_every_moment_is_read_as_the_same_moment(moment: datetime) -> None:
    read = dates.read_date(moment.isoformat())
    assert read is not None
    assert datetime.fromisoformat(read) == moment
    assert len(read) == 20


@given(MOMENTS, MOMENTS)
def test_dates_sort_as_text_as_they_do_as_moments(one: datetime, other: datetime) -> None:
    first, second = dates.read_date(one.isoformat()), dates.read_date(other.isoformat())
    assert first is not None
    assert second is not None
    assert (first < second) == (one < other)


@given(st.text(max_size=45))
def test_no_text_breaks_the_reading(text: str) -> None:
    read = dates.read_date(text)
    assert read is None or dates.read_date(read) == read


def test_a_timestamp_becomes_utc_text() -> None:
    assert dates.from_timestamp(1_700_000_000) == "2023-11-14T22:13:20Z"


@given(st.integers(0, 253_370_000_000))
def test_a_timestamp_and_its_text_are_one_moment(seconds: int) -> None:
    assert datetime.fromisoformat(dates.from_timestamp(seconds)) == datetime.fromtimestamp(
        seconds, UTC
    )


@pytest.mark.parametrize("seconds", [10**12, 10**18, 2**63, -(10**12)])
def test_a_timestamp_beyond_the_calendar_is_no_date(seconds: int) -> None:
    assert dates.from_timestamp(seconds) == dates.NONE


@pytest.mark.parametrize(
    ("stem", "date", "rest"),
    [
        ("2026-03-26-hello", "2026-03-26T00:00:00Z", "hello"),
        ("2026-03-26_hello", "2026-03-26T00:00:00Z", "hello"),
        ("2026-03-26", "", "2026-03-26"),
        ("2026-03-26-", "", "2026-03-26-"),
        ("2026-13-26-hello", "", "2026-13-26-hello"),
        ("hello-2026-03-26-x", "", "hello-2026-03-26-x"),
        ("hello", "", "hello"),
    ],
)
def test_a_file_name_may_begin_with_its_date(stem: str, date: str, rest: str) -> None:
    assert dates.split_name(stem) == (date, rest)


@pytest.mark.parametrize(
    ("url", "date"),
    [
        ("/2026/03/26/hello/", "2026-03-26T00:00:00Z"),
        ("/2026/03/26/", "2026-03-26T00:00:00Z"),
        ("/2026/02/30/hello/", ""),
        ("/0000/01/01/hello/", ""),
        ("/blog/2026/03/26/hello/", "2026-03-26T00:00:00Z"),
        ("/2026/3/26/hello/", ""),
        ("/", ""),
    ],
)
def test_a_permalink_may_say_its_date(url: str, date: str) -> None:
    assert dates.in_url(url) == date
