"""Where this node's own commits of a branch stand to the remote's. Moves refs by compare-and-swap.

A node that never writes has no own commits: then one question to Git is all there is.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from apps.gitsync.clone.continuity import FOLLOWED
from apps.gitsync.errors import RefMoved
from apps.gitsync.git.looks import Look
from apps.gitsync.git.repository import Repository

OWN: Final = "refs/heads/"
THEIRS: Final = "refs/remotes/origin/"
ASKED: Final = "refs/whispercms/asked/"
"""A commit that a person asked to publish and that is not published yet."""
KINDS: Final = {"own": OWN, "theirs": THEIRS, "followed": FOLLOWED, "asked": ASKED}
FIELDS: Final = "%(objectname) %(objecttype) %(refname)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Commits of one branch; None where there is no such ref."""

    branch: str
    own: str | None
    theirs: str | None
    followed: str | None
    asked: str | None


def read_standing(repository: Repository, branch: str) -> Standing:
    """One question, whatever there is."""
    names = _names(branch)
    said = repository.plumb("for-each-ref", f"--format={FIELDS}", *names.values())
    lines = (line.split(" ", 2) for line in said.decode("utf-8", "replace").splitlines())
    found = {name: (commit, kind) for commit, kind, name in lines}
    commits = {each: _commit(repository, *found[n]) for each, n in names.items() if n in found}
    return Standing(branch=branch, **{kind: commits.get(kind) for kind in names})


def standing_in(repository: Repository, seen: Look, branch: str) -> Standing:
    """The same as it was at a look."""
    found = {each: seen.objects.get(name) for each, name in _names(branch).items()}
    objects = sorted({name for name in found.values() if name})
    kinds = repository.kinds(objects)
    commits = {name: _commit(repository, name, kinds[name]) for name in objects}
    return Standing(branch=branch, **{each: commits.get(n or "") for each, n in found.items()})


def _names(branch: str) -> dict[str, str]:
    return {kind: prefix + branch for kind, prefix in KINDS.items()}


def newest(repository: Repository, at: Standing) -> str | None:
    """The commit to be served: our own where it has anything that the remote lacks."""
    if at.own and at.theirs and repository.is_ancestor(at.own, at.theirs):
        return at.theirs
    return at.own or at.theirs


def is_known(repository: Repository, branch: str) -> bool:
    """Whether this node has commits of the branch that the remote may have lost."""
    at = read_standing(repository, branch)
    return bool(at.own or at.followed)


def settle(repository: Repository, branch: str, seen: Look | None = None) -> Standing:
    """After a fetch: what the remote has is no longer ours alone. Killed between any two lines, it
    leaves every commit on a ref, and does the rest the next time."""
    at = standing_in(repository, seen, branch) if seen else read_standing(repository, branch)
    if at.theirs is None or not (at.own or at.asked) or is_rewritten(repository, at):
        return at
    refs = ((ASKED + branch, at.asked), (OWN + branch, at.own))
    there = [(ref, c) for ref, c in refs if c and repository.is_ancestor(c, at.theirs)]
    with suppress(RefMoved):  # Somebody saved meanwhile; that is newer than what was seen here.
        if there and at.followed != at.theirs:
            repository.move(FOLLOWED + branch, at.theirs, at.followed)
        for ref, commit in there:
            repository.remove(ref, commit)
    return read_standing(repository, branch) if there else at


def is_rewritten(repository: Repository, at: Standing) -> bool:
    """Whether the remote's branch lost commits that it had, or is gone."""
    if at.followed is None or at.followed == at.theirs:
        return False
    return at.theirs is None or not repository.is_ancestor(at.followed, at.theirs)


def unpublished(repository: Repository, branch: str) -> int:
    """How many commits this node alone has; merges count as well."""
    at = read_standing(repository, branch)
    if at.own is None:
        return 0
    known = [f"^{commit}" for commit in (at.theirs, at.followed) if commit]
    return int(repository.plumb("rev-list", "--count", at.own, *known))


def _commit(repository: Repository, found: str, kind: str) -> str | None:
    """A remote may name a tag where a commit belongs."""
    return found if kind == "commit" else repository.resolve(f"{found}^{{commit}}")
