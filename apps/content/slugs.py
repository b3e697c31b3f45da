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
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", text).lower()).strip("-")
