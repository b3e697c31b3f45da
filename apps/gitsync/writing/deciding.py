"""What a person says of a kept conflict, by paths or by numbers, and what comes of it."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from apps.content.merging.messages import FileMerges
from apps.content.merging.three_way import Side
from apps.gitsync.errors import GitFault, RefMoved
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.merging.conflicts import MergeConflict, as_json
from apps.gitsync.merging.resolving import Decision, is_current, resolve
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.saving import keep_on_disk

Said = Mapping[Side, Sequence[str]]
OUTDATED: Final = "conflict.outdated"


def numbers(conflict: MergeConflict, said: Said) -> dict[str, Side]:
    """A path stands for all that is open in that file. Raises GitFault for what is said twice."""
    files: dict[str, list[str]] = {}
    for number, file in enumerate(conflict.files, start=1):
        files.setdefault(file.path, []).append(str(number))
    found: dict[str, Side] = {}
    for side, names in said.items():
        for chosen in (each for name in names for each in files.get(name, [name])):
            if found.setdefault(chosen, side) is not side:
                reason = f"two sides are chosen for {chosen}"
                raise GitFault("conflict.choice", reason, "Choose one")
    return found


def decide(
    source: SiteSource,
    conflict: MergeConflict,
    said: Said,
    contents: Mapping[str, bytes | None],
    *,
    author: Author,
    merges: FileMerges,
) -> str:
    """The merge commit, on the branch that the conflict is of. Raises GitFault."""
    if source.signing:
        source.signing.check()
    repository, since = Repository(source.repository, durable=True), time.time()
    decision = Decision(choices=numbers(conflict, said), contents=contents)
    try:
        made = resolve(
            repository, conflict, decision, author=author, merges=merges, key=source.signing
        )
    except RefMoved as error:
        reason = "something was saved since, so this conflict is another now"
        raise GitFault(OUTDATED, reason, "Run manage.py publishrepo to see it anew") from error
    keep_on_disk(repository, conflict.ref, since)
    return made


def told(repository: Repository, conflict: MergeConflict) -> dict[str, Any]:
    return {**as_json(conflict), "current": is_current(repository, conflict)}
