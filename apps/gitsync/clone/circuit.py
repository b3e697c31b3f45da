"""When a node asks its remote again by itself: a circuit breaker that spaces pulls out. Pure.

Only pulls of the schedule ask it; a webhook or a person's command always tries.
"""

from dataclasses import dataclass
from typing import Final

FAILURES: Final = 3
"""In a row, before pulls are spaced out."""
FIRST_SECONDS: Final = 120.0
LONGEST_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Circuit:
    """`retry_at` in seconds since 1970; 0 while pulls go by the schedule."""

    failures: int = 0
    retry_at: float = 0.0
    code: str = ""

    @property
    def is_open(self) -> bool:
        return self.retry_at > 0.0


CLOSED: Final = Circuit()


def admits(circuit: Circuit, now: float) -> bool:
    """A clock that was set back keeps no node waiting."""
    return now >= circuit.retry_at or circuit.retry_at - now > LONGEST_SECONDS


def failed(circuit: Circuit, now: float, code: str) -> Circuit:
    """`code` is of a transient fault. The wait doubles from one failure to the next."""
    failures = circuit.failures + 1
    if failures < FAILURES:
        return Circuit(failures, 0.0, code)
    doublings = min(failures - FAILURES, 16)
    return Circuit(failures, now + min(LONGEST_SECONDS, FIRST_SECONDS * 2.0**doublings), code)


def answered() -> Circuit:
    """The remote answered, were it with a refusal: no wait would mend that."""
    return CLOSED
