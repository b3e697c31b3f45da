"""The environments of this node: promoted, rolled back and pulled, with a record of each. For
commands and tasks."""

import time

import structlog
from django.conf import settings

from apps.extensions.authorising import TASK
from apps.gitsync.authoring import local_author, publish_waiting
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.local import held_environments, local_site, record, storage, sync_and_record
from apps.gitsync.promoting.promotion import promote
from apps.gitsync.promoting.releasing import Order, ReleaseReport, send
from apps.gitsync.promoting.rollback import rollback
from apps.gitsync.releases.refs import known, newest, read
from apps.gitsync.releases.release import Release, environment_of
from apps.gitsync.report import Stopwatch
from apps.gitsync.resources import ask, branch
from apps.gitsync.syncing.update import LocalSite
from apps.runtime.workers import Workers

log = structlog.get_logger("whispercms.releases")


def order(author: str | None, cause: str | None, otherwise: str) -> Order:
    """Raises GitFault for an author that no commit could name."""
    return Order(author=local_author(author), cause=cause or otherwise, now=time.time())


def promote_here(
    workers: Workers,
    names: tuple[str, str],
    wish: Order,
    *,
    dry_run: bool = False,
    watch: Stopwatch | None = None,
) -> ReleaseReport:
    """From the first environment to the second. Raises GitFault."""
    site = local_site(workers, environment=names[1])
    origin = local_site(workers, site.renderer, names[0]).source
    with storage():
        report = promote(origin, site, wish, dry_run=dry_run, watch=watch)
    return _recorded(site, report, dry_run=dry_run)


def rollback_here(
    workers: Workers,
    name: str | None,
    wish: Order,
    *,
    release_id: str | None = None,
    inexact: bool = False,
    dry_run: bool = False,
) -> ReleaseReport:
    """Raises GitFault."""
    site = local_site(workers, environment=name or settings.ENVIRONMENT)
    with storage():
        report = rollback(site, wish, release_id=release_id, inexact=inexact, dry_run=dry_run)
    return _recorded(site, report, dry_run=dry_run)


def releases_here() -> tuple[list[Release], dict[str, str]]:
    """All that this node knows, by time, and of each environment the one that says what it serves.
    Raises GitFault."""
    repository = Repository(settings.SITE_SOURCE.repository)
    if not repository.exists():
        return [], {}
    found = known(repository)
    names = sorted({environment_of(name) or "" for name in found})
    said = {name: newest(repository, name) for name in names}
    current = {name: release.id for name, release in said.items() if release}
    return [read(repository, commit) for commit in found.values()], current


def pull_others(site: LocalSite, workers: Workers) -> None:
    """What this node holds besides the environment that it serves, from what was just fetched; then
    sends releases that wait for the remote. Never raises GitFault: the next pull tries again."""
    for name in held_environments()[1:]:
        other = local_site(workers, site.renderer, name)
        try:
            ask(TASK, "sync", branch(name))
            report = sync_and_record(other, fetching=False)
            log.info("pulled", environment=name, state=report.state, commit=report.new)
        except GitFault as error:
            log.warning("pull failed", environment=name, code=error.code, reason=str(error))
        publish_waiting(other)
    if Repository(site.source.repository).exists() and (
        reason := send(Repository(site.source.repository), site.source)
    ):
        log.warning("releases not sent", reason=reason)


def _recorded(site: LocalSite, report: ReleaseReport, *, dry_run: bool) -> ReleaseReport:
    if report.synced and not dry_run:
        record(site, report.synced)
    return report
