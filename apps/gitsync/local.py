"""This node's site, put together from Django's settings: for commands, tasks and start-up."""

import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Final

import structlog
from django.conf import settings
from django.db import router, transaction

from apps.content.files import ContentFiles
from apps.content.rendering import Renderer, find_asciidoctor
from apps.content.scribe import Scribe
from apps.extensions.authorising import SYNC
from apps.extensions.loading import check
from apps.gitsync.clone.circuit import answered, failed
from apps.gitsync.clone.circuit_file import read_circuit, write_circuit
from apps.gitsync.clone.tending import tend_if_due, with_whole_clone
from apps.gitsync.errors import GitFault, NodeFault
from apps.gitsync.git.refusals import is_transient
from apps.gitsync.models import SyncRun
from apps.gitsync.report import REFUSED, Stopwatch, SyncReport
from apps.gitsync.resources import ask, branch
from apps.gitsync.runs import FAILED, latest_run
from apps.gitsync.source import SiteSource
from apps.gitsync.syncing.demo import demo_repository
from apps.gitsync.syncing.sync import sync
from apps.gitsync.syncing.update import LocalSite
from apps.policy.entities import System
from apps.runtime.faults import WorkerFault
from apps.runtime.outbox.keeping import keep_by_default
from apps.runtime.workers import Workers

log = structlog.get_logger("whispercms.sync")

NO_STORAGE: Final = "node.storage"
NO_WORKER: Final = "node.worker"


def local_site(
    workers: Workers, renderer: Renderer | None = None, environment: str | None = None
) -> LocalSite:
    """Of the environment that this node serves, or of another. Raises GitFault for one that the
    settings do not name."""
    source, files = settings.SITE_SOURCE, settings.SITE_FILES
    if environment is not None:
        source, files = _environment(environment)
    judge = partial(check, workers=workers, bundled=settings.BUNDLED_EXTENSIONS)
    return LocalSite(
        source=source,
        files=files,
        renderer=renderer or Renderer(workers, find_asciidoctor(workers)),
        merges=Scribe(workers),
        check=partial(judge, pinned=settings.PINS_REQUIRED),
        bundled=settings.BUNDLED_EXTENSIONS,
        check_of_servers=partial(judge, pinned=True),
    )


def held_environments() -> list[str]:
    """Those that this node serves or has an index of; the served one first."""
    served = settings.ENVIRONMENT
    found = [n for n, (_, files) in settings.SITE_ENVIRONMENTS.items() if files.index.exists()]
    return [served, *sorted(name for name in found if name != served)]


def _environment(name: str) -> tuple[SiteSource, ContentFiles]:
    found: tuple[SiteSource, ContentFiles] | None = settings.SITE_ENVIRONMENTS.get(name)
    if found is None:
        known = ", ".join(sorted(settings.SITE_ENVIRONMENTS))
        reason = f"there is no environment {name[:80]!r}, only {known}"
        raise GitFault("environment.unknown", reason, "Name one, or add it to the settings")
    return found


def first_sync(site: LocalSite) -> SyncReport:
    """At a start: the clone is looked at before, when there is reason to. Raises GitFault."""
    try:
        tend_if_due(site.source)
    except GitFault as error:  # The sync itself tells of it, if it is in its way.
        log.warning("the clone could not be tended", code=error.code, reason=error.reason)
    return sync_asked(site, SYNC)


def sync_asked(site: LocalSite, who: System) -> SyncReport:
    """Of the system itself, where no person asks. Raises GitFault, which is recorded."""
    try:
        ask(who, "sync", branch(site.source.environment))
    except GitFault as error:
        _record_failure(site, error)
        raise
    return sync_and_record(site)


def sync_and_record(
    site: LocalSite,
    *,
    rebuild: bool = False,
    dry_run: bool = False,
    fetching: bool = True,
    accept_rewritten: bool = False,
    watch: Stopwatch | None = None,
) -> SyncReport:
    """A sync that leaves a record of how it went.

    Raises GitFault, which is recorded too unless the disk is at fault: then there may be no room.
    """
    if settings.DEMO_FOLDER:
        demo_repository(settings.DEMO_FOLDER, settings.STATE)
    try:
        with storage():
            report = with_whole_clone(
                site.source,
                lambda: sync(
                    site,
                    rebuild=rebuild,
                    dry_run=dry_run,
                    fetching=fetching,
                    accept_rewritten=accept_rewritten,
                    watch=watch,
                ),
            )
    except GitFault as error:
        if error.code == NO_STORAGE:
            raise
        _count(site.source, error)
        _record_failure(site, error)
        raise
    if fetching:
        _count(site.source, None)
    if not dry_run:
        record(site, report)
    return report


def _record_failure(site: LocalSite, error: GitFault) -> None:
    """What held the environment before holds it still."""
    last = latest_run(site.source.environment)
    run = SyncRun(state=FAILED, branch=site.source.branch or "", reason=str(error))
    run.pinned, run.report = (last.pinned if last else ""), {"error": error.code}
    _record(site, run)


def _count(source: SiteSource, fault: GitFault | None) -> None:
    """For the next pulls of the schedule. Where it cannot be written down, the remote is asked."""
    circuit = answered()
    if fault is not None and is_transient(fault):
        circuit = failed(read_circuit(source.circuit), time.time(), fault.code)
    with suppress(OSError):
        write_circuit(source.circuit, circuit)


def record(site: LocalSite, report: SyncReport) -> None:
    """How a run went, unless it is as the last one was."""
    last = latest_run(site.source.environment)
    mended = last is not None and last.state in (REFUSED, FAILED)
    if report.changes_state or mended or (last.pinned if last else "") != (report.pinned or ""):
        run = SyncRun(
            state=report.state,
            branch=report.branch,
            old=report.old or "",
            new=report.new or "",
            pinned=report.pinned or "",
            reason=report.reason() if report.state == REFUSED else "",
            report=report.as_json(),
        )
        _record(site, run)


@contextmanager
def storage() -> Iterator[None]:
    """Raises NodeFault for what this node's own disk does, and for workers that it cannot run."""
    try:
        yield
    except WorkerFault as error:
        raise NodeFault(
            NO_WORKER,
            f"this node has no worker that could do it ({error})",
            "Try again when the machine has time and memory for it",
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise NodeFault(
            NO_STORAGE,
            f"this node could not read or write its files ({error})",
            "Check the disk and the rights of the folder that WHISPERCMS_STATE names",
        ) from error


def _record(site: LocalSite, run: SyncRun) -> None:
    """One that was not well is told of with it, once for each new reason in a row."""
    run.site, run.node = settings.SITE_KEY, socket.gethostname()
    run.environment = site.source.environment
    with transaction.atomic(using=router.db_for_write(SyncRun)):
        last = latest_run(run.environment)
        run.save()
        told = last.reason if last and last.state in (REFUSED, FAILED) else ""
        if run.state in (REFUSED, FAILED) and run.reason != told:
            keep_by_default("site.sync_refused", _told(run))


def _told(run: SyncRun) -> dict[str, str]:
    problems = run.report.get("problems") or [{}]
    return {
        "site": run.site,
        "environment": run.environment,
        "state": run.state,
        "code": str(run.report.get("error") or problems[0].get("code") or ""),
        "reason": run.reason,
        "branch": run.branch,
        "commit": run.new,
    }
