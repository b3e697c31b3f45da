"""Holds an environment to its release: which commit it is to serve, and whether what was read of it
is what was released."""

from collections.abc import Mapping
from functools import partial

from apps.content.pointer import Pointer
from apps.content.problems import Problem
from apps.gitsync.clone.remote import Target, branch_name, settled_target
from apps.gitsync.errors import RemoteFault
from apps.gitsync.git.looks import Look
from apps.gitsync.git.repository import Repository
from apps.gitsync.releases.pins import differences, pins_of
from apps.gitsync.releases.refs import adopt, newest
from apps.gitsync.releases.release import Pins, Release
from apps.gitsync.source import SiteSource
from apps.gitsync.syncing.update import Refused, Run, Update, kept_after
from apps.gitsync.trust.signatures import judge_alone

SERVED = "refs/whispercms/served/"


def goal_of(
    repository: Repository,
    source: SiteSource,
    among: Mapping[str, str] | None = None,
    seen: Look | None = None,
) -> tuple[Target, Release | None]:
    """The commit to be served, and the release that names it. A rollback holds its commit, whatever
    the branch does, provided that the branch ever had it. Raises RemoteFault."""
    tip = settled_target(repository, source, seen)
    release = newest(repository, source.environment, among)
    if release is None or not release.pinned:
        return tip, release if release and release.commit == tip.commit else None
    if not repository.is_ancestor(release.commit, tip.commit):
        raise RemoteFault(
            "release.foreign",
            f"release {release.id} goes back to a commit that {tip.branch} never had",
            "Find out who made it; manage.py rollback --follow ends it",
        )
    return Target(tip.branch, release.commit), release


def adopt_releases(
    repository: Repository, source: SiteSource, seen: Look | None = None
) -> Mapping[str, str]:
    """Those of this environment that were fetched; where signatures are required, signed by who may
    sign for what it serves."""
    return adopt(repository, source.environment, partial(_judge, repository, source), seen)


def _judge(repository: Repository, source: SiteSource, commit: str) -> list[Problem]:
    if not source.require_signatures:
        return []
    served = repository.resolve(SERVED + branch_name(repository, source))
    return judge_alone(repository, commit, last_good=served, first=source.first_signers)


def pins(run: Run, update: Update) -> Pins:
    """What the pages will be made from, as it was read."""
    return pins_of(
        update.configuration,
        kept_after(run.writer, update.plan, update.entries, whole=update.whole),
        tree=run.repository.resolve(f"{run.goal.commit}^{{tree}}") or "",
        renderer=run.site.renderer.id,
        bundled=run.site.bundled,
    )


def hold(run: Run, update: Update, before: Pointer | None) -> tuple[Problem, ...]:
    """Raises Refused for what is not as the release says. That only this node's WhisperCMS is
    another is told, where the old commit cannot be served instead."""
    if run.release is None:
        return ()
    found = differences(run.release.pins, pins(run, update))
    moves = before is not None and before.commit_id != run.goal.commit and not run.inexact
    if refused := [each.problem for each in found if moves or not each.here]:
        raise Refused(refused)
    return tuple(each.problem for each in found)
