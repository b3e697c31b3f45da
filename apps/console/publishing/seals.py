"""Commits in the addresses of pages to look at: only those that a page of the console linked to."""

from typing import Final

from apps.console.bases import ForgedBase, opened, sealed

LOOK: Final = "a commit to look at"


def look_sealed(commit: str) -> str:
    return sealed(commit, LOOK)


def look_opened(text: str) -> str | None:
    """None for what was not made here."""
    try:
        return opened(text, LOOK)
    except ForgedBase:
        return None
