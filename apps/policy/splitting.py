"""A policy file cut into its policies, each measured before the engine's parser. Pure.

Only tokens count: what stands in strings and comments nests nothing. The tokens are those of
Cedar's lexer, in which a comment ends at a carriage return as well.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apps.policy.limits import CHAIN, LITERAL, NESTING, POLICIES, TOKENS

_TOKEN: Final = re.compile(
    r"""(?P<skipped>\s+|//[^\n\r]*)|(?P<word>"(?:\\.|[^"\\])*+"|\w+)|(?P<other>&&|\|\||::|.)""",
    re.DOTALL,
)
_CLOSED_BY: Final = {"(": ")", "[": "]", "{": "}"}
_CLOSING: Final = frozenset(_CLOSED_BY.values())
_LINKS: Final = frozenset({"&&", "||", "+", "-", "*", ".", "if"})
_END: Final = ";"
_QUOTE: Final = '"'


@dataclass(frozen=True, slots=True)
class PolicyText:
    """`line` is where it begins, 1-based."""

    line: int
    text: str


class UnfitText(ValueError):
    """`line` is where the policy begins."""

    def __init__(self, line: int, code: str, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.code = code
        self.reason = reason


def split(text: str) -> tuple[PolicyText, ...]:
    """Each with its `;`; the last one may lack it. Raises UnfitText."""
    found = tuple(_cut(text))
    if len(found) > POLICIES:
        raise UnfitText(found[POLICIES].line, "policy.too-large", f"there are over {POLICIES}")
    return found


def _cut(text: str) -> Iterator[PolicyText]:
    measure, line, begin = _Measure(), 1, -1
    for token in _TOKEN.finditer(text):
        if token.lastgroup != "skipped":
            if begin < 0:
                line += text.count("\n", measure.end, token.start())
                begin = token.start()
            measure.take(token[0], line)
            if token[0] == _END and measure.is_closed:
                yield PolicyText(line, text[begin : token.end()])
                line += text.count("\n", begin, token.end())
                measure, begin = _Measure(token.end()), -1
    if begin >= 0:
        yield PolicyText(line, text[begin:])


class _Measure:
    """Of one policy, as far as it was read; `end` is that of the policy before."""

    def __init__(self, end: int = 0) -> None:
        self.end = end
        self._open: list[str] = []
        self._tokens = 0
        self._links: Counter[str] = Counter()

    @property
    def is_closed(self) -> bool:
        return not self._open

    def take(self, token: str, line: int) -> None:
        self._tokens += 1
        if self._tokens > TOKENS:
            raise UnfitText(line, "policy.too-large", f"a policy has over {TOKENS} words and signs")
        if token == _QUOTE:
            raise UnfitText(line, "policy.syntax", "a text has no end")
        if len(token) > LITERAL:
            raise UnfitText(line, "policy.too-large", f"a text has over {LITERAL} characters")
        if token in _CLOSED_BY:
            self._open.append(_CLOSED_BY[token])
            if len(self._open) > NESTING:
                raise UnfitText(line, "policy.too-deep", f"brackets nest over {NESTING} deep")
        elif token in _CLOSING and (not self._open or self._open.pop() != token):
            raise UnfitText(line, "policy.syntax", f"there is a {token} that closes nothing")
        elif token in _LINKS:
            self._count(token, line)

    def _count(self, token: str, line: int) -> None:
        self._links[token] += 1
        if self._links[token] > CHAIN:
            raise UnfitText(line, "policy.too-deep", f"a policy has {token} over {CHAIN} times")
