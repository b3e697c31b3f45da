"""What the task queue does for a site: the periodic pull. Tasks are plain and idempotent."""

import structlog
from django.conf import settings
from django_q.models import Schedule

from apps.gitsync.errors import GitFault
from apps.gitsync.local import local_site, sync_and_record
from apps.runtime.workers import Workers

log = structlog.get_logger("whispercms.sync")

PULL = "apps.gitsync.tasks.pull"


def pull() -> str:
    """One sync; a fault is recorded and logged, and the next pull tries again."""
    workers = Workers(required=settings.SANDBOX_REQUIRED)
    try:
        report = sync_and_record(local_site(workers))
    except GitFault as error:
        log.warning("pull failed", code=error.code, reason=str(error))
        return error.code
    finally:
        workers.stop()
    log.info("pulled", state=report.state, commit=report.new)
    return report.state


def ensure_schedule() -> None:
    """The pull is scheduled once, at the interval of the settings. Writes only what differs."""
    wanted = {"schedule_type": Schedule.MINUTES, "minutes": settings.PULL_MINUTES, "repeats": -1}
    if not Schedule.objects.filter(func=PULL, **wanted).exists():
        Schedule.objects.all().delete()
        Schedule.objects.create(func=PULL, name="pull", **wanted)
