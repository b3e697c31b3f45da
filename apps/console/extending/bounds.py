"""Every bound of the pages about extensions."""

from typing import Final

MIB: Final = 1024 * 1024

UPLOADS: Final = 20
UPLOAD_SECONDS: Final = 24 * 60 * 60
"""So many uploaded files wait on the disk for consent, for so long."""
TRIALS: Final = 4
TRIAL_SECONDS: Final = 60 * 60
"""So many rehearsals are kept in memory, of all people together, and for so long after the last of
them; the oldest goes first."""
TRIAL_BYTES: Final = 8 * MIB
"""Of the pages of one rehearsal, compressed; all others are counted, and named."""
TRIAL_PAGE_BYTES: Final = MIB
"""A larger page is named, and not shown."""
SHOWN_PAGES: Final = 500
"""Named on one page of the console."""
PREVIEWED: Final = 4
"""Pages of a theme that is looked at before it is chosen."""
VERSIONS: Final = 30
ACTS: Final = 20
EVENTS: Final = 20
EVENTS_BACK: Final = 20_000
"""Rows of the audit that are looked through for those of one extension."""
FIELDS: Final = 200
"""Of one form of settings: all mounts together."""
