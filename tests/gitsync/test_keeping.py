from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from django_q.models import Schedule

from apps.gitsync.backups.backup import verify
from apps.gitsync.keeping import scheduled_backup
from apps.gitsync.scheduling import BACKUP, ensure_schedule
from apps.gitsync.tasks import UNWANTED, keep_backup

DAY = 86_400.0
NOW = 1_600_000_000.0


def test_the_newest_of_its_own_backups_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    monkeypatch.setattr(settings, "BACKUP_FOLDER", folder)
    monkeypatch.setattr(settings, "BACKUP_KEEP", 2)
    folder.mkdir()
    key = settings.SITE_KEY
    others = {"letter.txt", "whispercms-other-20200101T000000Z.tar", f"whispercms-{key}-mine.tar"}
    for name in (*others, f".whispercms-{key}-20200101T000000Z.tar.partial"):
        (folder / name).write_text("x")
    for day in range(3):
        report = scheduled_backup(NOW + day * DAY)
    left = sorted({path.name for path in folder.iterdir()} - others)
    assert left == [
        f"whispercms-{key}-20200914T122640Z.tar",
        f"whispercms-{key}-20200915T122640Z.tar",
    ]
    assert {path.name for path in folder.iterdir()} > others
    assert report is not None
    assert verify(folder / left[-1]).archive.identity == report.archive.identity


def test_without_a_folder_there_is_no_backup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BACKUP_FOLDER", None)
    assert keep_backup() == UNWANTED


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(settings, "BACKUP_FOLDER", tmp_path / "file")
    assert keep_backup() == "node.storage"


def test_the_daily_backup_is_scheduled_once_and_only_with_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, number in ((tmp_path, 1), (tmp_path, 1), (None, 0)):
        monkeypatch.setattr(settings, "BACKUP_FOLDER", folder)
        ensure_schedule()
        assert Schedule.objects.filter(func=BACKUP, minutes=1440).count() == number


def test_only_a_backup_is_due_at_once_after_the_first_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "BACKUP_FOLDER", tmp_path)
    Schedule.objects.all().delete()
    ensure_schedule()
    due = Schedule.objects.filter(next_run__lte=timezone.now())
    assert [each.name for each in due] == ["backup"]
    assert Schedule.objects.count() == 3
