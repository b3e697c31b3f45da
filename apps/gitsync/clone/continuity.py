"""Whether what a remote's branch is now continues what it was. A history that was rewritten is
followed only after a person has said so, once.
"""

from dataclasses import dataclass
from typing import Final

from apps.content.pointer import Pointer
from apps.content.problems import Problem
from apps.gitsync.git.looks import Look, look
from apps.gitsync.git.repository import Repository

THEIRS: Final = "refs/remotes/origin/"
FOLLOWED: Final = "refs/whispercms/followed/"
"""The remote's newest commit that this node has taken for good, by branch."""
BEFORE: Final = (FOLLOWED, "refs/whispercms/served/")
"""Where a node that has not followed yet may know one from; the first counts."""
CODE: Final = "history.rewritten"
SHORT: Final = 10


@dataclass(frozen=True, slots=True)
class Continuity:
    """Commits of one branch of the remote: what it was, what it is, and what was followed last."""

    branch: str
    before: str | None
    after: str | None
    followed: str | None
    rewritten: bool

    @property
    def problem(self) -> Problem:
        reason = (
            f"the remote's history was rewritten: {(self.after or '')[:SHORT]} does not contain"
            f" {(self.before or '')[:SHORT]}, which was there before; if that was meant, run once"
            " `manage.py syncrepo --accept-rewritten`"
        )
        return Problem(self.branch, 0, CODE, reason)


def continuity(
    repository: Repository, branch: str, pointer: Pointer | None, seen: Look | None = None
) -> Continuity:
    """No question to Git while nothing moves. `pointer` is of the index: it counts where the
    clone is new and the index is not."""
    at = (seen or look(repository)).objects
    after = at.get(THEIRS + branch)
    before = next((at[prefix + branch] for prefix in BEFORE if prefix + branch in at), None)
    if before is None and pointer is not None and pointer.branch == branch:
        before = pointer.commit_id
    lost = after is not None and before not in (None, after)
    rewritten = lost and not repository.is_ancestor(str(before), str(after))
    return Continuity(branch, before, after, at.get(FOLLOWED + branch), rewritten)


def moves(found: Continuity) -> dict[str, str]:
    """What `follow` would move: ref → commit."""
    if found.after is None or found.after == found.followed:
        return {}
    return {FOLLOWED + found.branch: found.after}


def follow(repository: Repository, found: Continuity) -> None:
    """The remote's branch is good as it is now. Whoever calls holds the sync lock."""
    for ref, commit in moves(found).items():
        repository.set(ref, commit)
