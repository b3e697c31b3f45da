"""How Jekyll makes addresses: its patterns, their tokens, its slugs. Pure.

After `Jekyll::URL`, `Jekyll::Drops::UrlDrop` and `Jekyll::Utils.slugify` of Jekyll 4.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import date

from apps.content.addresses import MAXIMUM
from apps.content.foreign.jekyll import STYLES
from apps.content.layouts.rules import ADDRESS, LeftOut

DEFAULT = re.compile(r"[^\w]+|_+")
PRETTY = re.compile(r"[^\w.~!$&'()+,;=@]+")
ENDED = ("pretty", "date", "ordinal", "none", "weekdate")
_TOKEN = re.compile(r":([a-z_]+)")


def slugged(text: str) -> str:
    """Words in lower case with hyphens between, letters of any script."""
    return DEFAULT.sub("-", text.lower()).strip("-")


def pretty(text: str) -> str:
    """More signs stay, and so does the case."""
    return PRETTY.sub("-", text).strip("-")


def with_ending(pattern: str, style: str) -> str:
    """How an address ends where only the posts' style is configured."""
    if style == "pretty" or (style not in ENDED and style.endswith("/")):
        return f"{pattern}/"
    return f"{pattern}:output_ext" if style in ENDED or style.endswith(":output_ext") else pattern


def filled(pattern: str, tokens: Mapping[str, str]) -> str:
    """A style's or an author's pattern with all that it names. Raises LeftOut."""

    if len(pattern) > MAXIMUM:
        raise LeftOut(ADDRESS, f"the pattern {pattern[:80]!r} has over {MAXIMUM} characters")

    def token(found: re.Match[str]) -> str:
        name, rest = found[1], ""
        while name not in tokens:
            name, underscore, after = name.rpartition("_")
            rest = underscore + after + rest
            if not underscore:
                reason = f"the pattern {pattern[:80]!r} has :{found[1]}, which nothing stands for"
                raise LeftOut(ADDRESS, reason)
        return tokens[name][: MAXIMUM + 1] + rest

    return _TOKEN.sub(token, STYLES.get(pattern, pattern))


def of_day(day: date) -> dict[str, str]:
    iso = day.isocalendar()
    return {
        "year": f"{day.year:04}",
        "short_year": f"{day.year % 100:02}",
        "month": f"{day.month:02}",
        "i_month": str(day.month),
        "short_month": calendar.month_abbr[day.month],
        "long_month": calendar.month_name[day.month],
        "day": f"{day.day:02}",
        "i_day": str(day.day),
        "y_day": f"{day.timetuple().tm_yday:03}",
        "w_year": f"{iso.year:04}",
        "week": f"{iso.week:02}",
        "w_day": str(iso.weekday),
        "short_day": calendar.day_abbr[day.weekday()],
        "long_day": calendar.day_name[day.weekday()],
        **dict.fromkeys(("hour", "minute", "second"), "00"),
    }
