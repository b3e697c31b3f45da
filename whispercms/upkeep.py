"""What has to be there before anything can be served: this node's databases, its clone, and an
index of a commit. Done once for all processes of a node."""

from django.conf import settings

from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.content.renderings import connect
from apps.gitsync.errors import GitFault
from apps.gitsync.report import REFUSED
from apps.gitsync.scheduling import ensure_schedule
from apps.runtime.boot import Notes
from apps.runtime.context import Context
from apps.runtime.databases import prepare_databases
from apps.runtime.workers import Workers
from whispercms import prepared

BROUGHT = "brought up to date before"


class NothingToServe(Exception):
    """There is no commit that this node could serve."""

    def __init__(self, reason: str, remedy: str) -> None:
        self.remedy = remedy
        super().__init__(reason)


def storage(context: Context) -> None:
    if prepared.is_ready():
        context.get(Notes)(BROUGHT)
        return
    connect(settings.SITE_FILES.renderings).close()
    migrated = prepare_databases()
    if not _is_prepared():
        ensure_schedule()
    context.get(Notes)(f"migrated: {', '.join(migrated)}" if migrated else "up to date")


def repository(context: Context) -> None:
    """Without a remote a node serves on from what it has, and says so."""
    notes = context.get(Notes)
    if _is_prepared():
        notes(BROUGHT)
        return
    from apps.gitsync.local import first_sync, local_site

    site = local_site(context.get(Workers), context.get(Renderer))
    try:
        report = first_sync(site)
    except GitFault as error:
        if not _is_indexed():
            raise NothingToServe(error.reason, error.remedy) from error
        notes(f"degraded: {error.reason}")
        return
    if report.state == REFUSED and not _is_indexed():
        raise NothingToServe(report.reason(), "Mend it in the site repository and push")
    stages = ", ".join(f"{stage} {seconds:.3f} s" for stage, seconds in report.seconds.items())
    notes(f"{report.state} {report.branch} at {(report.new or '')[:10]}: {stages}")


def _is_prepared() -> bool:
    """By the process that started this one."""
    return prepared.is_ready() or not settings.SYNC_AT_START


def _is_indexed() -> bool:
    files = settings.SITE_FILES
    return files.index.exists() and Index(files).pointer() is not None
