"""How often somebody may try to log in, kept in the default database, so that a restart forgets
nothing.
"""

import hashlib
from collections.abc import Callable
from time import time
from typing import Final

from django.db import Error, transaction

from apps.console.bounds import ACCOUNT_ATTEMPTS, ADDRESS_ATTEMPTS, ATTEMPT_SECONDS
from apps.console.models import Attempt
from apps.runtime.rates import (
    MovingWindowRateLimiter,
    MovingWindowSupport,
    RateLimitItemPerSecond,
    Storage,
)

_ACCOUNT: Final = RateLimitItemPerSecond(ACCOUNT_ATTEMPTS, ATTEMPT_SECONDS, "account")
_ADDRESS: Final = RateLimitItemPerSecond(ADDRESS_ATTEMPTS, ATTEMPT_SECONDS, "address")
Clock = Callable[[], float]


class Attempts:
    """Every attempt counts before the password is looked at, so that many at once are no more than
    one after the other. Raises django.db.Error, and then nobody gets in."""

    def __init__(self, clock: Clock = time) -> None:
        self._limiter = MovingWindowRateLimiter(Rows(clock))

    def begin(self, account: str, address: str) -> float | None:
        """Counts one; else when the next may be made, in seconds since 1970."""
        for item, who in ((_ADDRESS, address), (_ACCOUNT, account)):
            if not self._limiter.hit(item, who):
                return self._limiter.get_window_stats(item, who).reset_time
        return None

    def left(self, account: str) -> int:
        return self._limiter.get_window_stats(_ACCOUNT, account).remaining

    def forget(self, account: str) -> None:
        """After a success, or when it got another password."""
        self._limiter.clear(_ACCOUNT, account)

    def forget_all(self) -> None:
        """Of every account and every address."""
        self._limiter.storage.reset()


class Rows(Storage, MovingWindowSupport):
    """Moving windows as rows; whoever tries longest ago leaves first."""

    STORAGE_SCHEME: list[str] | None = None

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    @property
    def base_exceptions(self) -> type[Exception]:
        return Error

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        now, digest = self._clock(), _digest(key)
        with transaction.atomic():
            Attempt.objects.exclude(at__gt=now - ATTEMPT_SECONDS, at__lte=now).delete()
            free = limit - Attempt.objects.filter(key=digest, at__gt=now - expiry).count()
            if free < amount:
                return False
            Attempt.objects.bulk_create(Attempt(key=digest, at=now) for _ in range(amount))
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        now = self._clock()
        rows = Attempt.objects.filter(key=_digest(key), at__gt=now - expiry, at__lte=now)
        times = sorted(rows.values_list("at", flat=True))
        return (times[0] if times else now), len(times)

    def clear(self, key: str) -> None:
        Attempt.objects.filter(key=_digest(key)).delete()

    def reset(self) -> int | None:
        return Attempt.objects.all().delete()[0]

    def check(self) -> bool:
        Attempt.objects.exists()
        return True

    def get(self, key: str) -> int:
        return Attempt.objects.filter(key=_digest(key)).count()

    def get_expiry(self, key: str) -> float:
        return self._clock() + ATTEMPT_SECONDS

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError("only moving windows are kept")


def _digest(key: str) -> str:
    """Of any length, and no name in plain: people type passwords into the wrong field."""
    return hashlib.sha256(key.encode()).hexdigest()
