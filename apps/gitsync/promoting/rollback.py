"""Rolls an environment back to an earlier release: a new release that names the old one, so that it
is signed, reaches all nodes, and nothing is ever taken away.

No fetch: it has to work when the remote does not. choose → judge → ref → index → send.
"""

import time
from contextlib import closing
from dataclasses import replace

from apps.content.configuration import ConfigurationError
from apps.content.index_writer import IndexWriter
from apps.content.problems import Problem
from apps.gitsync.clone.remote import Target, target
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.locks import exclusive
from apps.gitsync.promoting.releasing import (
    PLANNED,
    REFUSED,
    RELEASED,
    UNCHANGED,
    Order,
    ReleaseReport,
    Wanted,
    content_of,
    ids,
    release_of,
    send,
    take,
    written,
)
from apps.gitsync.releases.refs import find, newest
from apps.gitsync.releases.release import Release, environment_of
from apps.gitsync.report import APPLIED, Stopwatch
from apps.gitsync.syncing.holding import pins
from apps.gitsync.syncing.sync import Step, apply, is_at, planned, recover, report_of, tell
from apps.gitsync.syncing.update import LocalSite, Refused, Run


def rollback(
    site: LocalSite,
    order: Order,
    *,
    release_id: str | None = None,
    inexact: bool = False,
    dry_run: bool = False,
) -> ReleaseReport:
    """Without an id to the release before the one that is served. The environment stays there until
    it is promoted to again. `inexact` goes back to the commit even where this node's WhisperCMS
    makes other bytes of it.

    Raises GitFault.
    """
    with exclusive(site.source.lock), closing(IndexWriter(site.files)) as writer:
        repository = Repository(site.source.repository, durable=True)
        tip = target(repository, site.source)
        wanted = _chosen(repository, site, writer, release_id)
        run = Run(
            site=site,
            repository=repository,
            writer=writer,
            goal=Target(tip.branch, wanted.commit),
            watch=Stopwatch(),
            release=replace(wanted, restores=wanted.id),
            inexact=inexact,
        )
        if not repository.is_ancestor(wanted.commit, tip.commit):
            reason = f"{tip.branch} never had the commit of {wanted.id}, or lost it"
            return _refused(site, (Problem(tip.branch, 0, "release.lost", reason),))
        recover(run)
        try:
            step = planned(run, rebuild=False)
        except (ConfigurationError, Refused) as error:
            return _refused(site, error.problems)
        return _roll_back(run, order, wanted, step, dry_run=dry_run)


def _roll_back(
    run: Run, order: Order, wanted: Release, step: Step, *, dry_run: bool
) -> ReleaseReport:
    repository, source, before = run.repository, run.site.source, run.writer.pointer()
    current = newest(repository, source.environment)
    release = release_of(
        Wanted(
            source=source.environment,
            commit=wanted.commit,
            pins=pins(run, step.update),
            previous=current.id if current else None,
            restores=wanted.id,
        ),
        order,
        source.environment,
        ids(repository),
    )
    if current and (current.restores, current.pins) == (wanted.id, release.pins):
        return ReleaseReport(state=UNCHANGED, environment=source.environment, release=current)
    run = replace(run, release=release)
    unsent = None
    if not dry_run:
        since = time.time()
        take(repository, written(repository, source, [release], order.author), since)
        if before is None or not is_at(before, run):
            apply(run, step)
        else:
            tell(run)
        unsent = send(repository, source)
    return ReleaseReport(
        state=PLANNED if dry_run else RELEASED,
        environment=source.environment,
        release=release,
        synced=report_of(APPLIED, run, before, step.after, step.told, update=step.update),
        unsent=unsent,
    )


def _chosen(
    repository: Repository, site: LocalSite, writer: IndexWriter, release_id: str | None
) -> Release:
    """Raises GitFault."""
    if release_id is not None:
        return _named(repository, site.source.environment, release_id)
    current, pointer = newest(repository, site.source.environment), writer.pointer()
    if current is not None:
        content = content_of(repository, current)
        if pointer and pointer.commit_id != content.commit:
            return content
        if content.previous and (before := find(repository, content.previous)):
            return before
    raise GitFault(
        "release.none",
        f"there is no release of {site.source.environment} before the one that is served",
        "manage.py promote makes releases, manage.py releases lists them",
    )


def _named(repository: Repository, environment: str, release_id: str) -> Release:
    """A rollback may be named too; then what it restored is meant."""
    found = find(repository, release_id) if environment_of(release_id) == environment else None
    if found is None:
        reason = f"there is no release {release_id[:80]!r} of {environment}"
        raise GitFault("release.unknown", reason, "manage.py releases lists them")
    return content_of(repository, found)


def _refused(site: LocalSite, problems: tuple[Problem, ...]) -> ReleaseReport:
    return ReleaseReport(state=REFUSED, environment=site.source.environment, problems=problems)
