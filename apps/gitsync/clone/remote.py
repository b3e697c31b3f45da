"""Brings the clone up to date and says which commit of which branch is to be served."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from apps.gitsync.clone.continuity import FOLLOWED
from apps.gitsync.clone.integrity import settle as settle_clone
from apps.gitsync.clone.replacing import finish
from apps.gitsync.clone.retrying import retried
from apps.gitsync.clone.standing import Standing, is_known, newest, read_standing, settle
from apps.gitsync.errors import RemoteFault
from apps.gitsync.git.looks import Look, look
from apps.gitsync.git.pushes import Pushed, RefUpdate
from apps.gitsync.git.refusals import explain_remote, is_transient
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import SiteSource, checked_branch, checked_remote

HEAD = "refs/remotes/origin/HEAD"
BRANCHES = "refs/remotes/origin/"


@dataclass(frozen=True, slots=True)
class Target:
    """The newest commit of the branch that is served."""

    branch: str
    commit: str


def fetch(repository: Repository, source: SiteSource) -> Look:
    """Clones on first use, and returns the refs as they are then. Raises RemoteFault, and then the
    clone is as it was."""
    remote = checked_remote(source.remote)
    finish(source)
    settle_clone(repository)
    if not repository.exists():
        repository.create()
    if _is_shallow(remote):
        raise explain_remote("shallow", "fetch")
    repository.ready()
    retried(lambda: repository.fetch(remote, source.access))
    found = look(repository)
    undecided = source.branch is None and HEAD not in found.targets
    if undecided and (branch := repository.default_branch(remote, source.access)):
        repository.symbolic(HEAD, BRANCHES + branch)
        return look(repository)
    return found


def push(repository: Repository, source: SiteSource, updates: Sequence[RefUpdate]) -> list[Pushed]:
    """An answer for each update. Raises RemoteFault when the remote gave none."""
    remote = checked_remote(source.remote)

    def attempt() -> list[Pushed]:
        pushed = repository.push(remote, updates, source.access)
        for each in pushed:
            if each.fault and is_transient(each.fault):
                raise each.fault
        return pushed

    return retried(attempt)


def target(repository: Repository, source: SiteSource) -> Target:
    """Raises RemoteFault when there is no such branch, or nothing to choose one by."""
    return _newest(repository, read_standing(repository, branch_name(repository, source)))


def settled_target(repository: Repository, source: SiteSource, seen: Look | None = None) -> Target:
    """The same after a fetch, whereby our own refs of what the remote has are put away."""
    return _newest(repository, settle(repository, branch_name(repository, source, seen), seen))


def _newest(repository: Repository, at: Standing) -> Target:
    commit = newest(repository, at)
    if commit is None:
        raise RemoteFault(
            "branch.unknown",
            f"the remote has no branch {at.branch!r}",
            "Set WHISPERCMS_BRANCH to one that it has",
        )
    return Target(at.branch, commit)


def branch_name(repository: Repository, source: SiteSource, seen: Look | None = None) -> str:
    """The branch of the settings, else the remote's default. Raises GitFault."""
    if source.branch:
        return checked_branch(source.branch)
    if seen and HEAD in seen.targets:
        return seen.targets[HEAD].removeprefix(BRANCHES)
    branch = _remembered(repository) or _followed(repository)
    if branch is None:
        raise RemoteFault(*_undecided(repository))
    return branch


def _is_shallow(remote: str) -> bool:
    """Of a folder this can be seen at once; of another remote a fetch tells."""
    folder = Path(remote.removeprefix("file://"))
    return (folder / "shallow").exists() or (folder / ".git" / "shallow").exists()


def _remembered(repository: Repository) -> str | None:
    """The default branch, as long as the remote has it."""
    name = repository.symbolic(HEAD)
    return name.removeprefix(BRANCHES) if name and repository.resolve(name) else None


def _followed(repository: Repository) -> str | None:
    """The one it was, where this node knows commits of it."""
    if name := repository.symbolic(HEAD):
        branch = name.removeprefix(BRANCHES)
        return branch if is_known(repository, branch) else None
    known = repository.refs(FOLLOWED)
    return next(iter(known)).removeprefix(FOLLOWED) if len(known) == 1 else None


def _undecided(repository: Repository) -> tuple[str, str, str]:
    if not repository.branches():
        return (
            "remote.empty",
            "the remote repository has no commits yet",
            "Commit a first document and push it",
        )
    return (
        "remote.detached",
        "the remote names no default branch (its HEAD is detached)",
        "Set WHISPERCMS_BRANCH to the branch to serve",
    )
