"""When Git first saw a path: the date of documents that name none themselves."""

from collections.abc import Sequence

from apps.content.dates import from_timestamp
from apps.content.index_writer import IndexWriter
from apps.gitsync.git import Repository
from apps.gitsync.output import TreeItem

REGULAR = "100644"


def first_seen(
    repository: Repository,
    writer: IndexWriter,
    sources: Sequence[str],
    *,
    commit: str,
    since: str | None,
) -> dict[str, str]:
    """source → date of the latest first-parent commit that added the path.

    `since` is the commit of the index, on the first-parent chain, or None. What the commits after
    it did not add keeps the date it had, so the cost follows the change.
    """
    if not sources:
        return {}
    found = _added(repository, commit, since, sources)
    if since is None:
        return found
    rest = [source for source in sources if source not in found]
    found |= writer.git_dates(rest)
    lost = [source for source in rest if source not in found]
    return found | (_added(repository, commit, None, lost) if lost else {})


def added_again(
    repository: Repository, writer: IndexWriter, *, commit: str, since: str, known: set[bytes]
) -> list[TreeItem]:
    """Documents dated by Git that were removed and added back with the same bytes: no diff shows
    them, yet their date has moved."""
    paths = {path.decode("utf-8", "replace") for path in repository.added(commit, since, ())}
    again = sorted(path for path in paths if path.encode() not in known)
    dated = writer.git_dates(again)
    blobs = writer.blobs(list(dated))
    return [TreeItem(source.encode(), REGULAR, blobs[source]) for source in sorted(blobs)]


def _added(
    repository: Repository, commit: str, since: str | None, sources: Sequence[str]
) -> dict[str, str]:
    wanted = {source.encode(): source for source in sources}
    found = repository.added(commit, since, list(wanted))
    return {wanted[path]: from_timestamp(at) for path, at in found.items() if path in wanted}
