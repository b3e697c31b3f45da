"""How Hugo makes addresses of names and titles. Pure.

After its `paths.Sanitize`, and the patterns of https://gohugo.io/configuration/permalinks/.
"""

import calendar
import re
import string
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from apps.content.addresses import MAXIMUM

KEPT = frozenset("./_#+~-@")
FIRST = date(1, 1, 1)
"""What Hugo takes a page without a date to be of."""
_TOKEN = re.compile(r":([a-z]+)(?:\[([^\]]{0,20})\])?")


def sanitised(text: str) -> str:
    """Letters of any script stay; one hyphen stands for the spaces between two words."""
    kept: list[str] = []
    space = hyphen = False
    for at, character in enumerate(text):
        if _is_kept(text, at, character):
            hyphen = character == "-"
            if space and not hyphen:
                kept.append("-")
            space = False
            kept.append(character)
        elif kept and not hyphen and character.isspace():
            space = True
    return "".join(kept)


def urlised(text: str, *, keeps_case: bool = False) -> str:
    """A title, a slug or a term."""
    found = sanitised(text.strip())
    return found if keeps_case else found.lower()


def named(text: str, *, keeps_case: bool = False) -> str:
    """A file or a folder: each of its spaces becomes a hyphen."""
    return sanitised((text if keeps_case else text.lower()).replace(" ", "-"))


def filled(pattern: str, tokens: Mapping[str, str], sections: Sequence[str], day: date) -> str:
    """A pattern with all that it names. Raises KeyError for what Hugo has no such token for."""
    known = {**tokens, **_of_day(day), "section": sections[0] if sections else ""}

    def token(found: re.Match[str]) -> str:
        if found[1] == "sections":
            return "/".join(_slice(sections, found[2]))
        return known[found[1]][: MAXIMUM + 1]

    return _TOKEN.sub(token, pattern)


def _slice(sections: Sequence[str], wanted: str | None) -> Sequence[str]:
    """`[1:]`, `[last]` and the like; all where nothing is said."""
    if not wanted:
        return sections
    last = str(len(sections) - 1)
    bounds = [part.replace("last", last).strip() for part in wanted.split(":")]
    if not all(part.isdecimal() or not part for part in bounds) or len(bounds) > 2:
        raise KeyError(wanted)
    start, end = int(bounds[0] or 0), int(bounds[-1] or len(sections))
    return sections[start:end] if len(bounds) == 2 else sections[start : start + 1]


def _of_day(day: date) -> dict[str, str]:
    return {
        "year": str(day.year),
        "month": f"{day.month:02}",
        "monthname": calendar.month_name[day.month].lower(),
        "day": f"{day.day:02}",
        "weekday": str(day.isoweekday() % 7),
        "weekdayname": calendar.day_name[day.weekday()].lower(),
        "yearday": str(day.timetuple().tm_yday),
    }


def _is_kept(text: str, at: int, character: str) -> bool:
    if character == "%":
        digits = text[at + 1 : at + 3]
        return len(digits) == 2 and all(each in string.hexdigits for each in digits)
    return character in KEPT or unicodedata.category(character)[0] in "LM" or character.isdecimal()
