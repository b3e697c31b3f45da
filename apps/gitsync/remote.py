"""Brings the clone up to date and says which commit of which branch is to be served."""

from dataclasses import dataclass
from pathlib import Path

from apps.gitsync.errors import RemoteFault
from apps.gitsync.git import Repository
from apps.gitsync.refusals import as_remote, explain
from apps.gitsync.source import SiteSource, checked_branch, checked_remote

HEAD = "refs/remotes/origin/HEAD"
BRANCHES = "refs/remotes/origin/"


@dataclass(frozen=True, slots=True)
class Target:
    """The newest commit of the branch that is served."""

    branch: str
    commit: str


def fetch(repository: Repository, source: SiteSource) -> None:
    """Clones on first use. Raises RemoteFault, and then the clone is as it was."""
    remote = checked_remote(source.remote)
    if not repository.exists():
        repository.create()
    if _is_shallow(remote):
        raise as_remote(explain("shallow", "fetch"))
    repository.fetch(remote)
    undecided = source.branch is None and _remembered(repository) is None
    if undecided and (branch := repository.default_branch(remote)):
        repository.symbolic(HEAD, BRANCHES + branch)


def target(repository: Repository, source: SiteSource) -> Target:
    """Raises RemoteFault when there is no such branch, or nothing to choose one by."""
    branch = checked_branch(source.branch) if source.branch else _remembered(repository)
    if branch is None:
        raise RemoteFault(*_undecided(repository))
    commit = repository.resolve(f"{BRANCHES}{branch}^{{commit}}")
    if commit is None:
        raise RemoteFault(
            "branch.unknown",
            f"the remote has no branch {branch!r}",
            "Set WHISPERCMS_BRANCH to one that it has",
        )
    return Target(branch, commit)


def _is_shallow(remote: str) -> bool:
    """Of a folder this can be seen at once; of another remote a fetch tells."""
    folder = Path(remote.removeprefix("file://"))
    return (folder / "shallow").exists() or (folder / ".git" / "shallow").exists()


def _remembered(repository: Repository) -> str | None:
    """The default branch, as long as the remote has it."""
    name = repository.symbolic(HEAD)
    return name.removeprefix(BRANCHES) if name and repository.resolve(name) else None


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
