"""Makes one file of what a node holds: all refs, the default database, settings without secrets."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from apps.gitsync.backups.archive import (
    BUNDLE,
    DATABASE,
    PARTS,
    SETTINGS,
    Archive,
    Manifest,
    described,
    open_archive,
    write_archive,
)
from apps.gitsync.backups.database_copies import check_database, copy_database
from apps.gitsync.backups.public_settings import public_remote, public_settings
from apps.gitsync.clone.bundles import clone_bundle, write_bundle
from apps.gitsync.errors import BackupRefused
from apps.gitsync.git.repository import Repository
from apps.gitsync.locks import exclusive
from apps.gitsync.source import SiteSource

PRIVATE: Final = 0o700


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What a backup is made of and goes back to. `database` is None where it is no file of this
    node; `given` are the settings as they were written."""

    source: SiteSource
    database: Path | None
    settings: Path
    given: Mapping[str, object]
    version: str

    @property
    def remote(self) -> str:
        return public_remote(self.source.remote)

    def local_database(self) -> Path:
        """Raises BackupRefused."""
        if self.database is not None:
            return self.database
        raise BackupRefused(
            "backup.engine",
            "the default database is not SQLite, so its own tools must back it up",
            "Use pg_dump and pg_restore",
        )


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A backup file: `parts` are name → bytes."""

    state: str
    archive: Archive

    def as_json(self) -> dict[str, Any]:
        manifest = self.archive.manifest
        return {
            "state": self.state,
            "file": str(self.archive.path),
            "made": manifest.made,
            "version": manifest.version,
            "remote": manifest.remote,
            "parts": {each.name: each.size for each in manifest.parts},
            "digest": f"sha256:{self.archive.identity}",
        }


def backup(holdings: Holdings, into: Path, *, now: float) -> BackupReport:
    """One backup at a time on a node; syncs and edits go on meanwhile. Raises GitFault, OSError or
    sqlite3.Error, and then there is no new file."""
    database = holdings.local_database()
    if into.exists():
        open_archive(into)  # Nothing but a backup is ever written over.
    folder = holdings.source.folder
    lock = folder / "backup.lock"
    with exclusive(lock), emptied(folder / "backup") as work:
        lock.with_suffix(".unclean").unlink(missing_ok=True)
        files = {name: work / name for name in PARTS}
        files[SETTINGS].write_text(public_settings(holdings.given), encoding="utf-8")
        copy_database(database, files[DATABASE])
        repository = Repository(holdings.source.repository)
        head = write_bundle(repository, files[BUNDLE]) if repository.exists() else None
        manifest = Manifest(
            version=holdings.version,
            made=int(now),
            remote=holdings.remote,
            head=head,
            parts=tuple(described(files[n], n) for n in PARTS if files[n].exists()),
        )
        write_archive(into, manifest, files)
    return BackupReport("written", open_archive(into))


def verify(file: Path) -> BackupReport:
    """Reads every byte, makes a clone of the bundle and opens the database, in a folder that is
    gone afterwards. Raises BackupRefused or OSError."""
    archive = open_archive(file)
    archive.check()
    with tempfile.TemporaryDirectory(prefix="whispercms-verify-") as folder:
        unpacked(archive, Path(folder))
    return BackupReport("verified", archive)


def unpacked(archive: Archive, into: Path) -> Repository | None:
    """The parts as files, the bundle as a clone at `clone.git`. Raises BackupRefused."""
    for part in archive.manifest.parts:
        archive.extract(part.name, into / part.name)
    if archive.has(DATABASE):
        check_database(into / DATABASE)
    if not archive.has(BUNDLE):
        return None
    return clone_bundle(into / BUNDLE, into / "clone.git", archive.manifest.head)


@contextmanager
def emptied(folder: Path) -> Iterator[Path]:
    """A private folder for the time being; a killed run's leftovers go first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=PRIVATE, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
