"""Commits made by plumbing: no working tree, no half state, the ref moved by compare-and-swap."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.gitsync.git import Repository

PLAIN_FILE = "100644"


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
    has changed.
    """
    parent = repository.resolve(ref)
    tree = (
        {item.path.decode("utf-8", "surrogateescape"): item for item in repository.tree(parent)}
        if parent
        else {}
    )
    lines = {path: (item.mode, item.blob, path) for path, item in tree.items()}
    for path, content in files.items():
        lines.pop(path, None)
        if content is not None:
            lines[path] = (PLAIN_FILE, repository.write_blob(content), path)
    written = repository.write_tree(lines[path] for path in sorted(lines))
    if parent and written == repository.resolve(f"{parent}^{{tree}}"):
        return parent
    parents = (parent,) if parent else ()
    commit = repository.write_commit(written, parents, message, author.as_environment())
    repository.move(ref, commit, parent)
    return commit
