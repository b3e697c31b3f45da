"""The files of secrets of a commit, and their change as one commit.
What is in them is the business of `apps.policy.secrets`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from apps.gitsync.clone.remote import branch_name, target
from apps.gitsync.clone.tending import with_whole_clone
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import FILES, Author
from apps.gitsync.git.output import tree_items
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.saving import SERVED, Base, save
from apps.gitsync.writing.wording import CAUSE
from apps.policy.secrets.limits import FILE_BYTES
from apps.policy.secrets.limits import FILES as MOST_FILES
from apps.policy.secrets.sops import ENDS
from apps.policy.secrets.vault import FOLDER

COMMAND: Final = "secrets"


@dataclass(frozen=True, slots=True)
class SecretFiles:
    """All files of secrets at a commit, by path."""

    commit: str
    files: Mapping[str, bytes]


def newest_secrets(source: SiteSource) -> SecretFiles:
    """Of the commit that a change begins with. Raises GitFault."""
    repository = Repository(source.repository)
    return _secrets(repository, target(repository, source).commit)


def served_secrets(source: SiteSource) -> SecretFiles:
    """Of the commit that this node serves. Raises GitFault."""
    repository = Repository(source.repository)
    commit = served_commit(source)
    if commit is None:
        raise GitFault("commit.unknown", "no commit is served here yet", "Run: manage.py syncrepo")
    return _secrets(repository, commit)


def served_commit(source: SiteSource) -> str | None:
    repository = Repository(source.repository)
    if not repository.exists():
        return None
    return repository.resolve(f"{SERVED}{branch_name(repository, source)}^{{commit}}")


def save_secrets(
    source: SiteSource, seen: SecretFiles, files: Mapping[str, bytes], cause: str, author: Author
) -> str:
    """The commit. Raises GitFault; then nothing has changed."""
    words: dict[str, Any] = {"cause": cause, "trailers": {CAUSE: COMMAND}}
    call = partial(save, source, files, author=author, base=Base(seen.commit), **words)
    return with_whole_clone(source, call)


def _secrets(repository: Repository, commit: str) -> SecretFiles:
    found = _below(repository, commit, FOLDER, MOST_FILES)
    return SecretFiles(commit, {p: c for p, c in found.items() if p.endswith(tuple(ENDS))})


def _below(repository: Repository, commit: str, folder: str, most: int) -> dict[str, bytes]:
    """Regular files by path; links and submodules stand for nothing. Raises GitFault."""
    listed = repository.plumb("ls-tree", "-r", "-z", "--full-tree", commit, "--", folder)
    items = [item for item in tree_items(listed) if item.mode in FILES]
    if len(items) > most:
        reason = f"{folder} has over {most} files"
        raise GitFault("commit.size", reason, "Put them together")
    sizes = repository.sizes([item.blob for item in items])
    for item in items:
        if sizes[item.blob] > FILE_BYTES:
            reason = f"{os.fsdecode(item.path)} has over {FILE_BYTES} bytes"
            raise GitFault("commit.size", reason, "Split it, or shorten it")
    contents = dict(repository.read(list(dict.fromkeys(item.blob for item in items))))
    return {os.fsdecode(item.path): contents[item.blob] for item in items}
