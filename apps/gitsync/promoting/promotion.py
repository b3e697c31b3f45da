"""Promotes: what one environment serves becomes a release of another.

fetch → judge as that environment's server would → push branch and release → refs → index.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final

from apps.content.configuration import ConfigurationError
from apps.content.index_writer import IndexWriter
from apps.content.problems import Problem
from apps.gitsync.clone.remote import Target, branch_name, fetch, push, settled_target
from apps.gitsync.clone.standing import OWN, THEIRS, Standing, settle
from apps.gitsync.clone.standing import newest as newest_commit
from apps.gitsync.errors import RemoteFault
from apps.gitsync.git.pushes import RefUpdate
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
    as_fetched,
    content_of,
    ids,
    insist,
    release_of,
    take,
    waiting,
    written,
)
from apps.gitsync.releases.pins import pins_of
from apps.gitsync.releases.refs import newest
from apps.gitsync.releases.release import Pins, Release
from apps.gitsync.report import APPLIED, Stopwatch
from apps.gitsync.source import SiteSource
from apps.gitsync.syncing.holding import adopt_releases, goal_of, pins
from apps.gitsync.syncing.sync import Step, apply, bring, is_at, planned, recover, report_of, tell
from apps.gitsync.syncing.update import LocalSite, Refused, Run

WITHOUT: Final = "Served until then without a release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """One call of `promote`; `at` is where the branch of the environment stood."""

    run: Run
    order: Order
    origin: str
    at: Standing

    @property
    def source(self) -> SiteSource:
        return self.run.site.source


def promote(
    origin: SiteSource,
    site: LocalSite,
    order: Order,
    *,
    dry_run: bool = False,
    watch: Stopwatch | None = None,
) -> ReleaseReport:
    """Brings the environment of `site` to what `origin` serves, here and at the remote, or changes
    nothing. Of an environment to itself: a release of its branch as it is now.

    Raises GitFault.
    """
    with exclusive(site.source.lock), closing(IndexWriter(site.files)) as writer:
        watch = watch or Stopwatch()
        repository = Repository(site.source.repository, durable=True)
        with watch.stage("fetch"):
            fetch(repository, site.source)
            for each in (origin, site.source):
                adopt_releases(repository, each)
        branch = branch_name(repository, site.source)
        at = settle(repository, branch)
        goal = Target(branch, _commit(repository, origin, site.source))
        run = Run(site=site, repository=repository, writer=writer, goal=goal, watch=watch)
        promotion = Promotion(run=run, order=order, origin=origin.environment, at=at)
        if problem := _diverged(promotion):
            return _refused(promotion, (problem,))
        recover(run)
        return _promote(promotion, dry_run=dry_run)


def _commit(repository: Repository, origin: SiteSource, source: SiteSource) -> str:
    if origin.environment == source.environment:
        return settled_target(repository, origin).commit
    return goal_of(repository, origin)[0].commit


def _promote(promotion: Promotion, *, dry_run: bool) -> ReleaseReport:
    run = promotion.run
    if not dry_run:
        _catch_up(promotion)
    try:
        step = planned(run, rebuild=False)
    except (ConfigurationError, Refused) as error:
        return _refused(promotion, error.problems)
    releases = list(_releases(promotion, step))
    if not releases:
        return ReleaseReport(
            state=UNCHANGED,
            environment=promotion.source.environment,
            release=newest(run.repository, promotion.source.environment),
        )
    before = run.writer.pointer()
    if not dry_run:
        _publish(promotion, releases)
        run = replace(run, release=releases[-1])
        if before is None or not is_at(before, run):
            apply(run, step)
        else:
            tell(run)
    return ReleaseReport(
        state=PLANNED if dry_run else RELEASED,
        environment=promotion.source.environment,
        release=releases[-1],
        synced=report_of(APPLIED, run, before, step.after, (), update=step.update),
    )


def _catch_up(promotion: Promotion) -> None:
    """Brings the environment to what its own servers serve, so that the promotion is judged from
    there, as it is on them, also on a node that does not hold it yet."""
    run = promotion.run
    try:
        goal, release = goal_of(run.repository, promotion.source)
    except RemoteFault:
        return  # There is no such branch yet, or a rollback that nobody can follow.
    if goal.commit != run.goal.commit:
        now = replace(run, goal=goal, release=release, watch=Stopwatch())
        bring(now, rebuild=False, dry_run=False)


def _diverged(promotion: Promotion) -> Problem | None:
    """A merge would be a site that nobody has seen in `origin`, so people are to make it there."""
    repository, goal, at = promotion.run.repository, promotion.run.goal, promotion.at
    tip = newest_commit(repository, at)
    if tip is None or repository.is_ancestor(tip, goal.commit):
        return None
    origin, own = promotion.origin, promotion.source.environment
    if repository.is_ancestor(goal.commit, tip):
        reason = f"{own} has all of {origin} already, and more; to go back, use manage.py rollback"
    else:
        reason = f"{own} has commits that {origin} lacks; merge {at.branch} into {origin}'s branch"
    return Problem(at.branch, 0, "release.diverged", reason)


def _releases(promotion: Promotion, step: Step) -> Iterator[Release]:
    """What was served without a release gets one first, so that there is something to go back to;
    none at all where the newest release says all of it already."""
    run, source = promotion.run, promotion.source
    newest_one = newest(run.repository, source.environment)
    known = ids(run.repository)
    content = content_of(run.repository, newest_one) if newest_one else None
    found = pins(run, step.update)
    if newest_one and not newest_one.pinned and _says(newest_one, run.goal.commit, found):
        return
    if before := _served(promotion, content):
        order = replace(promotion.order, cause=WITHOUT)
        content = release_of(before, order, source.environment, known)
        known.append(content.id)
        yield content
    wanted = Wanted(
        source=promotion.origin,
        commit=run.goal.commit,
        pins=found,
        previous=content.id if content else None,
    )
    yield release_of(wanted, promotion.order, source.environment, known)


def _says(release: Release, commit: str, found: Pins) -> bool:
    return release.commit == commit and release.pins == found


def _served(promotion: Promotion, content: Release | None) -> Wanted | None:
    run = promotion.run
    pointer = run.writer.pointer()
    known = (run.goal.commit, content.commit if content else None)
    if pointer is None or pointer.commit_id in known:
        return None
    found = pins_of(
        pointer.site_configuration(),
        {source: content for source, (_, content) in run.writer.kept().items()},
        tree=run.repository.resolve(f"{pointer.commit_id}^{{tree}}") or "",
        renderer=pointer.renderer,
        bundled=run.site.bundled,
    )
    environment = promotion.source.environment
    previous = content.id if content else None
    return Wanted(source=environment, commit=pointer.commit_id, pins=found, previous=previous)


def _publish(promotion: Promotion, releases: list[Release]) -> None:
    """The remote first: what it refuses must not be served here alone. Killed after it, this node
    learns of it by the next fetch, as all others do."""
    repository, source, at = promotion.run.repository, promotion.source, promotion.at
    since = time.time()
    made = written(repository, source, releases, promotion.order.author)
    branch = RefUpdate(promotion.run.goal.commit, OWN + at.branch, at.theirs)
    moves = [branch] if at.theirs != branch.new else []
    sent = [*made, *waiting(repository)]
    insist(push(repository, source, [*moves, *sent]))
    here = [RefUpdate(branch.new, THEIRS + at.branch, at.theirs)] if moves else []
    take(repository, [*made, *here, *map(as_fetched, sent)], since)
    settle(repository, at.branch)


def _refused(promotion: Promotion, problems: tuple[Problem, ...]) -> ReleaseReport:
    environment = promotion.source.environment
    return ReleaseReport(state=REFUSED, environment=environment, problems=problems)
