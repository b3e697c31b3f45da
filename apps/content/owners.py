"""Whose a file of the site is: of the document in whose own folder it stands, or of nobody."""

from typing import Final, NamedTuple

from apps.content import moments
from apps.content.entries import PUBLIC
from apps.content.moments import Execute

BUNDLE: Final = "index."
"""How the file of a document begins that has a folder of its own."""
_OF_FOLDER: Final = (
    f"SELECT source, visibility, {moments.shown()} FROM document"  # noqa: S608
    " WHERE source >= ? AND source < ? AND instr(substr(source, ?), '/') = 0 ORDER BY source"
)
"""What is called so; "/" follows "."."""


class Owner(NamedTuple):
    """`is_shown` says whether visitors may read it at the moment that was asked about."""

    source: str
    visibility: str
    is_shown: bool


def owners(execute: Execute, source: str, now: str) -> tuple[Owner, ...]:
    """The documents of the nearest folder above the file that has some: one, or one for each
    language. None where other documents stand between."""
    folder = source
    while folder := folder.rpartition("/")[0]:
        named = (f"{folder}/{BUNDLE}", f"{folder}/index/", len(folder) + 2)
        found = tuple(Owner(*row) for row in execute(_OF_FOLDER, (now, now, *named)))
        if found:
            return found if is_own(execute, found[0].source, source) else ()
    return ()


def is_own(execute: Execute, document: str, source: str) -> bool:
    """Whether a file below the folder of a document is that document's, and not in a folder in
    which there are other documents."""
    folder = document.rpartition("/")[0]
    first, below, _ = source.removeprefix(f"{folder}/").partition("/")
    inner = f"{folder}/{first}"
    query = "SELECT 1 FROM document WHERE source > ? AND source < ? LIMIT 1"
    # "0" follows "/".
    return not below or execute(query, (f"{inner}/", f"{inner}0")).fetchone() is None


def is_beside_hidden(execute: Execute, source: str, now: str) -> bool:
    """What stands beside a hidden document is hidden with it."""
    found = owners(execute, source, now)
    return bool(found) and not any(each.is_shown for each in found)


def visibility_of_file(execute: Execute, source: str, now: str) -> str | None:
    """That of its document, else public. None for what is no file that is served."""
    if execute("SELECT 1 FROM asset WHERE source = ?", (source,)).fetchone() is None:
        return None
    found = {each.visibility for each in owners(execute, source, now)}
    return PUBLIC if PUBLIC in found or not found else max(found)
