"""What differs between two files, counted as Git counts it, and short ways to ask for an edit."""

from typing import Any

from apps.content.editing import Changes, Edited, EditError, edited
from apps.content.frontmatter import split


def numstat(before: bytes, after: bytes) -> tuple[int, int]:
    """Lines added and removed, for an edit in one place."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    most = min(len(old), len(new))
    front = next((n for n in range(most) if old[n] != new[n]), most)
    most -= front
    back = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    return len(new) - front - back, len(old) - front - back


def front(content: bytes) -> dict[str, Any]:
    parts = split(content.decode())
    assert parts.flaws == ()
    return parts.front


def changed(text: str, changes: Changes) -> str:
    return edited(text, changes).content.decode()


def way(text: str, changes: Changes) -> str:
    made: Edited = edited(text, changes)
    (only,) = made.ways.values()
    return only.name


def refusal(text: str | bytes, changes: Changes, body: str | None = None) -> tuple[str, int]:
    try:
        edited(text, changes, body)
    except EditError as error:
        assert error.reason and str(error) == error.reason
        return error.code, error.line
    raise AssertionError("the edit was made")
