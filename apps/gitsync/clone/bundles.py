"""All refs of a clone as one file, and the clone that comes of it."""

import re
from pathlib import Path
from typing import Final

from apps.gitsync.errors import BackupRefused, GitFault
from apps.gitsync.git.repository import Repository

HEAD: Final = "refs/remotes/origin/HEAD"
OWN: Final = re.compile(r"refs/(heads|remotes/origin|whispercms)/\S+")
TRIES: Final = 5
LOW_MEMORY: Final = ("-c", "core.bigFileThreshold=16m", "-c", "pack.threads=1")
PLAIN: Final = "%(if)%(symref)%(then)%(else)%(refname)%(end)"


def write_bundle(repository: Repository, into: Path) -> str | None:
    """Every ref that is ours, as of one moment. Returns what the remote's HEAD names; writes no
    file when there is no ref. A ref that goes meanwhile makes it begin again."""
    for attempt in range(TRIES):
        listed = repository.plumb("for-each-ref", f"--format={PLAIN}", "refs/")
        names = [name for name in listed.decode().split() if OWN.fullmatch(name)]
        if not names:
            return None
        try:
            wanted = "".join(f"{name}\n" for name in names).encode()
            command = ("bundle", "create", "--quiet", "--version=2", str(into), "--stdin")
            repository.plumb(*command, stdin=wanted, options=LOW_MEMORY)
            break
        except GitFault:
            if attempt == TRIES - 1:
                raise
    return repository.symbolic(HEAD)


def clone_bundle(bundle: Path, into: Path, head: str | None) -> Repository:
    """A bare clone with every ref of the bundle and no other. Raises BackupRefused."""
    repository = Repository(into, durable=True)
    repository.create()
    try:
        repository.plumb("bundle", "verify", "--quiet", str(bundle))
        listed = repository.plumb("bundle", "list-heads", str(bundle)).decode()
        names = [line.partition(" ")[2] for line in listed.splitlines()]
        if strange := [name for name in names if not OWN.fullmatch(name)]:
            raise _refused(f"holds the ref {strange[0][:80]!r}")
        _fetch(repository, str(bundle), "+refs/*:refs/*")
        repository.plumb("fsck", "--connectivity-only", "--no-dangling", "--no-progress")
    except BackupRefused:
        raise
    except GitFault as error:
        raise _refused(f"cannot be read ({error.reason})") from error
    if head and re.fullmatch(r"refs/remotes/origin/\S+", head) and repository.resolve(head):
        repository.symbolic(HEAD, head)
    return repository


def lacking(repository: Repository, old: Path, *, kept: str, below: str) -> dict[str, str]:
    """Puts every ref of the clone `old` that this one does not contain under `below`, those under
    `kept` as they are; returns the refs as they were named → what they are at. Raises GitFault
    when `old` cannot be read."""
    commits = repository.plumb("rev-list", "--all").decode().split()
    known = {*commits, *repository.refs("refs/").values()}
    _fetch(repository, str(old), f"+{kept}*:{kept}*")
    _fetch(repository, str(old), f"+refs/*:{below}*", f"^{kept}*")
    found = {}
    for ref, target in repository.refs(below).items():
        if target in known:
            repository.remove(ref, target)
        else:
            found[f"refs/{ref.removeprefix(below)}"] = target
    return found


def _fetch(repository: Repository, remote: str, *refspecs: str) -> None:
    options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance")
    repository.plumb("fetch", *options, "--", remote, *refspecs, options=LOW_MEMORY)


def _refused(reason: str) -> BackupRefused:
    text = f"the repository in the backup {reason}"
    return BackupRefused("backup.repository", text, "Take another backup")
