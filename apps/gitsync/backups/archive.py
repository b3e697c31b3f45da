"""The file of a backup: a tar of few members in a fixed order, the manifest with digests first.

Read back as hostile: no member is trusted for its name, its size or its kind.
"""

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from apps.gitsync.errors import BackupRefused

FORMAT: Final = 1
MANIFEST: Final = "backup.json"
SETTINGS, DATABASE, BUNDLE = "settings.toml", "default.sqlite3", "repository.bundle"
PARTS: Final = (SETTINGS, DATABASE, BUNDLE)
MANIFEST_BYTES: Final = 64 * 1024
PART_BYTES: Final = 8 * 1024**3 - 1
"""The most that a tar's header can tell."""
BLOCK: Final = 512
END: Final = bytes(2 * BLOCK)
CHUNK: Final = 1024 * 1024
TEXT: Final = 1024
NOT_OURS: Final = "Name a file that manage.py backup wrote, and copy it again if it was moved"


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`made` is in seconds; `remote` has no password; `head` is what the remote's HEAD named."""

    version: str
    made: int
    remote: str
    head: str | None
    parts: tuple[Part, ...]

    def encoded(self) -> bytes:
        values = {
            "format": FORMAT,
            "version": self.version,
            "made": self.made,
            "remote": self.remote,
            "head": self.head,
            "parts": [[each.name, each.size, each.digest] for each in self.parts],
        }
        return json.dumps(values, sort_keys=True, indent=1).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup whose form is right; `identity` is the manifest's digest, and so stands for all."""

    path: Path
    manifest: Manifest
    starts: Mapping[str, int]
    identity: str

    def has(self, name: str) -> bool:
        return name in self.starts

    def check(self) -> None:
        """Reads every part against its digest. Raises BackupRefused."""
        for part in self.manifest.parts:
            with Path(os.devnull).open("wb") as nothing:
                self._copy(part, nothing)

    def extract(self, name: str, into: Path) -> Path:
        """Raises BackupRefused when the bytes are not those of the manifest."""
        part = next(each for each in self.manifest.parts if each.name == name)
        with _private(into) as file:
            self._copy(part, file)
        return into

    def _copy(self, part: Part, into: BinaryIO) -> None:
        digest, left = hashlib.sha256(), part.size
        with self.path.open("rb") as file:
            file.seek(self.starts[part.name])
            while left and (chunk := file.read(min(CHUNK, left))):
                digest.update(chunk)
                into.write(chunk)
                left -= len(chunk)
        if left or digest.hexdigest() != part.digest:
            raise _refused("backup.digest", f"{part.name} is not what the backup says it is")


def described(path: Path, name: str) -> Part:
    """Raises BackupRefused for what no tar can hold."""
    size = path.stat().st_size
    if size > PART_BYTES:
        reason = f"{name} has {size} bytes; a backup holds {PART_BYTES} of each part"
        raise BackupRefused("backup.too-large", reason, "Copy the folder while the node is stopped")
    with path.open("rb") as file:
        return Part(name, size, hashlib.file_digest(file, "sha256").hexdigest())


def write_archive(path: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Whole or not at all, on the disk when it returns, readable by its owner only."""
    draft = path.with_name(f".{path.name}.partial")
    draft.unlink(missing_ok=True)
    try:
        with _private(draft) as out:
            content = manifest.encoded()
            out.write(_header(MANIFEST, len(content), manifest.made) + _padded(content))
            for part in manifest.parts:
                out.write(_header(part.name, part.size, manifest.made))
                with files[part.name].open("rb") as file:
                    while chunk := file.read(CHUNK):
                        out.write(chunk)
                out.write(bytes(-part.size % BLOCK))
            out.write(END)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    persist_folder(path.parent)


def persist_folder(folder: Path) -> None:
    """A name is on the disk when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_archive(path: Path) -> Archive:
    """Reads the headers and the manifest, and nothing that they do not allow. Raises
    BackupRefused."""
    try:
        with path.open("rb") as file:
            return _read(path, file)
    except OSError as error:
        reason = f"{path} cannot be read ({error.strerror})"
        raise BackupRefused("backup.unreadable", reason, "Name a backup file") from error
    except (tarfile.HeaderError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise _refused("backup.form", f"{path.name} is no backup ({error})") from error


def _read(path: Path, file: BinaryIO) -> Archive:
    size = _member(file, MANIFEST, MANIFEST_BYTES)
    content = file.read(size)
    manifest = _manifest(json.loads(content))
    file.seek(-size % BLOCK, os.SEEK_CUR)
    starts = {}
    for part in manifest.parts:
        if _member(file, part.name, PART_BYTES) != part.size:
            raise ValueError(f"{part.name} has another size than the manifest says")
        starts[part.name] = file.tell()
        file.seek(part.size + -part.size % BLOCK, os.SEEK_CUR)
    if file.tell() + len(END) != os.fstat(file.fileno()).st_size or file.read() != END:
        raise ValueError("it is cut off, or something follows it")
    return Archive(path, manifest, starts, hashlib.sha256(content).hexdigest())


def _member(file: BinaryIO, name: str, most: int) -> int:
    """The size of the member that must follow: an ordinary file of that very name."""
    member = tarfile.TarInfo.frombuf(file.read(BLOCK), "ascii", "strict")
    if member.name != name or member.type != tarfile.REGTYPE or not 0 <= member.size <= most:
        raise ValueError(f"where {name} must be there is something else")
    return member.size


def _manifest(values: dict[str, Any]) -> Manifest:
    if (form := values["format"]) != FORMAT:
        raise ValueError(f"its format is {str(form)[:20]!r}, this version reads {FORMAT}")
    parts = tuple(
        Part(_text(name), int(size), _text(digest)) for name, size, digest in values["parts"]
    )
    names = [part.name for part in parts]
    if names != [name for name in PARTS if name in names]:
        raise ValueError("it has other parts than a backup has")
    return Manifest(
        version=_text(values["version"]),
        made=int(values["made"]),
        remote=_text(values["remote"]),
        head=None if values["head"] is None else _text(values["head"]),
        parts=parts,
    )


def _text(value: object) -> str:
    if isinstance(value, str) and len(value) <= TEXT and value.isprintable():
        return value
    raise ValueError("a value of the manifest is no line of text")


def _header(name: str, size: int, made: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, made, 0o600
    return member.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % BLOCK)


@contextmanager
def _private(path: Path) -> Iterator[BinaryIO]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _refused(code: str, reason: str) -> BackupRefused:
    return BackupRefused(code, reason, NOT_OURS)
