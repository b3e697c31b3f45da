"""This node's site, put together from Django's settings: for commands, tasks and start-up."""

import socket
import sqlite3
from functools import partial

from django.conf import settings

from apps.content.rendering import Renderer, find_asciidoctor
from apps.extensions.loading import check
from apps.gitsync.demo import demo_repository
from apps.gitsync.errors import GitFault, NodeFault
from apps.gitsync.models import SyncRun
from apps.gitsync.report import REFUSED, SyncReport
from apps.gitsync.sync import sync
from apps.gitsync.update import LocalSite
from apps.runtime.workers import Workers

FAILED = "failed"


def local_site(workers: Workers, renderer: Renderer | None = None) -> LocalSite:
    return LocalSite(
        source=settings.SITE_SOURCE,
        files=settings.SITE_FILES,
        renderer=renderer or Renderer(workers, find_asciidoctor(workers)),
        check=partial(check, workers=workers, bundled=settings.BUNDLED_EXTENSIONS),
    )


def sync_and_record(site: LocalSite, *, rebuild: bool = False, dry_run: bool = False) -> SyncReport:
    """A sync that leaves a record of how it went.

    Raises GitFault, which is recorded too unless it is a NodeFault: then there may be no room.
    """
    if settings.DEMO_FOLDER:
        demo_repository(settings.DEMO_FOLDER, settings.STATE)
    try:
        report = _sync(site, rebuild=rebuild, dry_run=dry_run)
    except NodeFault:
        raise
    except GitFault as error:
        _record(SyncRun(state=FAILED, branch=site.source.branch or "", reason=str(error)))
        raise
    last = latest_run()
    if not dry_run and (report.changes_state or (last and last.state in (REFUSED, FAILED))):
        _record(
            SyncRun(
                state=report.state,
                branch=report.branch,
                old=report.old or "",
                new=report.new or "",
                reason=report.reason() if report.state == REFUSED else "",
                report=report.as_json(),
            )
        )
    return report


def _sync(site: LocalSite, *, rebuild: bool, dry_run: bool) -> SyncReport:
    try:
        return sync(site, rebuild=rebuild, dry_run=dry_run)
    except (OSError, sqlite3.Error) as error:
        raise NodeFault(
            "node.storage",
            f"this node could not read or write its files ({error})",
            "Check the disk and the rights of the folder that WHISPERCMS_STATE names",
        ) from error


def latest_run() -> SyncRun | None:
    """How the last sync of this node's site went; one indexed query."""
    runs = SyncRun.objects.filter(site=settings.SITE_KEY, node=socket.gethostname())
    return runs.order_by("-id").first()


def _record(run: SyncRun) -> None:
    run.site, run.node = settings.SITE_KEY, socket.gethostname()
    run.save()
