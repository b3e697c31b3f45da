"""Merges a commit into a branch: a commit with two parents, or a conflict that is kept.

Made by plumbing, without a working tree; refs move by compare-and-swap. `resolving` goes on with
what is kept.
"""

from dataclasses import dataclass

from apps.content.merging.messages import FileMerges
from apps.content.merging.three_way import Side
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import PLAIN_FILE, Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.merging.commands import FOLDER, merge_bases, write_folder
from apps.gitsync.merging.conflicts import MergeConflict, encode
from apps.gitsync.merging.trees import MergeResult, commit_of, merge
from apps.gitsync.syncing.plan import SUBMODULE

CONFLICTS = "refs/whispercms/conflicts/"
DESCRIPTION = "conflict.json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`commit` is where the branch stands now; with a conflict it did not move."""

    commit: str
    conflict: MergeConflict | None = None


def merge_into(
    repository: Repository,
    ref: str,
    theirs: str,
    *,
    message: str,
    author: Author,
    merges: FileMerges,
) -> Outcome:
    """Always a commit of its own, even where the branch could have moved forward alone; none if
    it has all of `theirs`. Raises RefMoved, and then nothing has changed, or GitFault."""
    ours = repository.resolve(ref)
    if ours is None:
        raise GitFault("ref.missing", f"there is no {ref}", "Name a branch that exists")
    theirs = commit_of(repository, theirs)
    if merge_bases(repository, ours, theirs) == [theirs]:
        return Outcome(ours)
    result = merge(repository, ours, theirs, merges=merges)
    if result.tree is None:
        conflict = conflict_of(ref, message, result)
        keep(repository, conflict, author)
        return Outcome(ours, conflict)
    made = repository.write_commit(result.tree, (ours, theirs), message, author.as_environment())
    repository.move(ref, made, ours)
    return Outcome(made)


def conflict_of(ref: str, message: str, result: MergeResult) -> MergeConflict:
    return MergeConflict(
        ref=ref,
        message=message,
        base=result.base,
        ours=result.ours,
        theirs=result.theirs,
        rest=result.rest,
        files=result.conflicts,
    )


def keep(repository: Repository, conflict: MergeConflict, author: Author) -> str:
    """A commit on `refs/whispercms/conflicts/<id>` that holds all versions; what is kept already
    stays. Its parents are the two that conflict."""
    ref = CONFLICTS + conflict.id
    if known := repository.resolve(ref):
        return known
    described = repository.write_blob(encode(conflict))
    entries = [(PLAIN_FILE, described, DESCRIPTION), (FOLDER, conflict.rest, "rest")]
    if versions := _versions(repository, conflict):
        entries.append((FOLDER, versions, "files"))
    made = repository.write_commit(
        write_folder(repository, entries),
        (conflict.ours, conflict.theirs),
        f"Conflict of {conflict.ref}\n\n{conflict.message}",
        author.as_environment(),
    )
    repository.move(ref, made, None)
    return made


def _versions(repository: Repository, conflict: MergeConflict) -> str | None:
    """A folder for each file, by its number, so that no version is lost."""
    folders = []
    for number, file in enumerate(conflict.files, start=1):
        sides = [(str(side), file.versions.at(side)) for side in Side]
        sides += [(f"other-{n}", version) for n, version in enumerate(file.others)]
        kept = [(v.mode, v.blob, name) for name, v in sides if v and v.mode != SUBMODULE]
        if kept:
            folders.append((FOLDER, write_folder(repository, kept), str(number)))
    return write_folder(repository, folders) if folders else None
