"""Python's search for circles of garbage, in a process that serves: what was loaded is there to
stay, and looking through it again and again would take a quarter of the time of each page.
"""

import gc
from typing import Final

YOUNG: Final = 5_000
"""Objects that came and did not go, until the next search among them (Python's own: 700). A server
that leaves circles behind with each connection, as daphne does, searches so much less often."""


def keep() -> None:
    """Of all that is there now nothing is looked at again; what nobody holds any more goes all the
    same, unless it is part of a circle."""
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
