"""Text in double quotes, escaped as YAML, TOML and JSON all three read it. Pure."""

import re
from typing import Final

UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that break a line, cannot be seen or are not allowed to stand as they are."""

_SHORT: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_SPECIAL: Final = re.compile(rf'[\\"]|{UNSAFE.pattern}')


def quoted(text: str) -> str:
    return f'"{_SPECIAL.sub(_escape, text)}"'


def escaped(text: str, *, keep: str = "") -> str:
    """Without the quotes; the characters of `keep` stay as they are."""
    return _SPECIAL.sub(lambda found: found[0] if found[0] in keep else _escape(found), text)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in '\\"':
        return "\\" + character
    return _SHORT.get(character) or f"\\u{ord(character):04x}"
