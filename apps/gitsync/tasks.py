"""What the task queue does for a site: the periodic pull. Tasks are plain and idempotent."""

import time
from typing import Final

import structlog
from django.conf import settings

from apps.extensions.authorising import SYNC, TASK
from apps.gitsync.authoring import publish_waiting
from apps.gitsync.clone.circuit import admits
from apps.gitsync.clone.circuit_file import read_circuit
from apps.gitsync.clone.packing import pack
from apps.gitsync.clone.tended import MENDED, SOUND
from apps.gitsync.clone.tending import tend
from apps.gitsync.environments import pull_others
from apps.gitsync.errors import GitFault
from apps.gitsync.keeping import scheduled_backup
from apps.gitsync.local import local_site, storage, sync_asked
from apps.gitsync.resources import SITE, ask, branch
from apps.policy.entities import System
from apps.runtime.workers import Workers

log = structlog.get_logger("whispercms.sync")

WAITING: Final = "waiting"
UNWANTED: Final = "unwanted"


def pull() -> str:
    """One sync, unless the remote has failed so often that it is asked more seldom."""
    circuit = read_circuit(settings.SITE_SOURCE.circuit)
    if not admits(circuit, time.time()):
        log.info("pull left out", code=circuit.code, failures=circuit.failures)
        return WAITING
    return _pull(TASK)


def pull_now() -> str:
    """What the webhook wakes."""
    return _pull(SYNC)


def _pull(who: System) -> str:
    """One sync; a fault is recorded and logged, and the next pull tries again."""
    workers = Workers(required=settings.SANDBOX_REQUIRED)
    try:
        site = local_site(workers)
        try:
            report = sync_asked(site, who)
            publish_waiting(site)
        finally:
            pull_others(site, workers)
    except GitFault as error:
        log.warning("pull failed", code=error.code, reason=str(error))
        return error.code
    finally:
        workers.stop()
    log.info("pulled", state=report.state, commit=report.new)
    return report.state


def keep_backup() -> str:
    """The backup of the day; the oldest go when there are more than the settings say."""
    try:
        ask(TASK, "back-up", SITE)
        report = scheduled_backup(time.time())
    except GitFault as error:
        log.warning("backup failed", code=error.code, reason=str(error))
        return error.code
    if report is None:
        return UNWANTED
    log.info("backed up", file=str(report.archive.path), digest=report.archive.identity)
    return report.state


def check() -> str:
    """The daily look at every object of the clone, which is made anew if it is damaged; then its
    small files are put together."""
    try:
        ask(TASK, "sync", branch())
        tended = tend(settings.SITE_SOURCE, full=True)
    except GitFault as error:
        log.warning("check failed", code=error.code, reason=str(error))
        return error.code
    if tended.state in (SOUND, MENDED):
        _pack()
    return tended.state


def _pack() -> None:
    try:
        with storage():
            done = pack(settings.SITE_SOURCE, time.time())
    except GitFault as error:
        log.warning("packing failed", code=error.code, reason=str(error))
    else:
        log.info("packed", state=done.state, packs=done.store.packs, removed=done.removed)
