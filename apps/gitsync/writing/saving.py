"""One change becomes one signed commit on this node's own branch; then it cannot be lost.

Called by whatever a person or an extension's owner does: commands, later the console.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from apps.content.merging.messages import FileMerges
from apps.gitsync.clone.remote import branch_name
from apps.gitsync.clone.standing import OWN, is_rewritten, read_standing
from apps.gitsync.errors import GitFault, NotOnDisk, RefMoved
from apps.gitsync.git.commits import FILES, PLAIN_FILE, Author, write_blobs
from apps.gitsync.git.persisting import persist
from apps.gitsync.git.repository import Repository
from apps.gitsync.git.signing import CommitKey
from apps.gitsync.git.trees import files_at, tree_with
from apps.gitsync.locks import clear_stale
from apps.gitsync.merging.joining import join
from apps.gitsync.source import SiteSource
from apps.gitsync.trust.policies import Prove, insist
from apps.gitsync.writing.changes import Changes, check_changes
from apps.gitsync.writing.wording import checked_name, worded
from apps.policy.places import FOLDER

TRIES: Final = 20
PAUSE_SECONDS: Final = 0.02
SERVED: Final = "refs/whispercms/served/"
LOCKED: Final = "git.locked"


@dataclass(frozen=True, slots=True)
class Base:
    """The commit that the author saw, and who merges what others changed in the same files since.
    Without `merges` that is a conflict. `prove` says what is wrong with policies that come of it;
    without it none can be changed."""

    commit: str
    merges: FileMerges | None = None
    prove: Prove | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """One call of `save`, checked, its contents written."""

    repository: Repository
    branch: str
    blobs: Mapping[str, str | None]
    author: Author
    message: str
    base: Base | None
    key: CommitKey | None

    def commit(self, tree: str, parents: tuple[str, ...], *, key: CommitKey | None) -> str:
        who = self.author.as_environment()
        return self.repository.write_commit(tree, parents, self.message, who, key=key)


def save(
    source: SiteSource,
    changes: Changes,
    *,
    author: Author,
    cause: str,
    trailers: Mapping[str, str],
    base: Base | None = None,
) -> str:
    """The commit that holds the change, on `refs/heads/<branch>` and on the disk.

    Without `base` the newest commit is meant. A change that changes nothing makes no commit.

    Raises GitFault, with `merge.conflict` where a merge needs a person; then nothing has changed.
    """
    message = worded(cause, trailers)
    check_changes(changes, file_bytes=source.asset_bytes)
    for text in (author.name, author.email):
        checked_name(text)
    if source.signing:
        source.signing.check()
    repository, since = Repository(source.repository, durable=True), time.time()
    contents = {path: content for path, content in changes.items() if content is not None}
    blobs = write_blobs(repository, contents)
    saving = Saving(
        repository=repository,
        branch=branch_name(repository, source),
        blobs={path: blobs.get(path) for path in changes},
        author=author,
        message=message,
        base=base and replace(base, commit=_known(repository, base.commit)),
        key=source.signing,
    )
    commit = _until_moved(saving)
    keep_on_disk(repository, OWN + saving.branch, since)
    return commit


def keep_on_disk(repository: Repository, ref: str, since: float) -> None:
    """Raises NotOnDisk."""
    try:
        persist(repository.path, ref, since=since)
    except OSError as error:
        raise NotOnDisk(error) from error


def _until_moved(saving: Saving) -> str:
    """Others may save at the same time; each try begins with what they left."""
    for number in range(TRIES):
        try:
            return _once(saving)
        except RefMoved:
            time.sleep(PAUSE_SECONDS * number)
        except GitFault as error:
            if error.code != LOCKED:
                raise
            clear_stale(saving.repository.path)
            time.sleep(PAUSE_SECONDS * number)
    raise RefMoved(OWN + saving.branch)


def _once(saving: Saving) -> str:
    """Raises RefMoved; then nothing has changed."""
    own, parent = _parent(saving)
    tree = _tree(saving, parent)
    if parent and tree == saving.repository.resolve(f"{parent}^{{tree}}"):
        return parent
    if any(path.startswith(FOLDER) for path in saving.blobs):
        insist(saving.repository, tree, saving.base.prove if saving.base else None)
    commit = saving.commit(tree, (parent,) if parent else (), key=saving.key)
    saving.repository.move(OWN + saving.branch, commit, own)
    return commit


def _parent(saving: Saving) -> tuple[str | None, str | None]:
    """The own tip, and the commit to build upon: that, else the remote's newest, unless the remote
    lost what this node knows of it."""
    repository, branch = saving.repository, saving.branch
    at = read_standing(repository, branch)
    if at.own:
        return at.own, at.own
    if is_rewritten(repository, at):
        return None, at.followed
    return None, at.theirs or repository.resolve(SERVED + branch)


def _tree(saving: Saving, parent: str | None) -> str:
    """Raises GitFault for a conflict with what was changed since the base."""
    base = saving.base
    if parent is None or base is None or not _met(saving, base.commit, parent):
        return _changed(saving, parent)
    if base.merges is None:
        reason = "somebody else changed the same file meanwhile"
        raise GitFault("merge.conflict", reason, "Look at the newest, and make the change again")
    wanted = saving.commit(_changed(saving, base.commit), (base.commit,), key=None)
    joined = join(saving.repository, parent, wanted, merges=base.merges)
    if joined.tree is None:
        raise joined.fault()
    return joined.tree


def _met(saving: Saving, base: str, parent: str) -> bool:
    """Whether a path of the change was changed by others meanwhile."""
    if base == parent:
        return False
    changed = {os.fsdecode(item.path) for item in saving.repository.changes(base, parent)}
    return not changed.isdisjoint(saving.blobs)


def _changed(saving: Saving, commit: str | None) -> str:
    repository = saving.repository
    before = files_at(repository, commit, list(saving.blobs)) if commit else {}
    modes = {path: item.mode for path, item in before.items() if item.mode in FILES}
    files = {
        path: (modes.get(path, PLAIN_FILE), blob) if blob else None
        for path, blob in saving.blobs.items()
    }
    return tree_with(repository, f"{commit}^{{tree}}" if commit else None, files)


def _known(repository: Repository, commit: str) -> str:
    if found := repository.resolve(f"{commit}^{{commit}}"):
        return found
    raise GitFault("commit.unknown", f"there is no commit {commit[:80]!r}", "Fetch, and try again")
