"""An extension in a folder on its author's disk, read as a commit would hold it."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

from apps.content.problems import Problem
from apps.extensions import limits
from apps.extensions.finding import KINDS, SITE, ExtensionFiles, Kind


class NoExtension(Exception):
    """There is none in this folder."""


def read_folder(folder: Path) -> tuple[ExtensionFiles, list[Problem]]:
    """Its files, and why some of them could not be among them. Raises NoExtension.

    What a commit of it would not bring is left out: names that begin with a dot.
    """
    place = folder.absolute()
    kind = _kind(place)
    prefix = f"{kind}s/{place.name}"
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for position, path in enumerate(_paths(place), start=1):
        name = path.relative_to(place).as_posix()
        if position > limits.FILES:
            reason = f"there are over {limits.FILES} files; remove what does not belong to it"
            return _made(kind, place, files), [*problems, Problem(prefix, 0, "folder.many", reason)]
        try:
            files[name] = _content(path)
        except _Unfit as error:
            problems.append(Problem(f"{prefix}/{name}", 0, error.code, str(error)))
    return _made(kind, place, files), problems


class _Unfit(Exception):
    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        super().__init__(reason)


def _made(kind: Kind, place: Path, files: dict[str, bytes]) -> ExtensionFiles:
    return ExtensionFiles(kind, place.name, SITE, MappingProxyType(files))


def _kind(folder: Path) -> Kind:
    found = [kind for kind in KINDS if (folder / f"{kind}.toml").is_file()]
    if not folder.is_dir():
        raise NoExtension(f"there is no folder {folder}")
    if len(found) != 1:
        which = "neither" if not found else "both"
        raise NoExtension(f"{folder} has {which} plugin.toml and theme.toml; it needs one of them")
    return found[0]


def _paths(folder: Path) -> Iterator[Path]:
    """In a fixed order; folders that are links are not entered."""
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        links = [each for each in folders if (Path(above) / each).is_symlink()]
        for name in sorted([*names, *links]):
            if not name.startswith("."):
                yield Path(above) / name


def _content(path: Path) -> bytes:
    if path.is_symlink():
        raise _Unfit("path.link", "this is a symbolic link; put the file itself here")
    if not path.is_file():
        raise _Unfit("folder.no-file", "this is not a regular file; remove it")
    try:
        with path.open("rb") as file:
            content = file.read(limits.FILE_BYTES + 1)
    except OSError as error:
        raise _Unfit("folder.unreadable", f"it cannot be read ({error.strerror})") from error
    if len(content) > limits.FILE_BYTES:
        size = f"{path.stat().st_size} bytes; {limits.FILE_BYTES} are the most"
        raise _Unfit("document.too-large", size)
    return content
