"""Turns the files that a plan names into index entries: read in bulk, parsed in workers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from apps.content import layouts
from apps.content.configuration import PATH, Configuration
from apps.content.documents import read_document
from apps.content.entries import Alias, Entry, KeptFile
from apps.content.problems import Problem
from apps.content.rendering import Renderer
from apps.content.renderings import Source
from apps.extensions.limits import FILE_BYTES
from apps.gitsync.git.repository import Repository
from apps.gitsync.syncing.assets import is_lfs_pointer
from apps.gitsync.syncing.plan import Plan, SourceFile

DOCUMENT_BYTES = 2 * 1024 * 1024
KEPT_BYTES = FILE_BYTES
NOT_MADE = "only Jekyll can make this file, of its header and its Liquid; commit what it makes"


def read_documents(
    repository: Repository,
    renderer: Renderer,
    configuration: Configuration,
    documents: Sequence[SourceFile],
    sizes: Mapping[str, int],
) -> Iterator[Entry]:
    """An entry for each document; those without a date of their own get one later (`dated`)."""
    fitting = [file for file in documents if sizes[file.blob] <= DOCUMENT_BYTES]
    large = [file for file in documents if sizes[file.blob] > DOCUMENT_BYTES]
    yield from (_too_large(file, sizes, DOCUMENT_BYTES) for file in large)
    blobs = {file.source: file.blob for file in fitting}
    unreadable: list[Entry] = []
    sources = _texts(repository, configuration, fitting, unreadable)
    for source, parsed in renderer.parse(sources):
        yield read_document(
            configuration,
            source=source.path,
            blob=blobs[source.path],
            content=source.text.encode(),
            parsed=parsed,
        )
    yield from unreadable


def told_apart(
    repository: Repository, configuration: Configuration, todo: Plan, sizes: Mapping[str, int]
) -> Plan:
    """The plan with each file of either role in its place. One too large to be a document is
    served as it is."""
    if not todo.either:
        return todo
    fitting = [file for file in todo.either if sizes[file.blob] <= DOCUMENT_BYTES]
    roles = {file: layouts.Role.ASSET for file in todo.either}
    for file, content in _contents(repository, fitting):
        roles[file] = layouts.turns_out(configuration, file.source, content)
    found = {role: [f for f in todo.either if roles[f] is role] for role in layouts.Role}
    unmade = [Problem(f.source, 1, "asset.not-made", NOT_MADE) for f in found[layouts.Role.IGNORED]]
    documents = (*todo.documents, *found[layouts.Role.DOCUMENT])
    return replace(
        todo,
        documents=tuple(sorted(documents, key=lambda file: file.source)),
        assets=(*todo.assets, *found[layouts.Role.ASSET]),
        problems=(*todo.problems, *unmade),
        either=(),
    )


def read_kept(
    repository: Repository,
    kept: Sequence[SourceFile],
    sizes: Mapping[str, int],
    redirects: tuple[Alias, ...] = (),
) -> Iterator[Entry]:
    """Configuration, manifests, templates and policies, with their bytes. What the configuration
    redirects are rows of its file."""
    fitting = [file for file in kept if sizes[file.blob] <= KEPT_BYTES]
    yield from (_too_large(f, sizes, KEPT_BYTES) for f in kept if sizes[f.blob] > KEPT_BYTES)
    for file, content in _contents(repository, fitting):
        entry = Entry(source=file.source, kept=KeptFile(file.source, file.blob, content))
        yield replace(entry, aliases=redirects) if file.source == PATH else entry


def undated(entries: Iterable[Entry]) -> list[str]:
    """Sources of the documents whose date only Git can tell."""
    return [e.source for e in entries if e.document and e.document.date_from == "git"]


def dated(entry: Entry, known: Mapping[str, str]) -> Entry:
    if entry.document is None or entry.source not in known:
        return entry
    return replace(entry, document=replace(entry.document, date=known[entry.source]))


def _texts(
    repository: Repository,
    configuration: Configuration,
    files: Sequence[SourceFile],
    unreadable: list[Entry],
) -> Iterator[Source]:
    for file, content in _contents(repository, files):
        if is_lfs_pointer(content):
            reason = "a Git LFS pointer; commit the document without LFS"
            unreadable.append(_left_out(file, "document.lfs-pointer", 1, reason))
            continue
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            reason = f"byte {error.start} is not UTF-8; save the file as UTF-8"
            unreadable.append(_left_out(file, "document.encoding", line, reason))
            continue
        if "\0" in text:
            line = text[: text.index("\0")].count("\n") + 1
            unreadable.append(_left_out(file, "document.binary", line, "this is not a text file"))
            continue
        yield Source(file.source, layouts.markup(configuration, file.source), text)


def _contents(
    repository: Repository, files: Sequence[SourceFile]
) -> Iterator[tuple[SourceFile, bytes]]:
    """Reads each blob once, however many files share it."""
    by_blob: dict[str, list[SourceFile]] = {}
    for file in files:
        by_blob.setdefault(file.blob, []).append(file)
    for blob, content in repository.read(list(by_blob)):
        for file in by_blob[blob]:
            yield file, content


def _too_large(file: SourceFile, sizes: Mapping[str, int], limit: int) -> Entry:
    reason = f"{sizes[file.blob]} bytes; {limit} are the most that are read of such a file"
    return _left_out(file, "document.too-large", 0, reason)


def _left_out(file: SourceFile, code: str, line: int, reason: str) -> Entry:
    return Entry(source=file.source, problems=(Problem(file.source, line, code, reason),))
