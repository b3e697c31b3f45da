"""A node with something to lose, and what a backup of it is made from."""

import sqlite3
from contextlib import closing
from pathlib import Path

from apps.gitsync.backups.backup import Holdings
from apps.gitsync.git.commits import Author, commit_files
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import SiteSource

SECRET = "s" * 50
DRAFT = "refs/whispercms/drafts/ada/1"
REMOTE = "/srv/site.git"


def holdings_at(folder: Path, source: SiteSource | None = None) -> Holdings:
    """Of a node whose state lies in `folder`."""
    settings = folder / "settings.toml"
    if not settings.exists():
        folder.mkdir(parents=True, exist_ok=True)
        settings.write_text(f'secret_key = "{SECRET}"\nport = 8001\n')
    given = {"remote": REMOTE, "port": 8001, "secret_key": SECRET, "hosts": ["a.b"]}
    return Holdings(
        source=source or SiteSource(remote=REMOTE, branch=None, folder=folder, asset_bytes=1024),
        database=folder / "default.sqlite3",
        settings=settings,
        given=given,
        version="1.0.0",
    )


def filled(folder: Path) -> Holdings:
    """A clone with a branch and a draft, and a database with a row; no index."""
    holdings = holdings_at(folder)
    repository = Repository(holdings.source.repository)
    repository.create()
    commit = write(holdings, "one", "refs/remotes/origin/main")
    repository.set("refs/whispercms/served/main", commit)
    repository.symbolic("refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    write(holdings, "mine")
    write_row(holdings.database, "first")
    return holdings


def write(holdings: Holdings, text: str, ref: str = DRAFT) -> str:
    """A commit on a ref, as no remote has it."""
    return commit_files(
        Repository(holdings.source.repository),
        ref,
        {"a.md": text.encode()},
        message=f"{text}\n",
        author=Author("Ada", "ada@example.org", "1577836800 +0000"),
    )


def refs(holdings: Holdings) -> dict[str, str]:
    return Repository(holdings.source.repository).refs("refs/")


def write_row(database: Path | None, text: str) -> None:
    with closing(sqlite3.connect(str(database))) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE IF NOT EXISTS note (text TEXT)")
        connection.execute("INSERT INTO note VALUES (?)", (text,))


def rows(database: Path | None) -> list[str]:
    with closing(sqlite3.connect(str(database))) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY rowid")]
