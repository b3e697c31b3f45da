"""The files of a difference between two commits, as pages show them: named by their document, with
readable differences."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.admin.utils import quote
from django.urls import NoReverseMatch, reverse

from apps.console.diffs import PICTURES, FileDiff, file_diff, unread
from apps.console.publishing.bounds import DIFFS, DOCUMENTS, PICTURE_BYTES
from apps.console.publishing.seals import look_sealed
from apps.content.catalogue import Titled, titled
from apps.content.files import ContentFiles
from apps.content.problems import Problem
from apps.gitsync.git.commits import FILES
from apps.gitsync.git.repository import Repository
from apps.gitsync.git.trees import files_at
from apps.gitsync.writing.outgoing import ChangedFile, contents_of


@dataclass(frozen=True, slots=True)
class ShownFile:
    """`document` is None where no page of the site is made of it; `diff` where it is too far down
    the list. `pictures` are addresses of both versions of a picture."""

    path: str
    document: Titled | None
    editor: str
    diff: FileDiff | None
    pictures: tuple[str, str]


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """`editor` leads to the line, and is empty where there is nothing to open."""

    problem: Problem
    editor: str


class Between(NamedTuple):
    """Two commits, the older one None where nothing was there."""

    old: str | None
    new: str


def shown_files(
    repository: Repository, changed: Sequence[ChangedFile], files: ContentFiles, between: Between
) -> tuple[ShownFile, ...]:
    """Of the commits between which the files changed. Raises GitFault and sqlite3.Error."""
    known = titled(files, [each.path for each in changed[:DOCUMENTS]])
    with repository.at_hand():
        return tuple(
            ShownFile(
                path=each.path,
                document=known.get(each.path),
                editor=editor_of(each.path) if each.path in known else "",
                diff=diff_of(repository, each) if number < DIFFS else None,
                pictures=_pictures(each.path, between),
            )
            for number, each in enumerate(changed)
        )


def diff_of(repository: Repository, file: ChangedFile) -> FileDiff:
    """Raises GitFault."""
    found = contents_of(repository, file)
    if found is None:
        sizes = repository.sizes([blob for blob in (file.old, file.new) if blob])
        return unread(file.path, sizes.get(file.old or ""), sizes.get(file.new or ""))
    return file_diff(file.path, found.get(file.old or ""), found.get(file.new or ""))


def _pictures(path: str, between: Between) -> tuple[str, str]:
    if not PICTURES.search(path):
        return "", ""
    place = reverse("admin:publish_picture")
    queries = (urlencode({"commit": look_sealed(each or ""), "path": path}) for each in between)
    old, new = (f"{place}?{query}" for query in queries)
    return old, new


def shown_problems(problems: Sequence[Problem]) -> tuple[ShownProblem, ...]:
    return tuple(ShownProblem(each, editor_of(each.path, each.line)) for each in problems)


def editor_of(path: str, line: int = 0) -> str:
    """Where a document is edited."""
    try:
        url = reverse("admin:content_document_change", args=[quote(path)])
    except NoReverseMatch:
        return ""
    return f"{url}?line={line}" if line else url


def picture_at(repository: Repository, commit: str, path: str) -> bytes | None:
    """None where there is none, or one that is too large to be shown. Raises GitFault."""
    item = files_at(repository, commit, [path]).get(path)
    if item is None or item.mode not in FILES:
        return None
    if repository.sizes([item.blob])[item.blob] > PICTURE_BYTES:
        return None
    return b"".join(content for _, content in repository.read([item.blob]))
