"""Names and bounds of an export."""

from typing import Final

MANIFEST: Final = "whispercms-export.json"
STAGING: Final = ".whispercms-export"
"""A folder of an export that is being written; gone when it is done."""
INDEX: Final = "index.html"
NOT_FOUND: Final = "404.html"
REDIRECTS: Final = "_redirects"
HEADERS: Final = "_headers"

NAME_BYTES: Final = 255
"""Of one name, as file systems have it."""
PLACE_BYTES: Final = 1024
"""Of a file's path in the export: macOS takes no longer ones, with the folder before them."""
FILES: Final = 2_000_000
MANIFEST_BYTES: Final = 1024 * 1024 * 1024
THREADS: Final = 4
"""Pages made at once, if there are so many cores: more only wait for the workers of the theme."""
ATTEMPTS: Final = 5
"""A page on which something failed is made again: the machine may have been busy."""
PAUSE_SECONDS: Final = 0.2
"""Before it is, and longer each time."""
TOLD: Final = 100
"""Files that are in the folder and not of the export, by name; the others are counted."""
