"""Copies the blobs of assets to files of this node, found by blob, before the index names them."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from apps.content import layouts
from apps.content.addresses import AddressError
from apps.content.configuration import Configuration
from apps.content.entries import Asset, Entry
from apps.content.files import ContentFiles
from apps.content.problems import Problem
from apps.gitsync.git.repository import Repository
from apps.gitsync.syncing.plan import SourceFile

IN_MEMORY = 1024 * 1024
POINTER_BYTES = 1024
POINTER_START = b"version https://git-lfs.github.com/spec/"


def asset_entries(
    configuration: Configuration,
    assets: Sequence[SourceFile],
    sizes: dict[str, int],
    limit: int,
) -> Iterator[Entry]:
    """An entry for each asset, with its URL or the reason why it has none. Pure."""
    for file in assets:
        size = sizes[file.blob]
        if size > limit:
            reason = f"{size} bytes; assets may have {limit} (setting asset_megabytes)"
            yield _left_out(file, "asset.too-large", reason)
            continue
        try:
            url = layouts.asset_url(configuration, file.source)
        except AddressError as error:
            yield _left_out(file, "asset.address", str(error))
            continue
        yield Entry(source=file.source, asset=Asset(file.source, file.blob, url, size))


def store_assets(
    repository: Repository, files: ContentFiles, entries: Iterable[Entry]
) -> list[Entry]:
    """Writes what is not there yet, each whole or not at all, and returns the entries; a Git LFS
    pointer loses its asset. Large blobs are streamed."""
    kept = list(entries)
    missing = {
        e.asset.blob: e.asset.size for e in kept if e.asset and not _is_there(files, e.asset)
    }
    small = sorted(blob for blob, size in missing.items() if size <= IN_MEMORY)
    pointers = set()
    for blob, content in repository.read(small):
        if is_lfs_pointer(content):
            pointers.add(blob)
            continue
        with _whole(files.asset(blob)) as file:
            file.write(content)
    for blob in sorted(set(missing) - set(small)):
        with _whole(files.asset(blob)) as file:
            repository.copy(blob, file)
    return [_without_pointer(entry, pointers) for entry in kept]


def _is_there(files: ContentFiles, asset: Asset) -> bool:
    """Whole, that is: a disk that was full may have left less."""
    path = files.asset(asset.blob)
    return path.exists() and path.stat().st_size == asset.size


def is_lfs_pointer(content: bytes) -> bool:
    return len(content) <= POINTER_BYTES and content.startswith(POINTER_START)


def _without_pointer(entry: Entry, pointers: set[str]) -> Entry:
    if entry.asset is None or entry.asset.blob not in pointers:
        return entry
    reason = "a Git LFS pointer; the file itself is not in the repository, commit it without LFS"
    return _left_out(SourceFile(entry.source, entry.asset.blob), "asset.lfs-pointer", reason)


def _left_out(file: SourceFile, code: str, reason: str) -> Entry:
    return Entry(source=file.source, problems=(Problem(file.source, 0, code, reason),))


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            yield cast(BinaryIO, file)
            file.flush()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
