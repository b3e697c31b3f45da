"""The text of a document as search knows it: words without markup, in one line. Pure.

Scripts that write no spaces between words get an invisible one between their signs, so that any
part of a sentence can be found; `joined` takes them out again before anybody sees the text.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

BODY: Final = 100_000
"""Characters of one document that can be found; what comes after them cannot."""
HEADINGS: Final = 10_000
BREAK: Final = "\u200b"
SIGNS: Final = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6"
    "\u1000-\u102a\u1780-\u17b3\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Kana, Han and Hangul, as in a class of characters."""

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    "\ufdd0-\ufdef\ufeff\ufff9-\uffff\ud800-\udfff]"
)
"""What no person typed as text, such as controls and what turns the direction of writing."""
_SOFT_HYPHEN: Final = "\u00ad"
_LEADS: Final = b"\xe0\xe1\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xef\xf0"
"""First bytes of every sign in UTF-8."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a document says beside its title and header, as `plain` makes it."""

    headings: str = ""
    body: str = ""


NO_WORDS: Final = Words()


# A start would be longer by what these two take, and most processes meet no such text.
@cache
def sign() -> re.Pattern[str]:
    return re.compile(f"[{SIGNS}]")


@cache
def _between() -> re.Pattern[str]:
    return re.compile(rf"(?<=\w)(?=[{SIGNS}])|(?<=[{SIGNS}])(?=\w)")


def plain(text: str) -> str:
    """In one line, without what cannot be seen."""
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return " ".join(_UNSEEN.sub(" ", line.replace(_SOFT_HYPHEN, "")).split())


def spaced(text: str) -> str:
    """With a break between signs that stand for words by themselves."""
    if text.isascii() or not _may_have_signs(text) or not sign().search(text):
        return text
    return _between().sub(BREAK, text)


def _may_have_signs(text: str) -> bool:
    """By the first bytes of its characters: a tenth of what `sign` costs, for letters with accents
    and for typographic quotes."""
    held = text.encode("utf-8", "surrogatepass")
    return any(lead in held for lead in _LEADS)


def joined(text: str) -> str:
    """What `spaced` was given."""
    return text.replace(BREAK, "")
