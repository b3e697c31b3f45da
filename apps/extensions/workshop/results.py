"""What came of the cases of an extension, for people and programs. Pure."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Of one case; it passed where there are no `failures`, which are lines for people."""

    path: str
    line: int
    name: str
    failures: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.failures

    def as_json(self) -> dict[str, Any]:
        place = {"path": self.path, "line": self.line, "name": self.name}
        return {**place, "passed": self.passed, "failures": list(self.failures)}


def difference(expected: Iterable[str], found: Iterable[str]) -> tuple[str, ...]:
    """Empty where they are the same; else each line with its sign."""
    before, after = list(expected), list(found)
    if before == after:
        return ()
    lines = difflib.ndiff(before, after)
    return ("- expected, + proposed", *(line.rstrip() for line in lines if line[:2] != "? "))


def refusal(expected: str, reasons: Sequence[str]) -> tuple[str, ...]:
    """Of a case that is to be refused with these words."""
    if any(expected in reason for reason in reasons):
        return ()
    said = "; ".join(reasons) or "it was not refused"
    return (f"expected a refusal with {expected!r}, but: {said}",)
