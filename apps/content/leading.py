"""Where an address that no document has leads: through old addresses and redirects to the end.

A circle leads nowhere.
"""

from typing import Final

from apps.content.moments import Execute, shown
from apps.content.redirects import is_away

STEPS: Final = 20
"""A longer way is taken for a circle."""

_FIRST: Final = (
    "SELECT CASE WHEN a.target != '' THEN a.target ELSE d.url END, a.target = ''"  # noqa: S608
    " FROM alias a LEFT JOIN document d ON d.source = a.source"
    f" WHERE a.url = ? AND (d.source IS NULL AND a.target != '' OR {shown('d')})"
    " ORDER BY d.source IS NOT NULL, a.source LIMIT 1"
)
"""What the configuration says comes before what documents say; of these the lowest source."""
_PAGE: Final = (
    f"SELECT url FROM document WHERE url IN (?, ?) AND {shown()} AND kind != 'redirect'"  # noqa: S608
    " ORDER BY length(url) DESC LIMIT 1"
)


def end(execute: Execute, key: str, now: str) -> str:
    """From an alias's key to an address or a URL; empty where it leads nowhere. One statement for
    an old address of a document, two for each step of a redirect."""
    passed = [key]
    url = ""
    for _ in range(STEPS):
        row = execute(_FIRST, (passed[-1], now, now)).fetchone()
        if row is None:
            return url
        url = str(row[0])
        if row[1] or is_away(url):
            return url
        bare = url.rstrip("/")
        if page := execute(_PAGE, (url, f"{bare}/", now, now)).fetchone():
            return str(page[0])
        if bare in passed:
            return ""
        passed.append(bare)
    return ""
