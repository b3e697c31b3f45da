"""Where in a document's own text a key of its header was written. Pure."""

import re
from typing import Final

from apps.content.bounds import MAX_HEADER

FIRST: Final = 1


def line_of_key(text: str, key: str) -> int:
    """Counted from 1; the first line where it is not found as a key of its own."""
    # No part of it passes the end of a line, or each blank line would be tried to the last one.
    pattern = rf"^(?:[^\S\n]|[{{,])*+[\"']?{re.escape(key)}[\"']?[ \t]*[:=]"
    found = re.search(pattern, text[:MAX_HEADER], re.M)
    return text.count("\n", 0, found.end()) + 1 if found else FIRST
