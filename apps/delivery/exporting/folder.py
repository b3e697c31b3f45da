"""The folder that an export is written to: nothing outside of it is ever touched, whatever lies in
it, and one export at a time."""

import errno
import fcntl
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from apps.content.problems import display_path
from apps.delivery.exporting.bounds import MANIFEST, MANIFEST_BYTES, STAGING
from apps.delivery.exporting.places import folders

CHUNK: Final = 1024 * 1024
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class FolderFault(Exception):
    """It cannot be written there."""

    def __init__(self, place: str, reason: str, remedy: str) -> None:
        self.place, self.remedy = place, remedy
        super().__init__(f"{place}: {reason}; {remedy}")


def _wrong(place: str, what: str) -> FolderFault:
    reason = f"is {what}, and would lead out of the folder or be lost"
    return FolderFault(place, reason, "remove it, or choose another folder")


class Folder:
    """Every step of a path is opened by itself and never through a symbolic link, so that nobody
    can lead it elsewhere meanwhile. Raises OSError as well."""

    def __init__(self, descriptor: int) -> None:
        self._top = descriptor

    def digest(self, path: str) -> tuple[str, int] | None:
        """SHA-256 and length of the file; None where there is none, or a folder. Raises FolderFault
        for what is neither."""
        with self._opened(path) as file:
            if file is None:
                return None
            found, size = hashlib.sha256(), 0
            while chunk := os.read(file, CHUNK):
                found.update(chunk)
                size += len(chunk)
            return found.hexdigest(), size

    def read(self, path: str) -> bytes | None:
        """None where there is none, at most the length of a manifest and one byte."""
        with self._opened(path) as file:
            if file is None:
                return None
            with os.fdopen(os.dup(file), "rb") as readable:
                return readable.read(MANIFEST_BYTES + 1)

    def stage(self, name: str, parts: Iterable[bytes]) -> None:
        """A new file of the staging folder, which `unstage` empties."""
        with suppress(FileExistsError):
            os.mkdir(STAGING, dir_fd=self._top)
        with self._within([STAGING]) as folder:
            new = os.open(name, _NEW, 0o644, dir_fd=_there(folder))
        with os.fdopen(new, "wb") as file:
            for part in parts:
                file.write(part)

    def land(self, name: str, path: str) -> None:
        """Puts a staged file in its place, at once."""
        *above, last = path.split("/")
        with self._within([STAGING]) as staged, self._within(above, make=True) as folder:
            os.rename(name, last, src_dir_fd=_there(staged), dst_dir_fd=_there(folder))

    def unstage(self, keep: str = "") -> None:
        """Removes what was staged, by an export that was killed as well, but for one file."""
        with self._within([STAGING]) as staged:
            if staged is None:
                return
            with os.scandir(staged) as found:
                for each in [entry.name for entry in found if entry.name != keep]:
                    os.unlink(each, dir_fd=staged)
        with suppress(OSError):
            os.rmdir(STAGING, dir_fd=self._top)

    def remove(self, path: str) -> bool:
        """A file, and the folders that are empty without it. False where there was none."""
        *above, last = path.split("/")
        with self._within(above) as folder:
            if folder is None:
                return False
            try:
                os.unlink(last, dir_fd=folder)
            except (FileNotFoundError, IsADirectoryError):
                return False
        for parts in reversed([each.split("/") for each in folders(path)]):
            with self._within(parts[:-1]) as holding, suppress(OSError):
                os.rmdir(parts[-1], dir_fd=_there(holding))
        return True

    def others(self, known: frozenset[str]) -> Iterator[str]:
        """Files that are not of the export, in order. Names may be no text (`shown`)."""
        known |= {MANIFEST}
        for root, inner, names, _ in os.fwalk(".", dir_fd=self._top, follow_symlinks=False):
            above = "" if root == "." else f"{root.removeprefix('./')}/"
            inner[:] = sorted(name for name in inner if above or name != STAGING)
            yield from (f"{above}{name}" for name in sorted(names) if f"{above}{name}" not in known)

    @contextmanager
    def _opened(self, path: str) -> Iterator[int | None]:
        *above, last = path.split("/")
        with self._within(above) as folder:
            file = None if folder is None else _file(folder, last, path)
            try:
                yield file
            finally:
                if file is not None:
                    os.close(file)

    @contextmanager
    def _within(self, names: list[str], *, make: bool = False) -> Iterator[int | None]:
        """The folder of that path; None where there is none and none is to be made."""
        here: int | None = os.dup(self._top)
        try:
            for position, name in enumerate(names):
                assert here is not None
                inner = _folder(here, name, "/".join(names[: position + 1]), make=make)
                os.close(here)
                here = inner
                if here is None:
                    break
            yield here
        finally:
            if here is not None:
                os.close(here)


def shown(path: str) -> str:
    """For people, whatever is in a name."""
    return display_path(os.fsencode(path))


def _there(folder: int | None) -> int:
    """Without a folder, a name would count from wherever this process is."""
    if folder is None:
        raise FileNotFoundError(errno.ENOENT, "a folder of the export is gone")
    return folder


def _folder(above: int, name: str, path: str, *, make: bool) -> int | None:
    if make:
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=above)
    try:
        return os.open(name, _FOLDER, dir_fd=above)
    except FileNotFoundError:
        return None
    except OSError as error:
        kind = os.lstat(name, dir_fd=above).st_mode
        if stat.S_ISREG(kind) and not make:
            return None
        if stat.S_ISDIR(kind):
            raise
        raise _wrong(path, "a symbolic link" if stat.S_ISLNK(kind) else "no folder") from error


def _file(folder: int, name: str, path: str) -> int | None:
    try:
        found = os.open(name, _READ, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        kind = os.lstat(name, dir_fd=folder).st_mode
        raise _wrong(path, "a symbolic link" if stat.S_ISLNK(kind) else "no file") from error
    kind = os.fstat(found).st_mode
    if stat.S_ISREG(kind):
        return found
    os.close(found)
    if stat.S_ISDIR(kind):
        return None
    raise _wrong(path, "no file")


@contextmanager
def opened(place: Path, *, make: bool) -> Iterator[Folder | None]:
    """For one export at a time. None where there is none and none is to be made. Raises
    FolderFault."""
    try:
        if make:
            place.mkdir(parents=True, exist_ok=True)
        top = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    except OSError as error:
        reason = f"cannot be a folder to export to: {error.strerror}"
        raise FolderFault(str(place), reason, "choose another folder") from error
    try:
        _lock(top, place)
        yield Folder(top)
    finally:
        os.close(top)


def _lock(top: int, place: Path) -> None:
    """The kernel frees it when the process ends, however it ends."""
    try:
        fcntl.flock(top, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        reason = "another export is being written to it"
        raise FolderFault(str(place), reason, "wait until that has ended") from error
