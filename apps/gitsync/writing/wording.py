"""What a commit says of itself: a subject, a body, and trailers that nobody can forge. Pure.

Git reads trailers from the last paragraph, which is always ours and always begins with `Cause:`.
"""

import re
from collections.abc import Mapping
from typing import Final
from unicodedata import category

from apps.gitsync.errors import GitFault

CAUSE: Final = "Cause"
PLUGIN: Final = "Plugin"
DIGEST: Final = "Digest"
SUBJECT_CHARACTERS: Final = 200
BODY_CHARACTERS: Final = 8_000
TRAILERS: Final = 16
VALUE_CHARACTERS: Final = 400
PATH_CHARACTERS: Final = 120
JOINERS: Final = "\u200c\u200d"
"""Of Persian words and of emoji."""

_NAME: Final = re.compile(r"[A-Z][A-Za-z]{0,30}(?:-[A-Za-z]{1,30}){0,3}")
_WHO: Final = re.compile(r"[^\x00-\x1f\x7f<>]{1,200}")


def worded(cause: str, trailers: Mapping[str, str]) -> str:
    """The message of a commit. The first line of `cause` is its subject, what follows its body.

    Raises GitFault for what could be read as something else than it is.
    """
    if CAUSE not in trailers or len(trailers) > TRAILERS:
        raise _refused(f"a commit has 1 to {TRAILERS} trailers, and {CAUSE} is one of them")
    subject, _, rest = cause.strip().partition("\n")
    subject, body = subject.rstrip(), rest.strip()
    if not subject or len(subject) > SUBJECT_CHARACTERS or not _is_plain(subject):
        raise _refused(f"its first line must be 1 to {SUBJECT_CHARACTERS} printable characters")
    if len(body) > BODY_CHARACTERS or not all(map(_is_plain, body.split("\n"))):
        raise _refused(f"it may have {BODY_CHARACTERS} printable characters below its first line")
    first = {CAUSE: trailers[CAUSE]}
    lines = [_trailer(*each) for each in {**first, **trailers}.items()]
    return "\n\n".join(part for part in (subject, body, "\n".join(lines)) if part) + "\n"


def checked_name(text: str) -> str:
    """A name or an address as a commit can hold it. Raises GitFault."""
    if _WHO.fullmatch(text.strip()) and _is_plain(text):
        return text.strip()
    raise GitFault(
        "commit.author",
        f"{text[:80]!r} cannot be the name or the address of an author",
        "Write --author 'Name <name@example.org>'",
    )


def shown(path: str) -> str:
    """As much of it as a subject has room for."""
    return path if len(path) <= PATH_CHARACTERS else f"…{path[-PATH_CHARACTERS:]}"


def _trailer(name: str, value: str) -> str:
    if not _NAME.fullmatch(name):
        raise _refused(f"{name[:80]!r} cannot be the name of a trailer")
    if not value.strip() or len(value) > VALUE_CHARACTERS or not _is_plain(value):
        raise _refused(f"{name} must have 1 to {VALUE_CHARACTERS} printable characters on a line")
    return f"{name}: {value.strip()}"


def _is_plain(line: str) -> bool:
    """No line breaks of any alphabet, no control characters, no half of a character."""
    return all(each.isprintable() or each in JOINERS or category(each) == "Zs" for each in line)


def _refused(reason: str) -> GitFault:
    return GitFault("commit.message", f"the commit's message is refused: {reason}", "Reword it")
