"""Counting together with other processes and nodes, in Redis. Beside the requests, which are never
kept waiting: while Redis is gone each counts for itself.
"""

from collections.abc import Callable
from threading import Event
from typing import Protocol, cast

import structlog

from apps.delivery.ingress.bounds import (
    REDIS_SECONDS,
    RETRY_SECONDS,
    SHARE_SECONDS,
    SHARED_AT_ONCE,
)
from apps.delivery.ingress.tallies import Tallies, Untold
from apps.runtime.rates import storage_from_string

log = structlog.get_logger("whispercms.ingress")


class Totals(Protocol):
    """Where all count together: adds, and says what it comes to."""

    def incr(self, key: str, expiry: int, amount: int = 1) -> int: ...


def redis(url: str) -> Totals:
    """Connects when it is asked first. The library has a name of its own for a socket."""
    if url.startswith("unix:"):
        url = f"redis+{url}"
    bounds = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    return cast(Totals, storage_from_string(url, **bounds))


class Sharing:
    """Tells the others what was let in here, and learns what they let in."""

    def __init__(self, tallies: Tallies, connect: Callable[[], Totals]) -> None:
        self._tallies, self._connect = tallies, connect
        self._totals: Totals | None = None
        self.pause = SHARE_SECONDS

    def run(self, ended: Event) -> None:
        while not ended.wait(self.pause):
            self.exchange()

    def exchange(self) -> None:
        """Once; never raises. What could not be told is lost to the others, not to this node."""
        told = self._tallies.take_untold(SHARED_AT_ONCE)
        if not told:
            return
        try:
            self._totals = self._totals or self._connect()
            for each in told:
                total = self._totals.incr(_key(each), 2 * each.seconds, each.amount)
                self._tallies.learn(each, total)
        except Exception as error:
            self._lost(error)
        else:
            self._found()

    def _lost(self, error: Exception) -> None:
        least, most = RETRY_SECONDS
        if self.pause == SHARE_SECONDS:
            log.warning("redis is gone", reason=type(error).__name__, effect="counting alone")
        self.pause = min(max(least, self.pause * 2), most)

    def _found(self) -> None:
        if self.pause != SHARE_SECONDS:
            log.info("redis is back")
        self.pause = SHARE_SECONDS


def _key(told: Untold) -> str:
    return f"{told.key}/{told.window}"
