"""Every bound on an export of WordPress and on what one of its items may hold."""

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

CHUNK_BYTES: Final = 256 * KIB
"""Of the file, handed to the worker at a time."""
FILE_BYTES: Final = 4 * 1024 * MIB
DEPTH: Final = 12
"""Elements within each other; an export has 6."""
ELEMENTS: Final = 200_000
"""Within one item."""
ITEM_CHARACTERS: Final = 6 * MIB
"""Of one item with its comments: what is beyond is left out, and told."""
BODY_CHARACTERS: Final = 1_900_000
"""Of a body; a document with its header may have 2 MiB."""
ITEMS: Final = 200_000
TERMS: Final = 100_000
AUTHORS: Final = 20_000
SHORTCODES: Final = 5_000
"""Of one body."""
LEFT: Final = 50
"""Kinds of shortcodes and blocks that one body is told to have lost."""
NAME_CHARACTERS: Final = 2_000
"""Of a field that is not a body: titles, addresses, values of metadata."""
