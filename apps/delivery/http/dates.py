"""Dates as HTTP writes them (RFC 9110, 5.6.7). Pure, and in no locale."""

import re
from calendar import timegm
from functools import lru_cache
from time import gmtime

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LAST_SECOND = 253_402_300_799
"""The end of the year 9999: later ones have no form."""
FIRST_YEAR = 1
CENTURY_AHEAD = 50
"""A year of two digits is at most so far ahead."""

_CLOCK = r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d):(?P<second>[0-5]\d|60)"
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
_LONG_DAYS = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"(?:{'|'.join(DAYS)}), (?P<day>\d\d) {_MONTH} (?P<year>\d{{4}}) {_CLOCK} GMT",
        rf"{_LONG_DAYS}, (?P<day>\d\d)-{_MONTH}-(?P<year>\d\d) {_CLOCK} GMT",
        rf"(?:{'|'.join(DAYS)}) {_MONTH} (?P<day>[ \d]\d) {_CLOCK} (?P<year>\d{{4}})",
    )
)


@lru_cache(maxsize=16)
def http_date(seconds: int) -> str | None:
    """None for a moment that the form cannot hold."""
    if not 0 <= seconds <= LAST_SECOND:
        return None
    at = gmtime(seconds)
    day = f"{DAYS[at.tm_wday]}, {at.tm_mday:02} {MONTHS[at.tm_mon - 1]} {at.tm_year:04}"
    return f"{day} {at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} GMT"


def read_date(text: str, this_year: int) -> int | None:
    """Seconds since 1970 of any of the three forms; None for what is no date."""
    found = next((match for form in _FORMS if (match := form.fullmatch(text.strip(" \t")))), None)
    if found is None:
        return None
    year, month, day = int(found["year"]), MONTHS.index(found["month"]) + 1, int(found["day"])
    if len(found["year"]) == 2:
        year = _whole_year(year, this_year)
    clock = (int(found["hour"]), int(found["minute"]), int(found["second"]))
    if year < FIRST_YEAR:
        return None
    seconds = timegm((year, month, day, *clock))
    again = gmtime(seconds)
    there_is = (again.tm_year, again.tm_mon, again.tm_mday) == (year, month, day) or clock[2] == 60
    return seconds if day and there_is else None


def year_of(date: str) -> int:
    """Of one that we wrote."""
    return int(date[12:16])


def _whole_year(year: int, this_year: int) -> int:
    whole = this_year - this_year % 100 + year
    return whole - 100 if whole > this_year + CENTURY_AHEAD else whole
