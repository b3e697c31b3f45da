"""Brings a node back to a backup, part by part, each whole or not at all.

Killed anywhere, the same command does the rest. Nothing that the backup lacks is lost.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from packaging.version import InvalidVersion, Version

from apps.gitsync.backups.archive import (
    DATABASE,
    SETTINGS,
    Archive,
    open_archive,
    persist_folder,
)
from apps.gitsync.backups.backup import Holdings, emptied, unpacked
from apps.gitsync.backups.database_copies import copy_database, put_database
from apps.gitsync.backups.public_settings import added
from apps.gitsync.clone.replacing import finish, replace_clone, rescue
from apps.gitsync.errors import BackupRefused, GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.locks import exclusive

RESTORED, WOULD = "restored", "would restore"
TOLD: Final = 5
KEPT: Final = "default-before-restore.sqlite3"


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """`rescued` are refs of the node that the backup lacks → what they are at."""

    state: str
    archive: Archive
    rescued: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        manifest = self.archive.manifest
        return {
            "state": self.state,
            "made": manifest.made,
            "version": manifest.version,
            "parts": {each.name: each.size for each in manifest.parts},
            "rescued": self.rescued,
        }


def restore(
    holdings: Holdings, file: Path, *, force: bool = False, dry_run: bool = False
) -> RestoreReport:
    """Raises BackupRefused, and then nothing has changed; or OSError or sqlite3.Error.

    `force` goes on where the node has commits that the backup lacks, which are kept, and where the
    backup is of another site. Waits for a sync of this node.
    """
    archive = open_archive(file)
    _check_fits(holdings, archive, force=force)
    source = holdings.source
    with exclusive(source.lock), emptied(source.folder / "restoring") as work:
        clone = unpacked(archive, work)
        going_on = force or _begun(source.folder) == archive.identity
        rescued = _lost(holdings, clone, force=going_on)
        if rescued and not (going_on or dry_run):
            raise _would_lose(rescued)
        if dry_run:
            return RestoreReport(WOULD, archive, rescued)
        settings = _settings(holdings, archive, work)
        _put(holdings, archive, work, clone)
        if settings is not None:
            _write_whole(holdings.settings, settings)
        _mark(source.folder).unlink()
    return RestoreReport(RESTORED, archive, rescued)


def _put(holdings: Holdings, archive: Archive, work: Path, clone: Repository | None) -> None:
    """From here on a killed run has to be finished; the mark says which backup it was of."""
    folder = holdings.source.folder
    if _begun(folder) != archive.identity:
        _keep_database(holdings)
        _write_whole(_mark(folder), archive.identity)
    if clone is not None:
        replace_clone(holdings.source, clone.path)
    if archive.has(DATABASE):
        put_database(work / DATABASE, holdings.local_database())


def _check_fits(holdings: Holdings, archive: Archive, *, force: bool) -> None:
    manifest = archive.manifest
    holdings.local_database()
    if _is_newer(manifest.version, holdings.version):
        raise BackupRefused(
            "backup.newer",
            f"the backup is of WhisperCMS {manifest.version}, this is {holdings.version}",
            "Upgrade this node first",
        )
    if manifest.remote != holdings.remote and not force:
        raise BackupRefused(
            "backup.other-site",
            f"the backup is of {manifest.remote}, this node is of {holdings.remote}",
            "Set remote to that repository first; if the site has moved, use --force",
        )


def _is_newer(theirs: str, ours: str) -> bool:
    try:
        return Version(theirs) > Version(ours)
    except InvalidVersion:
        return True


def _lost(holdings: Holdings, clone: Repository | None, *, force: bool) -> dict[str, str]:
    """Puts what only the node has into the new clone. Raises BackupRefused for a node that cannot
    be read, unless it is to be set aside."""
    finish(holdings.source)
    if clone is None or not holdings.source.repository.exists():
        return {}
    try:
        return rescue(clone, holdings.source.repository)
    except GitFault as error:
        if force:
            return {}
        raise BackupRefused(
            "backup.unreadable-clone",
            f"the clone of this node cannot be read ({error.reason})",
            "With --force it is set aside, and kept",
        ) from error


def _would_lose(rescued: dict[str, str]) -> BackupRefused:
    names = ", ".join(sorted(rescued)[:TOLD])
    more = f" and {len(rescued) - TOLD} more" if len(rescued) > TOLD else ""
    return BackupRefused(
        "backup.lacks-commits",
        f"this node has commits that the backup lacks: {names}{more}",
        "With --force they are kept below refs/whispercms/rescued/",
    )


def _keep_database(holdings: Holdings) -> None:
    """As it was before, beside it: of a database nothing can be merged."""
    database = holdings.local_database()
    if database.exists():
        copy = database.with_name(KEPT)
        draft = database.with_name(f"{KEPT}.partial")
        draft.unlink(missing_ok=True)
        copy_database(database, draft)
        draft.chmod(0o600)
        draft.replace(copy)


def _settings(holdings: Holdings, archive: Archive, work: Path) -> str | None:
    """The node's settings file as it is to be, None where it stays. Raises BackupRefused."""
    if not archive.has(SETTINGS):
        return None
    path = holdings.settings
    own = path.read_text(encoding="utf-8") if path.exists() else ""
    try:
        text = added(own, (work / SETTINGS).read_text(encoding="utf-8"))
    except ValueError as error:
        reason = f"the settings in the backup cannot be used ({error})"
        raise BackupRefused("backup.settings", reason, "Write them by hand") from error
    return None if text == own else text


def _write_whole(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.partial")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    persist_folder(path.parent)


def _begun(folder: Path) -> str:
    """Which backup a killed run was of."""
    mark = _mark(folder)
    return mark.read_text(encoding="utf-8") if mark.exists() else ""


def _mark(folder: Path) -> Path:
    return folder / "restoring.mark"
