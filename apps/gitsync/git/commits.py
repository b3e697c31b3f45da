"""Commits made by plumbing: no working tree, no half state, the ref moved by compare-and-swap."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository

PLAIN_FILE, PROGRAM = "100644", "100755"
FILES = (PLAIN_FILE, PROGRAM)


@dataclass(frozen=True, slots=True)
class Author:
    """Who answers for a commit. `moment` is Git's raw date, such as `1700000000 +0000`."""

    name: str
    email: str
    moment: str

    def as_environment(self) -> dict[str, str]:
        return {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (("NAME", self.name), ("EMAIL", self.email), ("DATE", self.moment))
        }


def commit_files(
    repository: Repository,
    ref: str,
    files: Mapping[str, bytes | None],
    *,
    message: str,
    author: Author,
) -> str:
    """Commits `files` (path → bytes, None removes) on top of `ref` and returns the commit.

    A change that leaves the tree as it was makes no commit. Raises RefMoved, and then nothing
    has changed; or GitFault for a path that no tree can hold.
    """
    for path in files:
        check_path(path)
    parent = repository.resolve(ref)
    tree = repository.tree(parent) if parent else []
    lines = {(path := os.fsdecode(item.path)): (item.mode, item.blob, path) for item in tree}
    for path, content in files.items():
        mode = lines.pop(path, (PLAIN_FILE,))[0]
        if content is not None:
            mode = mode if mode in FILES else PLAIN_FILE
            lines[path] = (mode, repository.write_blob(content), path)
    written = repository.write_tree(lines[path] for path in sorted(lines))
    if parent and written == repository.resolve(f"{parent}^{{tree}}"):
        return parent
    parents = (parent,) if parent else ()
    commit = repository.write_commit(written, parents, message, author.as_environment())
    repository.move(ref, commit, parent)
    return commit


def write_blobs(repository: Repository, contents: Mapping[str, bytes]) -> dict[str, str]:
    """path -> blob. Of many files by one Git."""
    if len(contents) <= 1:
        return {path: repository.write_blob(content) for path, content in contents.items()}
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / str(number) for number in range(len(contents))]
        for file, content in zip(files, contents.values(), strict=True):
            file.write_bytes(content)
        names = "".join(f"{file}\n" for file in files).encode()
        options = ("-t", "blob", "-w", "--no-filters", "--stdin-paths")
        written = repository.plumb("hash-object", *options, stdin=names)
    return dict(zip(contents, written.decode().split(), strict=True))


def check_path(path: str) -> None:
    """Raises GitFault for a path that no tree can hold."""
    parts = path.split("/")
    if "\0" in path or any(part in ("", ".", "..") or part.lower() == ".git" for part in parts):
        raise GitFault("path.form", f"{path!r} cannot be a file of a repository", "Rename it")
