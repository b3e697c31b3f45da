"""Kept conflicts: lists, shows, resolves and forgets them. For commands and the console."""

import re
from collections.abc import Mapping, Sequence

from apps.content.merging.document import reads
from apps.content.merging.forms import form_of
from apps.content.merging.three_way import Side
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import FILES, PLAIN_FILE, Author, check_path
from apps.gitsync.git.repository import Repository
from apps.gitsync.git.signing import SigningKey
from apps.gitsync.merging.commands import move_together, refs_below
from apps.gitsync.merging.conflicts import MergeConflict, decode
from apps.gitsync.merging.files import (
    Lines,
    blobs_of,
    lines_of,
    put_settled,
    read_contents,
    tree_of,
)
from apps.gitsync.merging.merge import CONFLICTS, DESCRIPTION
from apps.gitsync.merging.settling import Choice, open_numbers, settle

NAME = re.compile(r"[0-9a-f]{8,64}")
Choices = Mapping[str, Side]
Given = Mapping[str, bytes | None]
NO_CHOICES: Choices = {}
NO_CONTENTS: Given = {}


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
    *,
    choices: Choices = NO_CHOICES,
    contents: Given = NO_CONTENTS,
    author: Author,
    key: SigningKey | None = None,
) -> str:
    """The merge commit. `choices` are by number: `1` for all that is open in the first file, `1.2`
    for its second place. `contents` are whole files by path, None removes; they need no choice.

    Raises RefMoved where the branch moved meanwhile, or GitFault; then nothing has changed.
    """
    chosen = _by_file(conflict, choices)
    missing = [
        number
        for n, file in enumerate(conflict.files)
        if file.path not in contents
        for number in open_numbers(file, n + 1, chosen[n])
    ]
    if missing:
        reason = f"nothing is chosen yet for {', '.join(missing)}"
        raise GitFault("conflict.open", reason, "Choose base, ours or theirs, or give the file")
    lines = lines_of(repository, conflict.rest)
    _put_chosen(repository, conflict, chosen, contents, lines)
    _put_given(repository, contents, lines)
    parents = (conflict.theirs, conflict.ours)  # As of any merge that is published.
    tree = tree_of(repository, lines)
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


def _by_file(conflict: MergeConflict, choices: Choices) -> list[Choice]:
    """A choice for each file, maybe empty. Raises GitFault for a number that there is not."""
    chosen = []
    left = dict(choices)
    for number, file in enumerate(conflict.files, start=1):
        names = {f"{number}.{n + 1}": n for n in range(len(file.places))}
        places = {n: left.pop(name) for name, n in names.items() if name in left}
        chosen.append(Choice(left.pop(str(number), None), places))
    if left:
        reason = f"there is no {min(left)!r} in this conflict"
        raise GitFault("conflict.choice", reason, "Show the conflict and choose by its numbers")
    return chosen


def _put_chosen(
    repository: Repository,
    conflict: MergeConflict,
    chosen: Sequence[Choice],
    given: Given,
    lines: Lines,
) -> None:
    blobs = read_contents(repository, blobs_of(file.versions for file in conflict.files))
    for file, choice in zip(conflict.files, chosen, strict=True):
        settled = None if file.path in given else settle(file, choice, blobs)
        if settled is None:
            continue
        if settled.flaws:
            raise _unreadable(settled.path, settled.flaws[0].reason)
        put_settled(repository, lines, settled, choice.side or Side.OURS)


def _put_given(repository: Repository, given: Given, lines: Lines) -> None:
    for path, content in given.items():
        check_path(path)
        mode = lines.pop(path, (PLAIN_FILE, ""))[0]
        if content is None:
            continue
        if not reads(content, form_of(path)):
            raise _unreadable(path, "its header cannot be read")
        lines[path] = (mode if mode in FILES else PLAIN_FILE, repository.write_blob(content))


def _unreadable(path: str, reason: str) -> GitFault:
    said = f"{path} could not be read: {reason}"
    return GitFault("conflict.unreadable", said, "Choose otherwise, or give the file")
