"""The breakers of this process, in memory: every answer at once, whatever the database does.

What others must know of waits here as changes; what they did is merged over it.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from apps.extensions import limits
from apps.extensions.containment.breaker import (
    CLOSED,
    CLOSED_STATE,
    OPEN,
    QUARANTINED,
    Breaker,
    Cause,
    failed,
    succeeded,
    tried,
)
from apps.extensions.containment.changes import Change, change_of, kept, merged, replayed


@dataclass(frozen=True, slots=True)
class Claim:
    """A trial to be claimed, or kept, for this process: only if the shared one is as `seen`."""

    key: str
    seen: Breaker
    until: float


class Breakers:
    """Thread-safe; the lock is never held across I/O. `wake` is called when there is something to
    write. `alone`: there is no shared state, so nothing has to be read or claimed first."""

    def __init__(self, wake: Callable[[], None], *, alone: bool) -> None:
        self.known = alone
        self.quarantined: frozenset[str] = frozenset()
        self._alone, self._wake = alone, wake
        self._lock = threading.Lock()
        self._mine: dict[str, Breaker] = {}
        self._shared: dict[str, Breaker] = {}
        self._pending: dict[str, tuple[Change, ...]] = {}
        self._shut: set[str] = set()
        self._settled: set[str] = set()
        self._wanted: set[str] = set()
        self._claims: dict[str, float] = {}
        self._trials: dict[str, float] = {}

    def is_shut(self, key: str) -> bool:
        return key in self._shut

    def has_seen(self, key: str) -> bool:
        return key in self._mine

    def is_settled(self, key: str) -> bool:
        """Whether another success changes nothing."""
        return key in self._settled

    def tries(self, key: str, now: float) -> bool:
        """Whether this call is the one trial of an extension that is shut."""
        with self._lock:
            breaker = self._mine.get(key, CLOSED)
            if breaker.state != OPEN:
                return breaker.state == CLOSED_STATE
            until = self._claims.pop(key, 0.0)
            if self._alone and (trial := tried(breaker, now)):
                self._keep(key, trial)
                until = trial.trial_until
            if until > now:
                self._trials[key] = until
                return True
            if breaker.due(now) and key not in self._wanted:
                self._wanted.add(key)
                self._wake()
            return False

    def failed(self, key: str, cause: Cause, now: float, reason: str) -> Breaker | None:
        """The breaker, if this has shut it."""
        with self._lock:
            before = self._mine.get(key, CLOSED)
            trial = self._trials.pop(key, 0.0) > 0.0
            if before.state == OPEN and not trial and cause is not Cause.ATTACK:
                return None
            after = failed(before, cause, now, reason)
            self._changed(key, before, after, Change(now, cause, reason))
            shuts = after.state != CLOSED_STATE and after != before
            return after if shuts else None

    def succeeded(self, key: str, now: float) -> None:
        with self._lock:
            before = self._mine.get(key, CLOSED)
            if before.state == CLOSED_STATE or self._trials.pop(key, 0.0) > now:
                self._changed(key, before, succeeded(before, now), Change(now))

    def loaded(self, keys: Iterable[str]) -> None:
        """These run other bytes or settings than before: they have to earn their credit anew."""
        with self._lock:
            for key in keys:
                mine = self._mine.get(key, CLOSED)
                self._keep(key, merged(CLOSED, mine))

    def all(self) -> dict[str, Breaker]:
        with self._lock:
            return dict(self._mine)

    def pending(self) -> dict[str, tuple[Change, ...]]:
        with self._lock:
            return dict(self._pending)

    def written(self, key: str, changes: tuple[Change, ...], shared: Breaker) -> None:
        with self._lock:
            left = tuple(c for c in self._pending.get(key, ()) if c not in changes)
            self._pending.pop(key, None)
            if left:
                self._pending[key] = left
            self._merge(key, shared)

    def read(self, shared: Mapping[str, Breaker]) -> None:
        """All that is shared now. A quarantine whose row has vanished is told again."""
        with self._lock:
            self.known = True
            for key in self._shared.keys() - shared.keys():
                mine, pending = self._mine.get(key, CLOSED), self._pending.get(key, ())
                if mine.state == QUARANTINED:
                    again = Change(0.0, Cause.ATTACK, mine.reason)
                    self._pending[key] = kept((*pending, again))
                self._merge(key, CLOSED)
                del self._shared[key]
            for key, breaker in shared.items():
                if self._shared.get(key) != breaker:
                    self._merge(key, breaker)

    def claims(self, now: float) -> list[Claim]:
        """The trials to ask for: wanted ones that are due, and unused ones about to lapse."""
        with self._lock:
            wanted = [key for key in self._wanted if self._mine.get(key, CLOSED).due(now)]
            self._wanted.clear()
            soon = now + limits.TRIAL_SECONDS / 2
            lapsing = [key for key, until in self._claims.items() if until < soon]
            until = now + limits.TRIAL_SECONDS
            keys = [key for key in (*wanted, *lapsing) if key not in self._pending]
            return [Claim(key, self._shared[key], until) for key in keys if key in self._shared]

    def claimed(self, claim: Claim, shared: Breaker | None) -> None:
        """`shared` is None when another process was faster, or the state is another."""
        with self._lock:
            if shared is None:
                self._claims.pop(claim.key, None)
            else:
                self._merge(claim.key, shared)
                untold = self._mine[claim.key].trial_until == claim.until
                if untold and claim.key not in self._trials:
                    self._claims[claim.key] = claim.until

    def _changed(self, key: str, before: Breaker, after: Breaker, change: Change) -> None:
        self._keep(key, after)
        shared = None if self._alone else change_of(before, after, change)
        if shared is not None:
            self._pending[key] = kept((*self._pending.get(key, ()), shared))
            self._wake()

    def _merge(self, key: str, shared: Breaker) -> None:
        self._shared[key] = shared
        mine = merged(self._mine.get(key, CLOSED), shared)
        self._keep(key, replayed(mine, self._pending.get(key, ())))

    def _keep(self, key: str, breaker: Breaker) -> None:
        """Shut before anything else is known, open last: other threads look without the lock."""
        self._settled.discard(key)
        if key not in self._mine and len(self._mine) >= limits.BREAKERS:
            self._forget_closed()
        self._mine[key] = breaker
        if (breaker.state == QUARANTINED) is not (key in self.quarantined):
            self.quarantined ^= {key}
        if breaker.state != CLOSED_STATE:
            self._shut.add(key)
        else:
            self._shut.discard(key)
            self._claims.pop(key, None)
            self._trials.pop(key, None)
            if breaker.credit and not breaker.errors:
                self._settled.add(key)

    def _forget_closed(self) -> None:
        """Extensions of old commits: a closed breaker is no more than credit and old failures."""
        self._settled.clear()
        self._mine = {k: each for k, each in self._mine.items() if each.state != CLOSED_STATE}
