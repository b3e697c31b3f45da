"""Every bound on what is asked of lists, and on the fields that are kept for it."""

from typing import Final

DEPTH: Final = 8
"""Of `$and`, `$or` and `$not` within each other."""
PARTS: Final = 200
"""Conditions and values of one filter together."""
CHOICES: Final = 100
"""Of one `$in`, `$nin` or `$all`."""
ORDERS: Final = 4
"""By which one list is sorted."""
PAGE_SIZE: Final = 1000
BRIEF_PAGE_SIZE: Final = 10_000
"""Of a list whose items are brief."""
LIMIT: Final = 1_000_000

PATH_PARTS: Final = 5
KEY: Final = 64
"""Characters of one part of a path into front matter."""
TEXT: Final = 500
"""Characters of a text that can be compared. Of a longer one it is only known that it is there."""
FIELDS: Final = 300
"""Kept of one document, the first of them by name."""
