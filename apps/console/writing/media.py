"""The site's files as a library: found in the index, and added to by uploads."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from apps.console.node import ConsoleNode
from apps.console.writing import catalogue
from apps.console.writing.bounds import MEDIA_PAGE, UPLOAD_BYTES, UPLOADS
from apps.console.writing.naming import beside, file_name, free
from apps.console.writing.opened import configured
from apps.console.writing.sniffing import sniffed
from apps.content import layouts
from apps.content.configuration import Configuration
from apps.content.images.facts import may_be_shown
from apps.gitsync.errors import GitFault
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.changes import check_path

FOLDER: Final = "media"
PICTURE, OTHER = "picture", "other"
COLUMNS: Final = "source, blob, url, size, type, width, height, nature"
_PICTURES: Final = (
    "("
    + " OR ".join(f"source LIKE '%{each}'" for each in ("jpg", "jpeg", "png", "webp", "avif"))
    + " OR source LIKE '%gif' OR source LIKE '%svg')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One of the index. `width` and `height` are 0 where nobody knows."""

    source: str
    blob: str
    url: str
    size: int
    type: str
    width: int
    height: int
    nature: str

    @property
    def name(self) -> str:
        return posixpath.basename(self.source)

    @property
    def is_picture(self) -> bool:
        return may_be_shown(self.source)

    @property
    def has_thumb(self) -> bool:
        return self.nature in ("opaque", "transparent")


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of the library. `count` is of all that fit."""

    files: tuple[File, ...]
    count: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // MEDIA_PAGE))


def found(
    node: ConsoleNode, *, text: str = "", kind: str = "", folder: str = "", page: int = 1
) -> Shelf:
    """By path; the files of `folder` first, where one is named."""
    where, values = ["1"], []
    if text:
        where.append("instr(lower(source), ?)")
        values.append(text.lower())
    if kind in (PICTURE, OTHER):
        where.append(_PICTURES if kind == PICTURE else f"NOT {_PICTURES}")
    condition = " AND ".join(where)
    with catalogue.reading(node) as connection:
        query = f"SELECT count(*) FROM asset WHERE {condition}"  # noqa: S608
        count = connection.execute(query, values).fetchone()[0]
        page = max(1, min(page, -(-count // MEDIA_PAGE) or 1))
        rows = connection.execute(
            f"SELECT {COLUMNS} FROM asset WHERE {condition}"  # noqa: S608
            " ORDER BY substr(source, 1, ?) != ?, source LIMIT ? OFFSET ?",
            (*values, len(folder) + 1, f"{folder}/", MEDIA_PAGE, (page - 1) * MEDIA_PAGE),
        ).fetchall()
    return Shelf(tuple(map(_file, rows)), int(count), page)


def one(node: ConsoleNode, source: str) -> File | None:
    with catalogue.reading(node) as connection:
        query = f"SELECT {COLUMNS} FROM asset WHERE source = ?"  # noqa: S608
        row = connection.execute(query, (source,)).fetchone()
    return _file(row) if row else None


def _file(row: Sequence[Any]) -> File:
    return File(**dict(zip(COLUMNS.split(", "), row, strict=True)))


@dataclass(frozen=True, slots=True)
class Added:
    """`warnings` are told to whoever uploaded it."""

    files: dict[str, bytes]
    warnings: tuple[str, ...]


def folder_for(node: ConsoleNode, document: str) -> str:
    """Where files for a document go: beside it where it has a folder of its own, else to the
    library."""
    configuration = configured()
    own = beside(document) if document else ""
    if own and layouts.role(configuration, f"{own}/a.png") is layouts.Role.ASSET:
        return own
    return _library(configuration)


def _library(configuration: Configuration) -> str:
    """`media/`, or what the layout has in its place."""
    for folder in (FOLDER, "static", "assets", configuration.parts[-1].root.strip("/")):
        if folder and layouts.role(configuration, f"{folder}/a.png") is layouts.Role.ASSET:
            return folder
    return FOLDER


def added(node: ConsoleNode, uploads: Sequence[Any], folder: str, *, instead_of: str = "") -> Added:
    """What uploads, as Django hands them in, are to become by their content. Raises GitFault."""
    source = node.site().source
    if not 0 < len(uploads) <= (1 if instead_of else UPLOADS):
        raise GitFault("upload.count", f"choose 1 to {UPLOADS} files", "Go back and choose them")
    if sum(each.size or 0 for each in uploads) > UPLOAD_BYTES:
        reason = f"the files have over {UPLOAD_BYTES // 1024 // 1024} MiB together"
        raise GitFault("upload.size", reason, "Upload them in several steps")
    taken = set(catalogue.sources_below(node, folder))
    files: dict[str, bytes] = {}
    warnings: list[str] = []
    for upload in uploads:
        content = _read(upload, source)
        what = sniffed(upload.name or "", content)
        path = free(posixpath.join(folder, file_name(upload.name or "", what.ending)), taken)
        if instead_of:
            path = _same_kind(instead_of, what.ending)
        _insist(path)
        taken.add(path)
        files[path] = content
        if what.is_active:
            told = "may hold a program; visitors' browsers are told not to run it"
            warnings.append(f"{posixpath.basename(path)} {told}")
    return Added(files, tuple(warnings))


def _read(upload: Any, source: SiteSource) -> bytes:
    """Raises GitFault."""
    most = source.asset_bytes
    content: bytes = upload.read(most + 1)
    if len(content) > most:
        reason = f"{upload.name} has over {most // 1024 // 1024} MiB"
        raise GitFault("upload.size", reason, "Make it smaller, or raise asset_megabytes")
    if not content:
        raise GitFault("upload.empty", f"{upload.name} is empty", "Choose another file")
    return content


def _same_kind(path: str, ending: str) -> str:
    """Raises GitFault where the address would lie about what is there."""
    own = posixpath.splitext(path)[1].lower()
    if own != ending and {own, ending} != {".jpg", ".jpeg"}:
        reason = f"{posixpath.basename(path)} can only be replaced by a file of its kind"
        raise GitFault("upload.kind", reason, f"Upload the {ending} file as a new one")
    return path


def _insist(path: str) -> None:
    """Raises GitFault for a place where it would be anything but a file."""
    check_path(path)
    if layouts.role(configured(), path) is not layouts.Role.ASSET:
        reason = f"a file at {path} would not be served as a file"
        raise GitFault("path.role", reason, "Put it into media/")
