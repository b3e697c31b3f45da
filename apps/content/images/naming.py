"""Where front matter names pictures: the values that may be one, and what a name may mean. Pure."""

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from apps.content.images.facts import may_be_shown

NAMING: Final = ("src", "path", "url", "file", "image")
"""Keys of a table that names a picture."""
MAIN: Final = ("image", "cover", "featured_image", "thumbnail", "banner", "images")
"""Keys of the one picture that stands for a document."""
DEPTH: Final = 4
CONTENT: Final = "@/"


def named(value: Any) -> str:
    """A text, a table that holds one, or the first of a list; empty for anything else."""
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    if isinstance(value, Mapping):
        value = next((value[key] for key in NAMING if isinstance(value.get(key), str)), "")
    return value if isinstance(value, str) else ""


def main(front: Mapping[str, Any]) -> tuple[str, str]:
    """The picture that stands for a document, and what its author says in its place."""
    for key in MAIN:
        value = front.get(key)
        if text := named(value):
            told = value.get("alt") if isinstance(value, Mapping) else None
            alt = told if isinstance(told, str) else front.get(f"{key}_alt")
            return text, alt if isinstance(alt, str) else ""
    return "", ""


def texts(value: Any, most: int, depth: int = DEPTH) -> Iterator[str]:
    """Texts of front matter that may name a picture, at most so many characters long each."""
    if isinstance(value, str):
        if len(value) <= most and may_be_shown(value.partition("?")[0].partition("#")[0]):
            yield value
    elif depth and isinstance(value, Mapping | list | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from texts(each, most, depth - 1)


def meanings(text: str, source: str, root: str, base_url: str) -> tuple[str, ...]:
    """Which files a name may mean, the first that there is: an address with its slash, or paths in
    the repository, from the document's folder and from the top. None for another site's."""
    if base_url and text.startswith(f"{base_url}/"):
        text = text[len(base_url) :]
    path = unquote(text.partition("?")[0].partition("#")[0])
    if path.startswith("/"):
        return () if path.startswith("//") else (path,)
    if "://" in text or text.startswith("data:"):
        return ()
    if path.startswith(CONTENT):
        return _inside(root + path[len(CONTENT) :])
    beside = _inside(posixpath.join(posixpath.dirname(source), path))
    return tuple(dict.fromkeys((*beside, *_inside(path))))


def _inside(path: str) -> tuple[str, ...]:
    normal = posixpath.normpath(path)
    return () if normal in (".", "..") or normal.startswith(("../", "/")) else (normal,)
