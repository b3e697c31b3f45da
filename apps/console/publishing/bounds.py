"""Every bound of the pages that publish, merge and promote. Pure."""

from typing import Final

DIFFS_OPEN: Final = 3
"""So few files are shown opened."""
DIFFS: Final = 40
"""Files whose differences stand on one page; of the others there is a page each."""
PICTURE_BYTES: Final = 8 * 1024 * 1024
"""Of a version of a picture that is shown."""
DOCUMENTS: Final = 200
"""Pages with names and addresses told of."""
BESIDE: Final = 4
"""Commits other than the served one that are ready to be looked at, at once."""
BESIDE_SECONDS: Final = 300.0
"""So long nobody looked at one, and it is put away."""
OUTCOMES: Final = 64
OUTCOME_SECONDS: Final = 60 * 60
"""So many results can be come back to, of all people together, and for so long after the last of
them; the oldest goes first."""
PLACES: Final = 100
"""Places of one file that can be decided one by one; with more, a side is taken for all of it."""
TEXT_CHARACTERS: Final = 1024 * 1024
"""Of a text that a person writes in the place of both sides."""
CAUSE_CHARACTERS: Final = 500
