"""Where a new document or file comes to lie, by its title or its name. Pure."""

import posixpath
import re
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import Final

from apps.console.writing.bounds import NAME_CHARACTERS
from apps.content.parts import Part
from apps.content.slugs import slugify

BUNDLE: Final = "index"
POSTS: Final = "_posts"
_ENDING: Final = re.compile(r"\.[a-z0-9]{1,10}")


def slug_of(title: str) -> str:
    return slugify(title)[:NAME_CHARACTERS].strip("-") or "page"


def document_path(
    part: Part, folder: str, title: str, day: str, *, bundled: bool, suffix: str = ".md"
) -> str:
    """In the repository; `folder` is one below which documents lie, `day` such as 2026-03-26."""
    name = slug_of(title)
    if part.layout == "jekyll" and POSTS in folder.split("/"):
        name = f"{day}-{name}"
    inside = f"{name}/{BUNDLE}{suffix}" if bundled else f"{name}{suffix}"
    return posixpath.join(folder, inside) if folder else inside


def is_bundled(neighbours: Sequence[str]) -> bool:
    """Whether most documents of a section are folders with an index."""
    bundles = sum(PurePosixPath(each).stem == BUNDLE for each in neighbours)
    return bundles * 2 > len(neighbours)


def file_name(name: str, ending: str) -> str:
    """A name that any address can hold, with the ending of what the file is."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    kept = slugify(stem)[:NAME_CHARACTERS].strip("-") or "file"
    return kept + (ending if _ENDING.fullmatch(ending) else "")


def free(path: str, taken: Collection[str]) -> str:
    """The path, else the first with a number that nothing lies at."""
    if path not in taken:
        return path
    at = PurePosixPath(path)
    folder = f"{at.parent}/" if str(at.parent) != "." else ""
    numbers = range(2, len(taken) + 3)
    return next(made for n in numbers if (made := f"{folder}{at.stem}-{n}{at.suffix}") not in taken)


def beside(document: str) -> str:
    """The folder of a page bundle; empty where a document has none of its own."""
    at = PurePosixPath(document)
    return str(at.parent) if at.stem == BUNDLE and str(at.parent) != "." else ""
