"""What came of publishing, comparing and releasing, for the pages that tell of it.

What it did to the site is in Git, and the pages tell of that without it.
"""

from secrets import token_urlsafe
from typing import Final

from apps.console.publishing.bounds import OUTCOME_SECONDS, OUTCOMES
from apps.console.remembered import Remembered

_kept: Final = Remembered[object](OUTCOMES, OUTCOME_SECONDS)
find = _kept.find


def keep(owner: str, outcome: object) -> str:
    """The name to find it by."""
    name = token_urlsafe(12)
    _kept.put(name, owner, outcome)
    return name
