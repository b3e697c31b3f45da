"""What the task queue is to do and when; the tasks themselves are loaded by whoever does them."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import connections
from django.utils import timezone
from django_q.models import Schedule

PULL: Final = "apps.gitsync.tasks.pull"
PULL_NOW: Final = "apps.gitsync.tasks.pull_now"
CHECK: Final = "apps.gitsync.tasks.check"
BACKUP: Final = "apps.gitsync.tasks.keep_backup"
DAY_MINUTES: Final = 24 * 60


def wake() -> None:
    """Has the queue pull within a second or two. One small write. Raises django.db.Error."""
    from django_q.tasks import async_task

    try:
        async_task(PULL_NOW, task_name="webhook")
    finally:
        connections["queue"].close()


def ensure_schedule() -> None:
    """Each task is scheduled once, at its interval. Writes only what differs.

    Start-up has just pulled, and checked what it pulled into: only a backup is due at once.
    """
    wanted = {"pull": (PULL, settings.PULL_MINUTES), "check": (CHECK, DAY_MINUTES)}
    if settings.BACKUP_FOLDER:
        wanted["backup"] = (BACKUP, DAY_MINUTES)
    for name, (task, minutes) in wanted.items():
        values = {"schedule_type": Schedule.MINUTES, "minutes": minutes, "repeats": -1}
        if not Schedule.objects.filter(name=name, func=task, **values).exists():
            wait = timedelta(minutes=0 if task == BACKUP else minutes)
            Schedule.objects.filter(name=name).delete()
            Schedule.objects.create(name=name, func=task, next_run=timezone.now() + wait, **values)
    Schedule.objects.exclude(name__in=wanted).delete()
