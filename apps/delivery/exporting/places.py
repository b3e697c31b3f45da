"""Where in the folder the bytes of an address go, and what cannot be there together. Pure."""

import unicodedata
from collections.abc import Iterator, Mapping

from apps.content.problems import Problem
from apps.delivery.exporting.bounds import INDEX, MANIFEST, NAME_BYTES, PLACE_BYTES, STAGING

NAME, CLASH = "export.name", "export.clash"
OWN = frozenset({MANIFEST, STAGING})


class Unplaceable(ValueError):
    """No file system holds it, or it would lie elsewhere."""


def place(address: str) -> str:
    """Of a decoded address; one that ends in a slash is a folder with a page. Raises
    Unplaceable."""
    inner = address.removeprefix("/")
    return checked(inner + INDEX if not inner or inner.endswith("/") else inner)


def checked(path: str) -> str:
    """A path below the folder, as it is. Raises Unplaceable."""
    if len(path.encode("utf-8", "replace")) > PLACE_BYTES:
        raise Unplaceable(f"is longer than {PLACE_BYTES} bytes")
    for name in path.split("/"):
        if name in ("", ".", ".."):
            raise Unplaceable(f"{name!r} is no name")
        if not name.isprintable() or "\\" in name:
            raise Unplaceable("has a backslash or a control character")
        if len(name.encode()) > NAME_BYTES:
            raise Unplaceable(f"has a name of more than {NAME_BYTES} bytes")
    if fold(path).split("/")[0] in OWN:
        raise Unplaceable(f"{path.split('/')[0]} is the export's own")
    return path


def fold(path: str) -> str:
    """Alike for what some file systems take for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def folders(path: str) -> Iterator[str]:
    """All that hold it, the topmost first."""
    parts = path.split("/")[:-1]
    return ("/".join(parts[: end + 1]) for end in range(len(parts)))


class Ground:
    """What is taken already."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def take(self, path: str) -> str | None:
        """The path that it cannot be beside; then it is not taken."""
        key = fold(path)
        if other := self._files.get(key) or self._folders.get(key):
            return other
        above = list(folders(key))
        if other := next((self._files[each] for each in above if each in self._files), None):
            return other
        self._files[key] = path
        for each in above:
            self._folders.setdefault(each, path)
        return None


def clashes(addresses: Mapping[str, str]) -> list[Problem]:
    """`addresses` is by place."""
    ground, found = Ground(), list[Problem]()
    for each in sorted(addresses):
        if other := ground.take(each):
            found.append(clash(addresses[each], addresses[other]))
    return found


def clash(address: str, other: str) -> Problem:
    reason = (
        f"cannot be in one folder with {other}: not every file system can tell them apart;"
        " change the address of one of them"
    )
    return Problem(address, 0, CLASH, reason)


def unplaceable(address: str, error: Unplaceable) -> Problem:
    return Problem(address, 0, NAME, f"{error}; change the address, or the file's name")
