"""Refusals in the log: the first at once, then how many there were, in one line. Whoever sends
what is refused must not be able to fill a disk with it.
"""

from collections import Counter
from collections.abc import Callable
from time import monotonic

import structlog

from apps.delivery.ingress.bounds import TELL_SECONDS

log = structlog.get_logger("whispercms.ingress")


class Telling:
    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._counts: Counter[int] = Counter()
        self._next = 0.0

    def note(self, status: int) -> None:
        self._counts[status] += 1
        now = self._clock()
        if now >= self._next:
            self._next = now + TELL_SECONDS
            counts, self._counts = self._counts, Counter()
            log.info("refused", **{f"status_{each}": counts[each] for each in sorted(counts)})
