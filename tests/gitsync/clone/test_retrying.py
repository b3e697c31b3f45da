"""What may pass is tried again, with growing waits and an end; what will not pass, never."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.gitsync.clone.retrying import ATTEMPTS, FIRST_SECONDS, LONGEST_SECONDS, pause, retried
from apps.gitsync.errors import GitFault, RemoteFault
from apps.gitsync.git.refusal_table import TRANSIENT


class Remote:
    """Fails with a code so many times, then answers; `waits` are the pauses in between."""

    def __init__(self, code: str, times: int) -> None:
        self.code, self.times, self.asked = code, times, 0
        self.waits: list[float] = []

    def ask(self) -> str:
        self.asked += 1
        if self.asked <= self.times:
            raise RemoteFault(self.code, "reason", "remedy")
        return "answer"

    def retried(self) -> str:
        return retried(self.ask, sleep=self.waits.append, chance=random.Random(7))


@pytest.mark.parametrize("code", sorted(TRANSIENT))
def test_what_may_pass_is_tried_again(code: str) -> None:
    remote = Remote(code, ATTEMPTS - 1)
    assert remote.retried() == "answer"
    assert remote.asked == ATTEMPTS
    assert remote.waits == sorted(remote.waits)


def test_there_is_an_end() -> None:
    remote = Remote("remote.unreachable", 99)
    with pytest.raises(RemoteFault) as caught:
        remote.retried()
    assert caught.value.code == "remote.unreachable"
    assert (remote.asked, len(remote.waits)) == (ATTEMPTS, ATTEMPTS - 1)


@pytest.mark.parametrize("code", ["remote.denied", "remote.host-key", "push.protected", "x"])
def test_what_will_not_pass_is_told_at_once(code: str) -> None:
    remote = Remote(code, 99)
    with pytest.raises(GitFault):
        remote.retried()
    assert (remote.asked, remote.waits) == (1, [])


def test_another_error_is_none_of_its_business() -> None:
    with pytest.raises(ZeroDivisionError):
        retried(lambda: 1 // 0, sleep=lambda _: None)


@given(st.integers(1, 60), st.integers())
def test_a_pause_is_between_half_and_the_whole_of_its_step(attempt: int, seed: int) -> None:
    whole = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** (attempt - 1))
    assert whole / 2 <= pause(attempt, random.Random(seed)) <= whole


def test_pauses_differ_from_node_to_node() -> None:
    assert len({pause(1, random.Random(seed)) for seed in range(20)}) == 20
