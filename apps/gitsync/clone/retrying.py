"""Tries again what may pass by itself, with growing waits, and an end; everything else fails at
once."""

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

import structlog
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.stop import stop_after_delay

from apps.gitsync.errors import GitFault
from apps.gitsync.git.refusals import is_transient

log = structlog.get_logger("whispercms.remote")

T = TypeVar("T")
Sleep = Callable[[float], None]

ATTEMPTS: Final = 4
TOTAL_SECONDS: Final = 45.0
"""No try begins later than this after the first one."""
FIRST_SECONDS, LONGEST_SECONDS = 0.5, 8.0


def retried(
    call: Callable[[], T], *, sleep: Sleep = time.sleep, chance: random.Random | None = None
) -> T:
    """Raises what the last try raised."""
    drawn = chance or random.Random()  # noqa: S311, for spreading only
    tries = Retrying(
        retry=retry_if_exception(_is_worth_it),
        stop=stop_after_attempt(ATTEMPTS) | stop_after_delay(TOTAL_SECONDS),
        wait=lambda state: pause(state.attempt_number, drawn),
        sleep=sleep,
        before_sleep=_tell,
        reraise=True,
    )
    return tries(call)


def pause(attempt: int, chance: random.Random) -> float:
    """Seconds after try `attempt`: doubling, of which half is by chance, so that many nodes that
    lost one remote do not come back together."""
    whole = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** (attempt - 1))
    return whole * (0.5 + 0.5 * chance.random())


def _is_worth_it(error: BaseException) -> bool:
    return isinstance(error, GitFault) and is_transient(error)


def _tell(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    code = error.code if isinstance(error, GitFault) else ""
    log.info("trying again", code=code, attempt=state.attempt_number)
