"""Readable URL segments from titles and file names. Pure."""

import re
import unicodedata

SPELLED = {
    **{"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "AE", "œ": "oe"},
    **{"Œ": "OE", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i"},
}
"""Letters that Unicode does not take apart into ASCII and an accent."""


def slugify(text: str) -> str:
    """Lower-case ASCII words joined by "-", as Zola's slugs; scripts without ASCII stay."""
    spelled = "".join(SPELLED.get(character, character) for character in text)
    folded = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", folded.lower()).strip("-")
    if slug:
        return slug
    plain = unicodedata.normalize("NFC", text.lower())
    kept = "".join(c if c.isalnum() or _is_mark(c) else "-" for c in plain)
    return re.sub(r"-+", "-", kept).strip("-") if any(map(str.isalnum, kept)) else ""


def _is_mark(character: str) -> bool:
    """Vowel signs and accents are no letters, yet many scripts cannot be read without them."""
    return unicodedata.category(character).startswith("M")
