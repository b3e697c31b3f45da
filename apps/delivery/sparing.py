"""Who has to give way in a full row: what was used since it was looked at here last is spared once
and goes to the end (the CLOCK of F. J. Corbató, 1968). Who uses one only marks it. Pure.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, TypeVar

K = TypeVar("K")

SPARED: Final = 64
"""For each that gives way; more would keep others waiting."""


def next_out(row: OrderedDict[K, Any], spares: Callable[[K], bool]) -> K:
    """Of a row that is not empty. `spares` says whether one was used, and takes the mark away."""
    for _ in range(SPARED):
        key = next(iter(row))
        if not spares(key):
            return key
        row.move_to_end(key)
    return next(iter(row))
