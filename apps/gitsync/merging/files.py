"""The files of a tree as lines that a merge changes, and the blobs that it reads and writes."""

import os
from collections.abc import Iterable

from apps.content.bounds import MAX_MERGED
from apps.content.merging.three_way import Side
from apps.gitsync.git.repository import Repository
from apps.gitsync.merging.contests import Versions
from apps.gitsync.merging.settling import Contents, Settled
from apps.gitsync.syncing.plan import SUBMODULE

Line = tuple[str, str]
"""The mode and the blob of a path."""
Lines = dict[str, Line]


def lines_of(repository: Repository, tree: str) -> Lines:
    """Of a tree or a commit."""
    items = repository.tree(tree)
    return {os.fsdecode(item.path): (item.mode, item.blob) for item in items}


def tree_of(repository: Repository, lines: Lines) -> str:
    return repository.write_tree((*lines[path], path) for path in sorted(lines))


def blobs_of(versions: Iterable[Versions]) -> list[str]:
    found = (version for each in versions for version in each if version)
    return sorted({version.blob for version in found if version.mode != SUBMODULE})


def read_contents(repository: Repository, blobs: list[str]) -> Contents:
    """Of those that are not too long to be merged."""
    sizes = repository.sizes(blobs)
    return dict(repository.read([blob for blob in blobs if sizes[blob] <= MAX_MERGED]))


def put_settled(repository: Repository, lines: Lines, settled: Settled, side: Side) -> None:
    """Where something else stands in its place, beside that."""
    blob = settled.blob
    if settled.content is not None:
        blob = repository.write_blob(settled.content)
    lines[_free(settled.path, lines, side)] = settled.mode, blob


def _free(path: str, lines: Lines, side: Side) -> str:
    taken = path in lines or any(each.startswith(f"{path}/") for each in lines)
    return _free(f"{path}~{side}", lines, side) if taken else path
