"""Every bound of the rooms in which people write. Pure."""

from typing import Final

LIST_PAGE: Final = 50
"""Documents on one page of the list."""
SUGGESTED: Final = 500
"""Terms, sections and files that a field suggests."""
FIELDS: Final = 80
"""Of one document's header that have a control; the rest is told and edited in the source."""
FIELD_CHARACTERS: Final = 20_000
"""Of a value that a control shows."""
FIELD_DEPTH: Final = 2
"""Tables within tables whose values have a control."""
LIST_ITEMS: Final = 200
BULK: Final = 200
"""Documents that one bulk action changes."""
BULK_BYTES: Final = 64 * 1024 * 1024
"""Of all of them together."""
BULK_SHOWN: Final = 40
"""Of which the difference is shown."""
HISTORY: Final = 100
"""Versions on the page of a document's history."""
RECENT: Final = 500
"""Commits that are looked through for when a document was changed last."""
DELETED: Final = 200
"""Documents that are shown among the deleted ones."""
UNPUBLISHED: Final = 20_000
"""Paths that are known not to be published; more are not told apart."""
UPLOADS: Final = 20
"""Files in one upload, which is one commit."""
UPLOAD_BYTES: Final = 64 * 1024 * 1024
"""Of one upload, all files together."""
NAME_CHARACTERS: Final = 80
"""Of the name of an uploaded file, or a new document's."""
MEDIA_PAGE: Final = 48
USES: Final = 100
"""Documents that are told to use a file."""
