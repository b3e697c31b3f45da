"""Names of files and folders from titles and slugs of an export: short, and no system's trouble.
Pure."""

import re
from typing import Final
from urllib.parse import unquote

from apps.content.slugs import slugify

STEM_BYTES: Final = 120
FORBIDDEN: Final = frozenset({"index", "_index", "con", "prn", "aux", "nul"})
"""Names that mean something to a site or to a system."""
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
KEY: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def stem(slug: str, title: str, instead: str) -> str:
    found = slugify(unquote(slug)) or slugify(title)
    short = found.encode()[:STEM_BYTES].decode(errors="ignore").strip("-")
    return instead if not short or short in FORBIDDEN else short


def folder(type_of_item: str) -> str:
    """The section of a kind of items."""
    if type_of_item == "post":
        return "posts"
    return stem(type_of_item, "", "items")


def day(date: str) -> str:
    """Of a moment as WordPress writes it; empty where it has none."""
    found = DAY.match(date)
    return found[0] if found and not found[0].startswith("0000") else ""


def taxonomy_key(taxonomy: str) -> str:
    """What front matter calls it; empty for one that cannot be called so."""
    known = {"category": "categories", "post_tag": "tags"}
    key = known.get(taxonomy, taxonomy.lower())
    return key if KEY.fullmatch(key) else ""
