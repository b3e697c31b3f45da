"""What one attempt to publish did, as people and `--json` see it. Pure."""

from dataclasses import dataclass
from typing import Any, Final

from apps.content.problems import Problem
from apps.gitsync.report import SyncReport

PUBLISHED: Final = "published"
UNCHANGED: Final = "unchanged"
WOULD: Final = "would publish"
QUEUED: Final = "queued"
REFUSED: Final = "refused"
CONFLICT: Final = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """`old` is the remote's commit before, `new` what it is or was to be; `commits` of our own are
    in `new` and not in `old`. `conflict` is the name that a conflict is kept under."""

    state: str
    branch: str
    old: str | None = None
    new: str | None = None
    commits: int = 0
    merged: bool = False
    conflict: str | None = None
    problems: tuple[Problem, ...] = ()
    reason: str = ""
    synced: SyncReport | None = None

    @property
    def succeeded(self) -> bool:
        return self.state in (PUBLISHED, UNCHANGED, WOULD)

    def as_json(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "branch": self.branch,
            "commit": {"from": self.old, "to": self.new},
            "commits": self.commits,
            "merged": self.merged,
            "conflict": self.conflict,
            "problems": [problem.as_json() for problem in self.problems],
            "reason": self.reason or None,
            "index": self.synced.as_json() if self.synced else None,
        }
