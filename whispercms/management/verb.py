"""What a verb of `manage.py extension` is: a module of `verbs`, named as the verb.

It parses, calls one function, and answers.
"""

from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from apps.extensions.management.guarded import Asked

EXIT_REFUSED: Final = 1
EXIT_USAGE: Final = 2
EXIT_REMOTE: Final = 3
EXIT_NODE: Final = 4

Options = dict[str, Any]


class Verb(Protocol):
    """A verb that changes something has `asks(options)` as well: what policy has to allow."""

    HELP: str

    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def answer(self, options: Options) -> "Answer":
        """Raises VerbEnd, NoExtension and GitFault."""


@dataclass(frozen=True, slots=True)
class Answer:
    """For programs, for people, and the exit code."""

    values: Mapping[str, Any]
    text: str
    code: int = 0


class VerbEnd(Exception):
    """It could not be done. `error` is a word for programs, the reason is for people."""

    def __init__(self, code: int, error: str, reason: str) -> None:
        self.code, self.error = code, error
        super().__init__(reason)


def asked_by(verb: Verb, options: Options) -> Iterable[Asked]:
    asks: Callable[[Options], Iterable[Asked]] | None = getattr(verb, "asks", None)
    return asks(options) if asks else ()
