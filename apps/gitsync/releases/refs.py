"""Releases in the clone: a commit each, which holds the manifest and whose parent is the commit it
pins, under `refs/whispercms/releases/<id>`. A ref of a release never moves and is never removed.

What a remote has lies under `refs/whispercms/fetched/` until it has been verified.
"""

import time
from collections.abc import Callable, Mapping, Sequence

import structlog

from apps.content.problems import Problem
from apps.gitsync.errors import GitFault, RefMoved
from apps.gitsync.git.commits import Author
from apps.gitsync.git.looks import Look, look
from apps.gitsync.git.repository import Repository
from apps.gitsync.git.signing import CommitKey
from apps.gitsync.releases.release import (
    RELEASE_BYTES,
    Release,
    ReleaseError,
    decoded,
    encoded,
    environment_of,
    is_from_the_future,
)

log = structlog.get_logger("whispercms.releases")

RELEASES = "refs/whispercms/releases/"
FETCHED = "refs/whispercms/fetched/"
MANIFEST = "release.json"
PLAIN_FILE = "100644"
ADOPTED_AT_ONCE = 1_000
"""New releases that one sync takes from the remote, the newest first."""


def known(repository: Repository) -> dict[str, str]:
    """id → the commit that holds it, of those that this node has verified or made; by time."""
    return _ids(repository.refs(RELEASES), RELEASES)


def read(repository: Repository, commit: str) -> Release:
    """Of a release that is known."""
    ((_, content),) = repository.read([f"{commit}:{MANIFEST}"])
    return decoded(content)


def find(repository: Repository, release_id: str) -> Release | None:
    commit = known(repository).get(release_id)
    return read(repository, commit) if commit else None


def newest(
    repository: Repository, environment: str, among: Mapping[str, str] | None = None
) -> Release | None:
    """What an environment was last told to serve; `among` spares a question to Git."""
    found = known(repository) if among is None else among
    ours = [name for name in found if environment_of(name) == environment]
    return read(repository, found[ours[-1]]) if ours else None


def write(
    repository: Repository, release: Release, author: Author, key: CommitKey | None = None
) -> str:
    """The commit of the release; no ref names it yet."""
    blob = repository.write_blob(encoded(release))
    tree = repository.write_tree([(PLAIN_FILE, blob, MANIFEST)])
    message = f"Release {release.id}\n\n{release.cause}\n"
    parents = [release.commit]
    return repository.write_commit(tree, parents, message, author.as_environment(), key=key)


def adopt(
    repository: Repository,
    environment: str,
    judge: Callable[[str], Sequence[Problem]],
    seen: Look | None = None,
) -> dict[str, str]:
    """Takes over what was fetched of an environment and is well-formed, whole and, says `judge` of
    its commit, trusted; the rest is logged and left. Returns what is `known` then."""
    refs = (seen or look(repository)).objects
    here, there = _ids(refs, RELEASES), _ids(refs, FETCHED)
    new = [n for n in there if n not in here and environment_of(n) == environment]
    for name in new[-ADOPTED_AT_ONCE:]:
        try:
            _verify(repository, name, there[name])
            if problems := judge(there[name]):
                raise ReleaseError("; ".join(map(str, problems)))
            repository.move(RELEASES + name, there[name], None)
            here[name] = there[name]
        except (ReleaseError, RefMoved) as error:
            log.warning("release left out", release=name, reason=str(error))
    return dict(sorted(here.items()))


def unsent(repository: Repository) -> dict[str, str]:
    """id → commit of the releases that the remote did not have when it was last asked."""
    refs = repository.refs(RELEASES, FETCHED)
    there = _ids(refs, FETCHED)
    return {n: c for n, c in _ids(refs, RELEASES).items() if there.get(n) != c}


def _verify(repository: Repository, name: str, commit: str) -> None:
    """Raises ReleaseError unless the commit is what a release of this name has to be."""
    if is_from_the_future(name, time.time()):
        raise ReleaseError("it is from the future")
    try:
        release = _fetched(repository, commit)
        parents = repository.run("rev-list", "--parents", "-n1", commit).decode().split()[1:]
        tree = repository.resolve(f"{release.commit}^{{tree}}")
    except GitFault as error:
        raise ReleaseError(str(error)) from error
    if release.id != name:
        raise ReleaseError("it has another id than its ref")
    if parents != [release.commit] or tree != release.pins.tree:
        raise ReleaseError("it does not hold the commit that it names")


def _fetched(repository: Repository, commit: str) -> Release:
    """Of a commit that may be anything."""
    items = repository.top(commit)
    if [(item.path, item.mode) for item in items] != [(MANIFEST.encode(), PLAIN_FILE)]:
        raise ReleaseError(f"it is not a commit of {MANIFEST} alone")
    blob = items[0].blob
    if repository.sizes([blob])[blob] > RELEASE_BYTES:
        raise ReleaseError(f"its manifest has more than {RELEASE_BYTES} bytes")
    ((_, content),) = repository.read([blob])
    return decoded(content)


def _ids(refs: Mapping[str, str], prefix: str) -> dict[str, str]:
    named = {r.removeprefix(prefix): c for r, c in refs.items() if r.startswith(prefix)}
    return {name: named[name] for name in sorted(named) if environment_of(name)}
