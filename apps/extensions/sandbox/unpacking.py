"""The files of a packed folder, zip or tar, out of bytes that anybody may have made. Pure.

Nothing is written anywhere. What could not be a file of a site refuses the whole, as an honest
packer makes none of it.
"""

import codecs
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Final

from apps.extensions.limits import EXTENSION_BYTES, FILE_BYTES, FILES, PACKED_DEPTH, PACKED_ENTRIES
from apps.extensions.limits import PACKED_TAR_BYTES as TAR_BYTES

codecs.lookup("cp437")
"""Names in zip files are in it, and a confined worker can load no codec any more."""
ZIP: Final = b"PK\x03\x04"
GZIP: Final = b"\x1f\x8b"
TAR_MAGIC: Final = slice(257, 262)
METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNIX_KIND: Final = 0o170000
REGULAR: Final = (0, 0o100000)
FAULTS: Final = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, NotImplementedError),
    *(EOFError, KeyError, IndexError, ValueError, OverflowError, RecursionError, OSError),
)
Entry = tuple[str, Callable[[], IO[bytes] | None]]


class Unpackable(Exception):
    """`code` is one of the problem codes of folders."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        super().__init__(reason)


def unpacked(content: bytes) -> dict[str, bytes]:
    """Regular files by their path in the archive; hidden ones are left out. Raises Unpackable."""
    try:
        return _files(_entries(content))
    except Unpackable:
        raise
    except FAULTS as error:
        raise Unpackable("packed.broken", "it is damaged, or packed in another way") from error


def is_fit(path: str) -> bool:
    """Whether it names a file below the folder that everybody can have."""
    parts = path.split("/")
    plain = path.isprintable() and "\\" not in path and ":" not in parts[0]
    return plain and len(parts) <= PACKED_DEPTH and not {"", ".", ".."} & set(parts)


def _entries(content: bytes) -> Iterator[Entry]:
    if content.startswith(ZIP):
        return _zipped(content)
    if content.startswith(GZIP):
        return _tarred(_inflated(content))
    if content[TAR_MAGIC] == b"ustar":
        return _tarred(content)
    raise Unpackable("packed.kind", "it is neither a zip nor a tar file (.zip, .tar, .tar.gz)")


def _files(entries: Iterator[Entry]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = EXTENSION_BYTES
    for number, (path, opened) in enumerate(entries, start=1):
        if number > PACKED_ENTRIES or len(files) >= FILES:
            raise Unpackable("folder.many", f"there are over {FILES} files in it")
        if not is_fit(path):
            raise Unpackable("packed.path", f"{path[:80]!r} is no place below a folder")
        if any(part.startswith(".") for part in path.split("/")):
            continue
        if path in files:
            raise Unpackable("packed.twice", f"{path[:80]!r} is in it twice")
        files[path] = _read(path, opened, left)
        left -= len(files[path])
    return files


def _read(path: str, opened: Callable[[], IO[bytes] | None], left: int) -> bytes:
    """However much it says that it has, no more than what may be is unpacked."""
    file = opened()
    if file is None:
        raise Unpackable("path.link", f"{path[:80]!r} is a link or a device; put the file there")
    with file:
        content = file.read(min(FILE_BYTES, left) + 1)
    if len(content) > FILE_BYTES:
        reason = f"{path[:80]!r} has over {FILE_BYTES} bytes"
        raise Unpackable("document.too-large", reason)
    if len(content) > left:
        reason = f"its files have over {EXTENSION_BYTES} bytes together"
        raise Unpackable("packed.large", reason)
    return content


def _zipped(content: bytes) -> Iterator[Entry]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist()[: PACKED_ENTRIES + 1]:
            if not info.is_dir():
                yield info.filename, lambda info=info: _zip_file(archive, info)  # type: ignore[misc]


def _zip_file(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes] | None:
    if info.flag_bits & 1 or info.compress_type not in METHODS:
        raise Unpackable("packed.kind", "it is encrypted, or compressed in another way than usual")
    if (info.external_attr >> 16) & UNIX_KIND not in REGULAR:
        return None
    return archive.open(info)


def _tarred(content: bytes) -> Iterator[Entry]:
    """Each entry is read from where the one before ended, so that none is met again."""
    met = -1
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
        for info in archive:
            if info.offset <= met:
                raise Unpackable("packed.broken", "its entries do not follow each other")
            met = info.offset
            if not info.isdir():
                plain = info.isreg() and not info.issparse()
                yield info.name, lambda i=info, p=plain: archive.extractfile(i) if p else None  # type: ignore[misc]


def _inflated(content: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    found = unpacking.decompress(content, TAR_BYTES + 1)
    if len(found) > TAR_BYTES:
        raise Unpackable("packed.large", f"it unpacks to over {TAR_BYTES} bytes")
    if not unpacking.eof:
        raise Unpackable("packed.broken", "it ends before its end")
    return found
