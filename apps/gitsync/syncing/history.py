"""When Git first saw a path: the date of documents that name none themselves."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from apps.content.dates import from_timestamp
from apps.content.index_writer import IndexWriter
from apps.gitsync.git.output import TreeItem
from apps.gitsync.git.repository import Repository

REGULAR = "100644"
COMMITTED = re.compile(rb"^committer .*> (\d{1,12}) [+-]\d{4}$", re.M)


@dataclass(frozen=True, slots=True)
class Span:
    """From the commit of the index to another, which may lie before it or beside it: `base` is
    where their chains of first parents meet, None where they never do. `added` is what all commits
    from there to the new one added, by path, with its date, where that is known already."""

    old: str
    new: str
    base: str | None
    added: Mapping[bytes, int] | None = None


def span(
    repository: Repository, old: str, new: str, added: Collection[bytes] | None = None
) -> Span:
    """`added` are the paths that `new` has and `old` has not. The cost follows the change where one
    commit is on the other's chain; else it takes a walk of both chains."""
    steps = repository.steps(old, new) if added is not None else None
    if added is not None and steps and len(steps) == 1 and steps[0].authored is not None:
        return Span(old, new, old, dict.fromkeys(added, steps[0].authored))
    if old == new or repository.is_first_parent_ancestor(old, new):
        return Span(old, new, old)
    if repository.is_first_parent_ancestor(new, old):
        return Span(old, new, new)
    theirs = set(_chain(repository, new))
    return Span(old, new, next((each for each in _chain(repository, old) if each in theirs), None))


def first_seen(
    repository: Repository,
    writer: IndexWriter,
    sources: Sequence[str],
    *,
    commit: str,
    between: Span | None,
) -> dict[str, str]:
    """source → date of the latest first-parent commit that added the path.

    `between` leads from the commit of the index, if there is one. What none of its commits added
    keeps the date it had, so the cost follows the change.
    """
    if not sources:
        return {}
    if between is None:
        return _added(repository, commit, None, sources)
    found = _since(repository, between, sources)
    undone = _undone(repository, between)
    rest = [source for source in sources if source not in found]
    found |= writer.git_dates([source for source in rest if source.encode() not in undone])
    lost = [source for source in rest if source not in found]
    return found | (_added(repository, commit, None, lost) if lost else {})


def added_again(
    repository: Repository, writer: IndexWriter, between: Span, known: set[bytes]
) -> list[TreeItem]:
    """Documents dated by Git that were removed and added back with the same bytes: no diff shows
    them, yet their date has moved."""
    there = _there(repository, between) if between.base != between.new else {}
    moved = {*there, *_undone(repository, between)}
    paths = {path.decode("utf-8", "replace") for path in moved}
    again = sorted(path for path in paths if path.encode() not in known)
    dated = writer.git_dates(again)
    blobs = writer.blobs(list(dated))
    return [TreeItem(source.encode(), REGULAR, blobs[source]) for source in sorted(blobs)]


def _since(repository: Repository, between: Span, sources: Sequence[str]) -> dict[str, str]:
    if between.base == between.new:
        return {}
    if between.added is None:
        return _added(repository, between.new, between.base, sources)
    return _dates(between.added, sources)


def _there(repository: Repository, between: Span) -> Mapping[bytes, int]:
    if between.added is not None:
        return between.added
    return repository.added(between.new, between.base, ())


def _undone(repository: Repository, between: Span) -> set[bytes]:
    """What was added on the way to the old commit and not on the way to the new one."""
    if between.base == between.old:
        return set()
    return set(repository.added(between.old, between.base, ()))


def committed(repository: Repository, commit: str) -> int:
    """When the commit was made, as it says itself; 0 where that cannot be read."""
    ((_, content),) = repository.read([commit])
    found = COMMITTED.search(content.partition(b"\n\n")[0])
    return int(found[1]) if found else 0


def _chain(repository: Repository, commit: str) -> list[str]:
    return repository.run("rev-list", "--first-parent", commit).decode().split()


def _added(
    repository: Repository, commit: str, since: str | None, sources: Sequence[str]
) -> dict[str, str]:
    return _dates(repository.added(commit, since, [each.encode() for each in sources]), sources)


def _dates(found: Mapping[bytes, int], sources: Sequence[str]) -> dict[str, str]:
    wanted = {source.encode(): source for source in sources}
    return {wanted[path]: from_timestamp(at) for path, at in found.items() if path in wanted}
