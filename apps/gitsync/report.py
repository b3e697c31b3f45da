"""What one sync did, as people, `--json` and the record of runs see it. Pure."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from apps.content.problems import Problem

APPLIED, UNCHANGED, REFUSED = "applied", "unchanged", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """`old` and `new` are commits; `seconds` is by stage; `digest` is of the index now served;
    `pinned` is the release of a rollback that holds the environment, `registry` the digest of the
    version of its extensions."""

    state: str
    branch: str
    old: str | None
    new: str | None
    parsed: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    problems: tuple[Problem, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    digest: str | None = None
    pinned: str | None = None
    registry: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "commit": {"from": self.old, "to": self.new},
            "parsed": self.parsed,
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "problems": [problem.as_json() for problem in self.problems],
            "fragments": self.fragments,
            "seconds": {stage: round(value, 4) for stage, value in self.seconds.items()},
            "digest": self.digest,
            "pinned": self.pinned,
            "registry": self.registry,
        }

    @property
    def fragments(self) -> int:
        """What another system's programs would have to run."""
        from apps.content.fragments.taking import CODE, counted

        return sum(
            sum(counted(each.reason).values()) for each in self.problems if each.code == CODE
        )

    @property
    def changes_state(self) -> bool:
        return self.state != UNCHANGED

    def reason(self) -> str:
        """Why it was refused, in one line."""
        first = str(self.problems[0]) if self.problems else "refused"
        more = len(self.problems) - 1
        return first if more < 1 else f"{first} (and {more} more)"


class Stopwatch:
    """Seconds by stage, in the order of the stages. `tell` hears of each as it begins."""

    def __init__(self, tell: Callable[[str], None] | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self._tell = tell

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        if self._tell:
            self._tell(name)
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - start
