"""Splits what a visitor typed into parts, and finds the words in them. Pure, and never an error."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apps.content.search.bounds import TEXT, WORD
from apps.content.words import plain

_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PART: Final = re.compile(
    r"(?P<sign>-?)(?:(?P<key>[A-Za-z][A-Za-z0-9_-]{0,63}):)?"
    r"(?:\"(?P<quoted>[^\"]*)\"?|(?P<bare>[^\s\"]+))"
)


@dataclass(frozen=True, slots=True)
class Part:
    """`whole` is as it was typed; `key` is in lower case, and empty where there is none."""

    whole: str
    negated: bool
    key: str
    value: str
    quoted: bool


def parts(text: str) -> Iterator[Part]:
    """In their order. A quotation mark without another one quotes up to the end."""
    cleaned = plain(text[:TEXT].translate(_QUOTES))
    for found in _PART.finditer(cleaned):
        quoted = found["quoted"]
        yield Part(
            whole=found[0],
            negated=bool(found["sign"]),
            key=(found["key"] or "").lower(),
            value=quoted if quoted is not None else found["bare"],
            quoted=quoted is not None,
        )


def words_in(text: str) -> str:
    """The words of a text, as the tables of search know words, with one space between them."""
    kept = "".join(character if _is_of_words(character) else " " for character in text)
    found = (word[:WORD] for word in kept.split())
    return " ".join(word for word in found if any(map(str.isalnum, word)))


def _is_of_words(character: str) -> bool:
    """Accents and vowel signs belong to words."""
    if character.isascii():
        return character.isalnum()
    return character.isalnum() or unicodedata.category(character).startswith("M")
