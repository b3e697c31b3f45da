"""Every bound of unsaved texts, their previews and the links to them. Pure."""

from typing import Final

DRAFT_BYTES: Final = 4 * 1024 * 1024
DRAFT_FIELDS: Final = 1_000
"""Of one draft."""
DRAFTS_EACH: Final = 200
"""Of one person; the oldest gives way."""
DRAFT_DAYS: Final = 30
OTHERS: Final = 20
"""Other people whose drafts of one document are told of."""

PREVIEWS: Final = 64
"""Pages that are kept at once to be looked at, with so many bytes together."""
PREVIEW_BYTES: Final = 64 * 1024 * 1024
PREVIEW_SECONDS: Final = 2 * 60 * 60
"""How long one is kept that is not made anew."""

LINK_HOURS: Final = 48
LINK_HOURS_MOST: Final = 30 * 24
"""How long a link to a preview is good, where nothing else is said, and at most."""
LINKS_EACH: Final = 100
"""Links of one person that are good at the same time."""
