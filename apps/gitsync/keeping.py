"""Backups of this node, put together from Django's settings: for commands and the task queue."""

import re
import time
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connections

from apps.extensions.settling import HOST
from apps.gitsync.backups.backup import BackupReport, Holdings, backup
from apps.gitsync.backups.restore import RESTORED, RestoreReport, restore
from apps.gitsync.errors import RemoteFault
from apps.gitsync.local import local_site, record, storage, sync_and_record
from apps.gitsync.report import SyncReport
from apps.gitsync.syncing.sync import sync
from apps.runtime.databases import prepare_databases
from apps.runtime.workers import Workers

SQLITE: Final = "django.db.backends.sqlite3"
NAME: Final = "whispercms-{key}-{moment}.tar"
MOMENT: Final = "%Y%m%dT%H%M%SZ"


def holdings() -> Holdings:
    database = connections["default"].settings_dict
    return Holdings(
        source=settings.SITE_SOURCE,
        database=Path(database["NAME"]) if database["ENGINE"] == SQLITE else None,
        settings=settings.INSTANCE.settings,
        given=settings.INSTANCE.given,
        version=str(HOST),
    )


def back_up(into: Path, now: float) -> BackupReport:
    """Raises GitFault."""
    with storage():
        return backup(holdings(), into, now=now)


def scheduled_backup(now: float) -> BackupReport | None:
    """None when no folder is set. Only this site's own backups are counted and removed, and none
    before the new one is whole. Raises GitFault."""
    folder = settings.BACKUP_FOLDER
    if folder is None:
        return None
    with storage():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        moment = time.strftime(MOMENT, time.gmtime(now))
        into = folder / NAME.format(key=settings.SITE_KEY, moment=moment)
        report = backup(holdings(), into, now=now)
        for old in _own(folder)[: -settings.BACKUP_KEEP]:
            old.unlink(missing_ok=True)
        return report


def _own(folder: Path) -> list[Path]:
    """The oldest first. What a killed backup left beside them goes with the next."""
    form = re.escape(NAME.format(key=settings.SITE_KEY, moment="@")).replace("@", r"\d{8}T\d{6}Z")
    for path in folder.iterdir():
        if re.fullmatch(rf"\.{form}\.partial", path.name):
            path.unlink(missing_ok=True)
    return sorted(path for path in folder.iterdir() if re.fullmatch(form, path.name))


def bring_back(
    file: Path, *, force: bool = False, dry_run: bool = False
) -> tuple[RestoreReport, SyncReport | None]:
    """Restores, then syncs; without its remote the node serves what the backup has. Raises
    GitFault."""
    with storage():
        report = restore(holdings(), file, force=force, dry_run=dry_run)
        if report.state != RESTORED:
            return report, None
        connections.close_all()
        prepare_databases()
    return report, _sync()


def _sync() -> SyncReport:
    workers = Workers(required=settings.SANDBOX_REQUIRED)
    try:
        site = local_site(workers)
        try:
            return sync_and_record(site)
        except RemoteFault:
            with storage():
                report = sync(site, fetching=False)
            record(site, report)
            return report
    finally:
        workers.stop()
