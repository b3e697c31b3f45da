"""Front matter in YAML and data in JSON that read back as what was put in, whatever is in a text.
Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import unescape
from typing import Any, Final

Value = str | int | bool | Sequence[str]
TITLE: Final = 500
DESCRIPTION: Final = 5_000
TERMS: Final = 200
"""Of one taxonomy: no document has more."""
PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9 ]*")
WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
QUARTER: Final = 15 * 60
FURTHEST: Final = 14 * 3600
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_INLINE: Final = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|em|font|i|ins|kbd|mark|q|s|small|span|strike|strong|sub"
    r"|sup|tt|u|var)(?:\s[^<>]*)?/?>",
    re.I,
)
_TAG: Final = re.compile(r"<[a-zA-Z/!][^<>]*>")


def header(fields: Mapping[str, Value]) -> str:
    """With its fences. A key is a word of ours, or was checked."""
    return "".join(["---\n", *(_line(key, value) for key, value in fields.items()), "---\n"])


def _line(key: str, value: Value) -> str:
    if isinstance(value, bool):
        return f"{key}: {str(value).lower()}\n"
    if isinstance(value, int):
        return f"{key}: {value}\n"
    if isinstance(value, str):
        return f"{key}: {_scalar(value)}\n"
    return f"{key}:\n" + "".join(f"  - {_scalar(item)}\n" for item in value)


def _scalar(text: str) -> str:
    if PLAIN.fullmatch(text) and not text.endswith(" ") and text.lower() not in WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c == " " or c.isprintable() else _escaped(c) for c in quoted)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"


def title_text(html: str) -> str:
    """A title of WordPress is HTML; here it is text."""
    return _one_line(_unescaped(_INLINE.sub("", html)))[:TITLE]


def plain_text(html: str) -> str:
    return _one_line(_unescaped(_TAG.sub(" ", html)))[:DESCRIPTION]


def _unescaped(text: str) -> str:
    """Only what is written as an entity to its end: `&copy` in an address is none."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def moment(local: str, gmt: str) -> str:
    """ISO 8601, by the clock of the site where both are known; empty where there is none."""
    here, there = _read(local), _read(gmt)
    if here and there:
        seconds = int((here - there).total_seconds())
        if seconds % QUARTER == 0 and abs(seconds) <= FURTHEST and seconds:
            sign, minutes = "+" if seconds > 0 else "-", abs(seconds) // 60
            return f"{here.isoformat()}{sign}{minutes // 60:02}:{minutes % 60:02}"
        return f"{there.isoformat()}Z"
    found = there or here
    return f"{found.isoformat()}Z" if found else ""


def _read(text: str) -> datetime | None:
    if text.startswith("0000"):
        return None
    try:
        found = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    return found if found.year > 1 else None


def as_json(value: Any) -> bytes:
    told = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{told}\n".encode(errors="replace")
