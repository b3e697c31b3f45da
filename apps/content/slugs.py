"""Readable URL segments from titles and file names. Pure."""

import re
import unicodedata


def slugify(text: str) -> str:
    """Lower-case ASCII words joined by "-", as Zola's slugs; scripts without ASCII stay."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", folded.lower()).strip("-")
    if slug:
        return slug
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", text).lower()).strip("-")
