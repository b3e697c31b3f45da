"""How many requests one client may make below a path prefix, as the settings say it. Pure."""

import re
from dataclasses import dataclass
from typing import Final

UNITS: Final = {"second": 1, "minute": 60, "hour": 3600}
MOST_REQUESTS: Final = 1_000_000
MOST_QUOTAS: Final = 16
PREFIX_LENGTH: Final = 200
FORM = re.compile(r"(/[!-~]*) +([0-9]{1,7})/(second|minute|hour)")


SEARCHES: Final = "/?search"
"""In the place of a prefix: no path begins so."""


@dataclass(frozen=True, slots=True)
class Quota:
    """`amount` requests in any `seconds`, below `prefix`, for each client."""

    prefix: str
    amount: int
    seconds: int

    def __str__(self) -> str:
        """Without the prefix."""
        unit = next(name for name, seconds in UNITS.items() if seconds == self.seconds)
        return f"{self.amount}/{unit}"


def quota(text: str) -> Quota:
    """Of `PATH-PREFIX N/second|minute|hour`. Raises ValueError."""
    found = FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a path prefix and a number of requests per unit")
    prefix, amount, unit = found[1], int(found[2]), found[3]
    if len(prefix) > PREFIX_LENGTH or not 1 <= amount <= MOST_REQUESTS:
        raise ValueError(f"{text!r} is out of bounds")
    return Quota(prefix, amount, UNITS[unit])
