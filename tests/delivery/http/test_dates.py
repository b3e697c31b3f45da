import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.http.dates import LAST_SECOND, http_date, read_date, year_of
from tests.tables import each_of

MOMENT = 784_111_777
"""The example of RFC 9110, section 5.6.7."""
YEAR = 2026


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        " Sun, 06 Nov 1994 08:49:37 GMT\t",
    ],
)
def test_all_three_forms_are_read(text: str) -> None:
    assert read_date(text, YEAR) == MOMENT


def test_one_form_is_written() -> None:
    assert http_date(MOMENT) == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert year_of("Sun, 06 Nov 1994 08:49:37 GMT") == 1994


@given(st.integers(0, LAST_SECOND))
def test_what_is_written_is_read_as_it_was(moment: int) -> None:
    written = http_date(moment)
    assert written is not None
    assert read_date(written, YEAR) == moment


@pytest.mark.parametrize("moment", [-1, LAST_SECOND + 1])
def test_a_moment_that_has_no_form_is_not_written(moment: int) -> None:
    assert http_date(moment) is None
    assert http_date(LAST_SECOND) == "Fri, 31 Dec 9999 23:59:59 GMT"


@pytest.mark.parametrize(("year", "read"), [("76", 2076), ("77", 1977), ("26", 2026), ("00", 2000)])
def test_a_year_of_two_digits_is_at_most_fifty_years_ahead(year: str, read: int) -> None:
    found = read_date(f"Sunday, 06-Nov-{year} 08:49:37 GMT", YEAR)
    assert found is not None
    assert year_of(http_date(found) or "") == read


@each_of(
    "text",
    [
        "",
        "0",
        "yesterday",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT; length=9",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 0\u0666 Nov 1994 08:49:37 GMT",
        "1994-11-06T08:49:37Z",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text, YEAR) is None


@given(st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    assert read_date(text, YEAR) is None
