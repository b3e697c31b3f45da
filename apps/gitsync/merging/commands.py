"""Git's own words for merging: common ancestors, merged trees, refs that move together."""

import os
import tempfile
from collections.abc import Iterable, Sequence

from apps.gitsync.errors import GitFault, RefMoved
from apps.gitsync.git.repository import Repository
from apps.gitsync.locks import clear_stale
from apps.gitsync.merging.output import TreeMerge, tree_merge

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
FOLDER = "040000"
LOCKED = "git.locked"
FOUND_SOME = 1
"""`merge-tree` ends with it when there are conflicts, `merge-base` when there is nothing."""
# Attributes of the repository's own, which newer versions of Git read, could name a driver.
OPTIONS = ("-c", f"attr.tree={EMPTY_TREE}", "-c", "merge.directoryRenames=true")


def merge_bases(repository: Repository, ours: str, theirs: str) -> list[str]:
    """Their best common ancestors: none, one, or several where branches were merged crosswise."""
    return repository.plumb("merge-base", "--all", ours, theirs, most=FOUND_SOME).decode().split()


def merge_trees(
    repository: Repository, ours: str, theirs: str, *, contents: bool = True
) -> TreeMerge:
    """Git's merge of two commits. Without `contents` every file that both changed is left with
    its three versions, renames followed."""
    with tempfile.NamedTemporaryFile() as attributes:
        attributes.write(b"" if contents else b"* -merge\n")
        attributes.flush()
        options = (*OPTIONS, "-c", f"core.attributesFile={attributes.name}")
        command = ("merge-tree", "--write-tree", "-z", "--messages", ours, theirs)
        output = repository.plumb(*command, options=options, most=FOUND_SOME)
    return tree_merge(output)


def write_folder(repository: Repository, entries: Iterable[tuple[str, str, str]]) -> str:
    """A tree of (mode, object, name), where an object may be a tree."""
    lines = [
        f"{mode} {'tree' if mode == FOLDER else 'blob'} {made}\t".encode() + os.fsencode(name)
        for mode, made, name in entries
    ]
    return (
        repository.plumb("mktree", "-z", stdin=b"".join(line + b"\0" for line in lines))
        .decode()
        .strip()
    )


def refs_below(repository: Repository, prefix: str) -> dict[str, str]:
    """ref → commit, below a prefix that ends with a slash."""
    listed = repository.plumb("for-each-ref", "--format=%(refname) %(objectname)", prefix)
    return dict(line.split(" ") for line in listed.decode("utf-8", "replace").splitlines())


def move_together(repository: Repository, changes: Sequence[tuple[str, str | None, str]]) -> None:
    """Refs with the commits they get and have, all of them or none; None deletes. A lock that a
    killed Git left is no obstacle. Raises RefMoved."""
    try:
        _moved_together(repository, changes)
    except GitFault as error:
        if error.code != LOCKED:
            raise
        clear_stale(repository.path)
        _moved_together(repository, changes)


def _moved_together(repository: Repository, changes: Sequence[tuple[str, str | None, str]]) -> None:
    lines = (
        f"update {ref} {new} {old}" if new else f"delete {ref} {old}" for ref, new, old in changes
    )
    try:
        repository.plumb(
            "update-ref", "--no-deref", "--stdin", stdin="\n".join([*lines, ""]).encode()
        )
    except GitFault as error:
        for ref, _, old in changes:
            if repository.resolve(ref) != old:
                raise RefMoved(ref) from error
        raise
