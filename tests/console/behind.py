"""Commits that a node keeps and cannot serve."""

from collections.abc import Iterator
from contextlib import contextmanager

from apps.gitsync.git.commits import Author
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.saving import save

STILL = "This server still serves the version before: "
REFUSED = f"{STILL}config.toml:1"
STORAGE = f"{STILL}this node could not read or write its files"


def break_site(source: SiteSource) -> None:
    """By a configuration that the sync refuses, as somebody saved it with a command."""
    save(
        source,
        {"config.toml": b"[whispercms\n"},
        author=Author("bob", "bob@example.org", "1700000000 +0000"),
        cause="Break it",
        trailers={"Cause": "test"},
    )


@contextmanager
def no_sync(source: SiteSource) -> Iterator[None]:
    """The file that a sync locks cannot be opened; commits need none."""
    source.lock.unlink()
    source.lock.mkdir()
    try:
        yield
    finally:
        source.lock.rmdir()
