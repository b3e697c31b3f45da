"""URL paths of documents: made from hostile text, held against what is reserved. Pure."""

from collections.abc import Iterable

MAXIMUM = 1024
RESERVED = ("admin", "static", "media", "healthz", "readyz", "metrics", "-")


class AddressError(ValueError):
    """This text cannot be a URL of the site."""


def segments(text: str) -> tuple[str, ...]:
    """The path's segments. Raises AddressError for what browsers or proxies would rewrite."""
    if len(text) > MAXIMUM:
        raise AddressError(f"a URL may have {MAXIMUM} characters, this has {len(text)}")
    parts = tuple(part for part in text.split("/") if part)
    for part in parts:
        _check(part)
    return parts


def _check(part: str) -> None:
    if not part:
        raise AddressError("a segment of a URL cannot be empty")
    if part in (".", ".."):
        raise AddressError(f"{part!r} is a dot segment, which no URL keeps")
    if "\\" in part or not part.isprintable():
        raise AddressError(f"{part!r} has a backslash or a control character")


def address(parts: Iterable[str]) -> str:
    """The canonical form, with a slash at both ends; a part may be several segments. Raises
    AddressError."""
    listed = tuple(each for part in parts for each in part.split("/"))
    for part in listed:
        _check(part)
    path = "/" + "".join(f"{part}/" for part in listed)
    if len(path) > MAXIMUM:
        raise AddressError(f"a URL may have {MAXIMUM} characters, this has {len(path)}")
    if path.split("/", 2)[1] in RESERVED:
        raise AddressError(f"{path} is reserved for the server")
    return path


def file_address(parts: Iterable[str]) -> str:
    """The same without the last slash: a page that is known by a file's name, `/2020/a.html`."""
    return address(parts).rstrip("/") or "/"


def alias_key(text: str) -> str:
    """How a redirect is found, with or without its last slash: `/old/name`."""
    path = address(segments(text))
    if path == "/":
        raise AddressError("the front page cannot be an alias")
    return path.rstrip("/")
