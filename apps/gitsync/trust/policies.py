"""The policies of any commit, as bytes: to judge by, to check, to compare."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from apps.content.problems import Problem
from apps.gitsync.errors import GitFault
from apps.gitsync.git.output import tree_items
from apps.gitsync.git.repository import Repository
from apps.policy.limits import POLICY_FILE_BYTES, POLICY_FILES
from apps.policy.places import FOLDER

FILES: Final = ("100644", "100755")
TOLD: Final = 5
Prove = Callable[[Mapping[str, bytes]], Sequence[Problem]]
"""Says what is wrong with policies, given by path."""
NOBODY: Final = Problem(FOLDER, 0, "policy.unproven", "nobody is there to check the policies")


def policies_at(repository: Repository, commit: str) -> dict[str, bytes]:
    """All below `policies/` of a commit or a tree, by path. Raises GitFault for what is no plain
    file, or more than can hold."""
    listed = repository.plumb("ls-tree", "-r", "-z", "--full-tree", commit, "--", "policies")
    items = tree_items(listed)
    for item in items:
        if item.mode not in FILES or not item.path.startswith(FOLDER.encode()):
            raise _unfit(os.fsdecode(item.path), "is a link or a submodule")
    if len(items) > POLICY_FILES:
        raise _unfit(FOLDER, f"has over {POLICY_FILES} files")
    sizes = repository.sizes(sorted({item.blob for item in items}))
    for item in items:
        if sizes[item.blob] > POLICY_FILE_BYTES:
            raise _unfit(os.fsdecode(item.path), f"has over {POLICY_FILE_BYTES} bytes")
    contents = dict(repository.read(sorted({item.blob for item in items})))
    return {os.fsdecode(item.path): contents[item.blob] for item in items}


def insist(repository: Repository, tree: str, prove: Prove | None) -> None:
    """Raises GitFault for policies of a tree that could never become current."""
    found = policies_at(repository, tree)
    problems = prove(found) if prove else [NOBODY]
    if problems:
        told = "; ".join(map(str, problems[:TOLD]))
        raise GitFault("policy.refused", f"nothing was saved: {told}", "Mend it and save again")


def _unfit(path: str, reason: str) -> GitFault:
    return GitFault("policy.place", f"{path} {reason}", "Commit plain files, and fewer of them")
