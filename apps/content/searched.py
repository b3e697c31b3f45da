"""The tables of full-text search: what of a document is found, and how much each part counts. Pure.

Two of one shape: what no visitor may read at any moment is kept apart, so that it neither is found
by visitors nor counts in the order of what they find.
"""

from typing import Final

VERSION: Final = 1
"""Raise it where the same document gives other words: then every index is built anew."""
OPEN: Final = "search"
HIDDEN: Final = "search_hidden"
TABLES: Final = (OPEN, HIDDEN)
WEIGHTS: Final = {
    "title": 10.0,
    "headings": 4.0,
    "description": 3.0,
    "terms": 3.0,
    "authors": 2.0,
    "body": 1.0,
}
"""The columns, in their order, and what a word in them weighs in the ranking (BM25)."""
COLUMNS: Final = tuple(WEIGHTS)
TOKENS: Final = "unicode61 remove_diacritics 2 categories ''L* N* Co M*''"
"""Letters, digits and the signs that belong to them; without case, and without accents."""


def definition(table: str) -> str:
    return f"CREATE VIRTUAL TABLE {table} USING fts5({', '.join(COLUMNS)}, tokenize='{TOKENS}')"


def definitions() -> tuple[str, ...]:
    """With a remark that makes another shape of another version."""
    return tuple(f"{definition(table)} -- {VERSION}" for table in TABLES)


def ranking(table: str) -> str:
    """Smaller is better."""
    return f"bm25({table}, {', '.join(map(str, WEIGHTS.values()))})"
