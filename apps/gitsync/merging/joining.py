"""Brings two histories of one site together: the one door to merging for whoever writes."""

from dataclasses import dataclass

from apps.content.merging.messages import FileMerges
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.merging.merge import conflict_of, keep
from apps.gitsync.merging.resolving import forget, list_conflicts
from apps.gitsync.merging.trees import MergeResult, merge

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Joined:
    """`tree` is None where a person has to decide."""

    result: MergeResult

    @property
    def tree(self) -> str | None:
        return self.result.tree

    def fault(self) -> GitFault:
        paths = sorted({each.path for each in self.result.conflicts})
        more = len(paths) - SHOWN
        told = ", ".join(paths[:SHOWN]) + (f" and {more} more" if more > 0 else "")
        reason = f"both sides changed the same in {told}"
        return GitFault("merge.conflict", reason, "Look at the newest, and make the change again")


def join(repository: Repository, ours: str, theirs: str, *, merges: FileMerges) -> Joined:
    """Writes objects, moves no ref. Raises GitFault."""
    return Joined(merge(repository, ours, theirs, merges=merges))


def keep_conflict(
    repository: Repository, joined: Joined, *, ref: str, message: str, author: Author
) -> str:
    """The name under which a person can decide it. `ref` stands at our side of it."""
    found = joined.result
    conflict = conflict_of(ref, message, found)
    keep(repository, conflict, author)
    forget_decided(repository, ref, (found.ours, found.theirs), but=conflict.id)
    return conflict.id


def forget_decided(
    repository: Repository, ref: str, commits: tuple[str, ...], *, but: str = ""
) -> None:
    """Of conflicts of `ref`, those whose sides are both within `commits`: nothing is left to decide
    about them, or what is kept now has it."""
    for conflict in list_conflicts(repository):
        if conflict.ref != ref or conflict.id == but:
            continue
        sides = (conflict.ours, conflict.theirs)
        if all(_within(repository, side, commits) for side in sides):
            forget(repository, conflict)


def _within(repository: Repository, commit: str, commits: tuple[str, ...]) -> bool:
    return any(repository.is_ancestor(commit, each) for each in commits)
