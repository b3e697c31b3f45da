"""Brings this node from the commit it serves to the newest one of its branch, or leaves it be.

fetch → prepare → one transaction, the pointer last.
"""

from collections.abc import Iterable
from contextlib import closing

from apps.content.configuration import ConfigurationError
from apps.content.generation import Generation
from apps.content.index_writer import IndexChange, IndexWriter
from apps.content.pointer import Pointer
from apps.content.problems import Problem
from apps.content.warming import render_few
from apps.gitsync.git import Repository
from apps.gitsync.locks import exclusive
from apps.gitsync.remote import Target, fetch, target
from apps.gitsync.report import APPLIED, REFUSED, UNCHANGED, Stopwatch, SyncReport
from apps.gitsync.update import LocalSite, Refused, Run, Update, prepare

SERVED = "refs/whispercms/served/"


def sync(site: LocalSite, *, rebuild: bool = False, dry_run: bool = False) -> SyncReport:
    """Raises RemoteFault when the remote cannot be read; then nothing has changed.

    A commit that cannot be used is reported as refused. Waits for another sync of this node.
    """
    with exclusive(site.source.lock), closing(IndexWriter(site.files)) as writer:
        watch = Stopwatch()
        repository = Repository(site.source.repository)
        with watch.stage("fetch"):
            fetch(repository, site.source)
            goal = target(repository, site.source)
        run = Run(site=site, repository=repository, writer=writer, goal=goal, watch=watch)
        _recover(run)
        return _bring(run, rebuild=rebuild, dry_run=dry_run)


def _recover(run: Run) -> None:
    """A lost index comes back at the last good commit first, so that the newest is judged by it."""
    served = run.repository.resolve(SERVED + run.goal.branch)
    if run.writer.pointer() is None and served and served != run.goal.commit:
        last_good = Run(
            site=run.site,
            repository=run.repository,
            writer=run.writer,
            goal=Target(run.goal.branch, served),
            watch=Stopwatch(),
        )
        _bring(last_good, rebuild=True, dry_run=False)


def _bring(run: Run, *, rebuild: bool, dry_run: bool) -> SyncReport:
    before = run.writer.pointer()
    if before and not rebuild and _is_at(before, run):
        _follow(run.repository, before)
        found = run.writer.problems() + run.writer.clashes()
        return _report(UNCHANGED, run, before, before, found)
    try:
        update = prepare(run, rebuild=rebuild)
    except (ConfigurationError, Refused) as error:
        return _report(REFUSED, run, before, before, error.problems)
    change = IndexChange(whole=update.whole, removed=update.plan.touched, entries=update.entries)
    after = Pointer(
        commit_id=run.goal.commit,
        branch=run.goal.branch,
        configuration=update.configuration.text,
        names=update.names,
        renderer=run.site.renderer.id,
        digest=run.writer.digest_after(change),
    )
    if dry_run:
        found = [problem for entry in update.entries for problem in entry.problems]
    else:
        _apply(run, change, after)
        found = run.writer.problems() + run.writer.clashes()
    return _report(APPLIED, run, before, after, found, update=update)


def _apply(run: Run, change: IndexChange, after: Pointer) -> None:
    with run.watch.stage("render"):
        render_few(run.site.renderer, run.site.files, change.entries)
    with run.watch.stage("apply"):
        run.writer.apply(change, after)
        _follow(run.repository, after)
        with closing(Generation(run.site.files.generation)) as generation:
            generation.bump()


def _is_at(pointer: Pointer, run: Run) -> bool:
    at = (pointer.commit_id, pointer.branch, pointer.renderer)
    return at == (run.goal.commit, run.goal.branch, run.site.renderer.id)


def _follow(repository: Repository, pointer: Pointer) -> None:
    """The ref keeps the served commit from being collected and seeds rebuilds."""
    ref = SERVED + pointer.branch
    if repository.resolve(ref) != pointer.commit_id:
        repository.set(ref, pointer.commit_id)


def _report(
    state: str,
    run: Run,
    before: Pointer | None,
    after: Pointer | None,
    problems: Iterable[Problem],
    *,
    update: Update | None = None,
) -> SyncReport:
    return SyncReport(
        state=state,
        branch=run.goal.branch,
        old=before.commit_id if before else None,
        new=run.goal.commit,
        problems=tuple(sorted(problems)),
        seconds=run.watch.seconds,
        digest=after.public_digest() if after else None,
        **(update.counts if update else {}),
    )
