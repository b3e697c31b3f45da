"""Kept conflicts: lists, shows, resolves and forgets them. For commands and the console."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.content.merging.forms import form_of
from apps.content.merging.messages import FileMerges
from apps.content.merging.three_way import Side
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import FILES, PLAIN_FILE, Author, check_path
from apps.gitsync.git.repository import Repository
from apps.gitsync.git.signing import CommitKey
from apps.gitsync.merging.commands import move_together, refs_below
from apps.gitsync.merging.conflicts import FileConflict, MergeConflict, decode
from apps.gitsync.merging.files import (
    Lines,
    blobs_of,
    lines_of,
    put_settled,
    read_contents,
    tree_of,
)
from apps.gitsync.merging.merge import CONFLICTS, DESCRIPTION
from apps.gitsync.merging.settling import Choice, Files, Settled, open_numbers, settle

NAME = re.compile(r"[0-9a-f]{8,64}")
Given = Mapping[str, bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`choices` are by number: `1` for all that is open in the first file, `1.2` for its second
    place. `contents` are whole files by path, None removes; they need no choice."""

    choices: Mapping[str, Side] = field(default_factory=dict)
    contents: Given = field(default_factory=dict)


def list_conflicts(repository: Repository) -> list[MergeConflict]:
    """In the order of their ids. Raises GitFault for one that cannot be read."""
    kept = refs_below(repository, CONFLICTS)
    return [_read(repository, kept[ref]) for ref in sorted(kept)]


def read_conflict(repository: Repository, name: str) -> MergeConflict:
    """Raises GitFault."""
    return _read(repository, _kept(repository, name))


def is_current(repository: Repository, conflict: MergeConflict) -> bool:
    """Whether the branch stands still where it did, so that the conflict can be resolved."""
    return repository.resolve(conflict.ref) == conflict.ours


def resolve(
    repository: Repository,
    conflict: MergeConflict,
    decision: Decision,
    *,
    author: Author,
    merges: FileMerges,
    key: CommitKey | None = None,
) -> str:
    """The merge commit.

    Raises RefMoved where the branch moved meanwhile, or GitFault; then nothing has changed.
    """
    tree = _decided(repository, merges, conflict, decision)
    parents = (conflict.theirs, conflict.ours)  # As of any merge that is published.
    made = repository.write_commit(
        tree, parents, conflict.message, author.as_environment(), key=key
    )
    kept = _kept(repository, conflict.id)
    moves = [(conflict.ref, made, conflict.ours), (CONFLICTS + conflict.id, None, kept)]
    move_together(repository, moves)
    return made


def forget(repository: Repository, conflict: MergeConflict) -> None:
    """Nothing is merged. Raises RefMoved or GitFault."""
    ref = CONFLICTS + conflict.id
    move_together(repository, [(ref, None, _kept(repository, conflict.id))])


def _kept(repository: Repository, name: str) -> str:
    commit = repository.resolve(CONFLICTS + name) if NAME.fullmatch(name) else None
    if commit is None:
        raise GitFault("conflict.missing", f"there is no conflict {name!r}", "List them")
    return commit


def _read(repository: Repository, commit: str) -> MergeConflict:
    items = [item for item in repository.top(commit) if item.path == DESCRIPTION.encode()]
    contents = dict(repository.read([item.blob for item in items]))
    return decode(b"".join(contents.values()))


def _decided(
    repository: Repository, merges: FileMerges, conflict: MergeConflict, decision: Decision
) -> str:
    """The tree of all that was and is decided."""
    chosen = _by_file(conflict, decision)
    _check_given(merges, decision.contents)
    lines = lines_of(repository, conflict.rest)
    blobs = blobs_of(file.versions for file in conflict.files)
    files = Files(merges, read_contents(repository, blobs))
    for file, choice in zip(conflict.files, chosen, strict=True):
        if file.path not in decision.contents and (settled := _settled(file, choice, files)):
            put_settled(repository, lines, settled, choice.side or Side.OURS)
    _put_given(repository, decision.contents, lines)
    return tree_of(repository, lines)


def _by_file(conflict: MergeConflict, decision: Decision) -> list[Choice]:
    """A choice for each file. Raises GitFault where one is missing or is for nothing."""
    left = dict(decision.choices)
    chosen, missing = [], []
    for number, file in enumerate(conflict.files, start=1):
        names = {f"{number}.{n + 1}": n for n in range(len(file.places))}
        places = {n: left.pop(name) for name, n in names.items() if name in left}
        choice = Choice(left.pop(str(number), None), places)
        chosen.append(choice)
        if file.path not in decision.contents:
            missing += open_numbers(file, number, choice)
    if left:
        reason = f"there is no {min(left)!r} in this conflict"
        raise GitFault("conflict.choice", reason, "Show the conflict and choose by its numbers")
    if missing:
        reason = f"nothing is chosen yet for {', '.join(missing)}"
        raise GitFault("conflict.open", reason, "Choose base, ours or theirs, or give the file")
    return chosen


def _settled(file: FileConflict, choice: Choice, files: Files) -> Settled | None:
    settled = settle(file, choice, files)
    if settled and settled.flaws:
        raise _unreadable(settled.path, settled.flaws[0].reason)
    return settled


def _check_given(merges: FileMerges, given: Given) -> None:
    for path, content in given.items():
        check_path(path)
        if content is not None and not merges.reads(content, form_of(path)):
            raise _unreadable(path, "its header is wrong")


def _put_given(repository: Repository, given: Given, lines: Lines) -> None:
    for path, content in given.items():
        mode = lines.pop(path, (PLAIN_FILE, ""))[0]
        if content is not None:
            own = mode if mode in FILES else PLAIN_FILE
            lines[path] = own, repository.write_blob(content)


def _unreadable(path: str, reason: str) -> GitFault:
    said = f"{path} could not be read: {reason}"
    return GitFault("conflict.unreadable", said, "Choose otherwise, or give the file")
