"""What policies would do if they were so: their flaws, who is left to change them, and what would
be decided otherwise. Changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.console.node import ConsoleNode
from apps.gitsync import policing
from apps.gitsync.policing import Change, Where
from apps.policy.comparing import Lockout
from apps.policy.flaws import Flaw


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`left` and `changes` are told only where there are no flaws."""

    flaws: tuple[Flaw, ...]
    policies: int = 0
    cases: int = 0
    left: Lockout | None = None
    changes: tuple[Change, ...] = ()

    def locks_out(self, person: str) -> bool:
        """Whether this person could not change policies any more."""
        able = self.left.able if self.left else (person,)
        return person not in able and policing.ANYBODY not in able

    def as_json(self) -> dict[str, Any]:
        return {
            "flaws": [each.as_json() for each in self.flaws],
            "policies": self.policies,
            "cases": self.cases,
        }


def with_files(before: Where, changed: Mapping[str, bytes | None]) -> Where:
    """Pure. None takes a file away."""
    kept = {path: content for path, content in before.files.items() if path not in changed}
    new = {path: content for path, content in changed.items() if content is not None}
    return Where("what is written here", {**kept, **new})


def checked(node: ConsoleNode, after: Where) -> Judged:
    """By a confined worker, as a sync does. Raises WorkerFault."""
    found = policing.checked(after, node.workers)
    return Judged(flaws=found.flaws, policies=found.policies, cases=found.cases)


def judged(node: ConsoleNode, before: Where, after: Where) -> Judged:
    """With what comes out otherwise over the whole site. Raises WorkerFault."""
    found = checked(node, after)
    if found.flaws:
        return found
    return Judged(
        flaws=(),
        policies=found.policies,
        cases=found.cases,
        left=policing.left(after),
        changes=tuple(policing.differences(before, after)),
    )
