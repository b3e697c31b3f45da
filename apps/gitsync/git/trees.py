"""A tree with some files changed. Its cost follows the change, not the size of the site."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from apps.gitsync.errors import GitFault
from apps.gitsync.git.output import TreeItem, tree_items
from apps.gitsync.git.repository import Repository

FOLDER: Final = "040000"
KINDS: Final = {FOLDER: "tree", "160000": "commit"}
SLICE: Final = 100
Files = Mapping[str, tuple[str, str] | None]
"""Path → (mode, blob), or None for a file that shall not be there."""
Parts = dict[tuple[str, ...], tuple[str, str] | None]


def tree_with(repository: Repository, tree: str | None, files: Files) -> str:
    """Raises GitFault for a path that no tree can hold, or that would take another file's place."""
    verify(repository, files)
    parts: Parts = {tuple(path.split("/")): entry for path, entry in files.items()}
    return _folder(repository, tree, parts, ()) or _made(repository, ())


def files_at(repository: Repository, commit: str, paths: Sequence[str]) -> dict[str, TreeItem]:
    """Those of the paths that are in a commit, folders among them."""
    found: list[TreeItem] = []
    for start in range(0, len(paths), SLICE):
        some = paths[start : start + SLICE]
        listed = repository.plumb("ls-tree", "-z", "--full-tree", commit, "--", *some)
        found += tree_items(listed)
    return {os.fsdecode(item.path): item for item in found}


def verify(repository: Repository, files: Files) -> None:
    """Has Git judge the names: it knows what other systems would take for `.git` or `..`."""
    blob = repository.write_blob(b"")
    paths = list(files)
    for start in range(0, len(paths), SLICE):
        entries = [f"100644,{blob},{path}" for path in paths[start : start + SLICE]]
        lines = [part for entry in entries for part in ("--cacheinfo", entry)]
        with tempfile.TemporaryDirectory() as folder:
            try:
                repository.plumb(
                    *("update-index", "--add", "--replace", *lines),
                    options=("-c", "core.protectHFS=true", "-c", "core.protectNTFS=true"),
                    extra={"GIT_INDEX_FILE": str(Path(folder) / "index")},
                )
            except GitFault as error:
                raise _refused(", ".join(paths), "cannot be a file of a repository") from error


def _folder(
    repository: Repository, tree: str | None, files: Parts, above: tuple[str, ...]
) -> str | None:
    """The new tree of a folder; None when nothing is left in it."""
    items = {os.fsdecode(each.path): each for each in repository.top(tree)} if tree else {}
    own = {parts[0]: entry for parts, entry in files.items() if len(parts) == 1}
    for name in (name for name, entry in own.items() if entry is None):
        if name in items and items[name].mode != FOLDER:
            del items[name]
    for name in sorted({parts[0] for parts in files if len(parts) > 1}):
        inner: Parts = {p[1:]: entry for p, entry in files.items() if p[0] == name and len(p) > 1}
        _put_folder(repository, items, (*above, name), inner)
    for name, entry in own.items():
        if entry is not None:
            _put_file(items, (*above, name), entry)
    return _made(repository, list(items.values())) if items else None


def _put_folder(
    repository: Repository, items: dict[str, TreeItem], path: tuple[str, ...], files: Parts
) -> None:
    name, before = path[-1], items.get(path[-1])
    if before and before.mode != FOLDER:
        if any(files.values()):
            raise _refused("/".join(path), "is a file; nothing can be put below it")
        return
    tree = _folder(repository, before.blob if before else None, files, path)
    items.pop(name, None)
    if tree:
        items[name] = TreeItem(os.fsencode(name), FOLDER, tree)


def _put_file(items: dict[str, TreeItem], path: tuple[str, ...], entry: tuple[str, str]) -> None:
    before = items.get(path[-1])
    if before and before.mode == FOLDER:
        raise _refused("/".join(path), "is a folder; no file can take its place")
    items[path[-1]] = TreeItem(os.fsencode(path[-1]), *entry)


def _made(repository: Repository, items: Sequence[TreeItem]) -> str:
    lines = (
        f"{item.mode} {KINDS.get(item.mode, 'blob')} {item.blob}\t".encode() + item.path + b"\0"
        for item in items
    )
    # --missing: a submodule's commit is never here.
    return repository.plumb("mktree", "-z", "--missing", stdin=b"".join(lines)).decode().strip()


def _refused(path: str, reason: str) -> GitFault:
    return GitFault("path.form", f"{path[:200]!r} {reason}", "Rename it")
