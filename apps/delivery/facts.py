"""What was read to make a response: the response holds as long as all of it does. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

HEADER, QUERY = "header", "query"
OF_REQUEST = (HEADER, QUERY)
"""What the request said; all other facts are of the index, whose reader can be asked again."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was handed out. An empty `answer` says that there was nothing."""

    kind: str
    asked: str
    answer: str


def names_of(facts: Iterable[Fact]) -> tuple[str, ...]:
    """What a page was made from, as others can be told to forget it: all that was there."""
    return tuple(
        f"{fact.kind}:{fact.asked}" for fact in facts if fact.answer and fact.kind not in OF_REQUEST
    )


class OutOfPhase(RuntimeError):
    """Something was read or proposed after its phase had ended."""


class Facts:
    """Collects facts while a request is observed; closed before anything is proposed."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], str] = {}
        self._closed = False

    def record(self, kind: str, asked: str, answer: str) -> None:
        """Raises OutOfPhase after `close`."""
        if self._closed:
            raise OutOfPhase(f"{kind} {asked!r} was read after the request had been observed")
        self._found[kind, asked] = answer

    def close(self) -> tuple[Fact, ...]:
        self._closed = True
        return tuple(Fact(*key, answer) for key, answer in sorted(self._found.items()))
