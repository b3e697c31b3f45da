"""Brings this node from the commit it serves to the newest one of its branch, or leaves it be.

fetch → prepare → one transaction, the pointer last.
"""

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace

from apps.content.configuration import ConfigurationError
from apps.content.generation import Generation
from apps.content.index_writer import Facts, IndexChange, IndexWriter
from apps.content.pointer import Pointer
from apps.content.problems import Problem
from apps.content.warming import render_few
from apps.extensions.authority import basis
from apps.gitsync.clone.continuity import continuity, follow, moves
from apps.gitsync.clone.remote import Target, fetch
from apps.gitsync.git.looks import look
from apps.gitsync.git.repository import Repository
from apps.gitsync.locks import exclusive
from apps.gitsync.report import APPLIED, REFUSED, UNCHANGED, Stopwatch, SyncReport
from apps.gitsync.syncing.history import committed
from apps.gitsync.syncing.holding import SERVED, adopt_releases, goal_of, hold
from apps.gitsync.syncing.registering import registry_digest, registry_facts
from apps.gitsync.syncing.showing import States
from apps.gitsync.syncing.update import LocalSite, Refused, Run, Update, prepare
from apps.gitsync.trust.acts import Scene, judge_acts
from apps.gitsync.trust.signatures import judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A commit that was judged good, and the change that brings the index to it."""

    update: Update
    change: IndexChange
    after: Pointer
    told: tuple[Problem, ...]


def sync(
    site: LocalSite,
    *,
    rebuild: bool = False,
    dry_run: bool = False,
    fetching: bool = True,
    accept_rewritten: bool = False,
    watch: Stopwatch | None = None,
) -> SyncReport:
    """Raises RemoteFault when the remote cannot be read; then nothing has changed.

    A commit that cannot be used is reported as refused. Waits for another sync of this node.
    Without `fetching` it follows what this node has itself, and needs no network.
    """
    with (
        exclusive(site.source.lock),
        closing(IndexWriter(site.files)) as writer,
        Repository(site.source.repository).at_hand() as repository,
    ):
        run = _begun(site, repository, writer, watch or Stopwatch(), fetching=fetching)
        recover(run)
        found = continuity(repository, run.goal.branch, writer.pointer(), run.seen)
        refused = found.rewritten and not accept_rewritten
        if refused and found.after == run.goal.commit:
            return report_of(REFUSED, run, writer.pointer(), writer.pointer(), [found.problem])
        also = {} if refused else moves(found)
        report = bring(replace(run, also=also), rebuild=rebuild, dry_run=dry_run)
        if refused and fetching:  # What was brought is of this node; the remote's was not taken.
            return replace(report, state=REFUSED, problems=(found.problem, *report.problems))
        if not refused and not dry_run and report.state == UNCHANGED:
            follow(repository, found)
        return report


def _begun(
    site: LocalSite,
    repository: Repository,
    writer: IndexWriter,
    watch: Stopwatch,
    *,
    fetching: bool,
) -> Run:
    with watch.stage("fetch"):
        seen = fetch(repository, site.source) if fetching else look(repository)
        releases = adopt_releases(repository, site.source, seen)
        goal, release = goal_of(repository, site.source, releases, seen)
    return Run(
        site=site,
        repository=repository,
        writer=writer,
        goal=goal,
        watch=watch,
        release=release,
        seen=seen,
    )


def judged(
    site: LocalSite, repository: Repository, writer: IndexWriter, goal: Target, *, since: str | None
) -> SyncReport:
    """What a sync to `goal` would report, with nothing applied, on a server that serves `since`.
    The caller holds the lock."""
    run = Run(site=site, repository=repository, writer=writer, goal=goal, watch=Stopwatch())
    if since and site.source.require_signatures:
        first = site.source.first_signers
        if problems := judge(repository, goal.commit, last_good=since, first=first):
            return report_of(REFUSED, run, None, None, problems)
    return bring(run, rebuild=False, dry_run=True)


def recover(run: Run) -> None:
    """A lost index comes back at the last good commit first, so that the newest is judged by it."""
    if run.writer.pointer() is not None:
        return
    served = run.repository.resolve(SERVED + run.goal.branch)
    if served and served != run.goal.commit:
        last_good = Run(
            site=run.site,
            repository=run.repository,
            writer=run.writer,
            goal=Target(run.goal.branch, served),
            watch=Stopwatch(),
        )
        bring(last_good, rebuild=True, dry_run=False)


def bring(run: Run, *, rebuild: bool, dry_run: bool) -> SyncReport:
    before = run.writer.pointer()
    if before and not rebuild and is_at(before, run):
        _follow(run, before)
        if not dry_run:
            tell(run)
        found = run.writer.problems() + run.writer.clashes()
        return report_of(UNCHANGED, run, before, before, found)
    try:
        step = planned(run, rebuild=rebuild)
    except (ConfigurationError, Refused) as error:
        return report_of(REFUSED, run, before, before, error.problems)
    if dry_run:
        found = [problem for entry in step.change.entries for problem in entry.problems]
    else:
        apply(run, step)
        found = run.writer.problems() + run.writer.clashes()
    return report_of(APPLIED, run, before, step.after, [*found, *step.told], update=step.update)


def planned(run: Run, *, rebuild: bool) -> Step:
    """Judges the commit as it is judged before it is served. Raises ConfigurationError or
    Refused."""
    before = run.writer.pointer()
    signed = _insist_on_signatures(run, before)
    update = prepare(run, rebuild=rebuild)
    if signed and before:
        _insist_on_rights(run, update, before.commit_id, signed)
    told = hold(run, update, before)
    change = IndexChange(
        whole=update.whole,
        removed=update.plan.touched,
        entries=update.entries,
        shown=update.shown,
    )
    after = Pointer(
        commit_id=run.goal.commit,
        branch=run.goal.branch,
        configuration=update.configuration.text,
        names=update.names,
        renderer=run.site.renderer.id,
        digest=run.writer.digest_after(change),
        basis=basis(run.site.bundled),
        committed=committed(run.repository, run.goal.commit),
        others=update.others,
    )
    told = (*told, *run.writer.vanished(change))
    return Step(update=update, change=change, after=after, told=told)


def _insist_on_signatures(run: Run, before: Pointer | None) -> Mapping[str, str]:
    """Who signed each new commit, where that is required. Raises Refused, before anything of the
    new commit is read."""
    source, signed = run.site.source, dict[str, str]()
    if not source.require_signatures:
        return signed
    served = before.commit_id if before else run.repository.resolve(SERVED + run.goal.branch)
    pinned = run.release is not None and run.release.pinned
    if pinned and served and run.repository.is_ancestor(run.goal.commit, served):
        # It was judged when it was new; the rollback's own commit, when it was adopted.
        return signed
    with run.watch.stage("signatures"):
        problems = judge(
            run.repository,
            run.goal.commit,
            last_good=served,
            first=source.first_signers,
            signed=signed,
        )
    if problems:
        raise Refused(problems)
    return signed


def _insist_on_rights(run: Run, update: Update, served: str, signed: Mapping[str, str]) -> None:
    """Raises Refused for a commit whose signer may not do what it does."""
    with run.watch.stage("rights"):
        scene = Scene(
            branch=run.goal.branch,
            states=States(run.writer, update.entries, run.goal.branch),
        )
        problems = judge_acts(
            run.repository, run.goal.commit, last_good=served, signed=signed, scene=scene
        )
    if problems:
        raise Refused(problems)


def apply(run: Run, step: Step) -> None:
    """One transaction; then the ref follows, and all processes of this node."""
    with run.watch.stage("render"):
        render_few(run.site.renderer, run.site.files, step.change.entries)
    with run.watch.stage("apply"):
        told = (*_facts(run), *registry_facts(run, step.update))
        run.writer.apply(step.change, step.after, facts=told)
        run.repository.set_together({SERVED + step.after.branch: step.after.commit_id, **run.also})
        with closing(Generation(run.site.files.generation)) as generation:
            generation.bump()


def tell(run: Run) -> None:
    """Of a release whose commit the index is at already. Git's refs have no part in a transaction
    of the index, so whatever sync comes first tells what another was killed before."""
    if facts := _facts(run):
        run.writer.keep(facts)


def _facts(run: Run) -> Facts:
    release = run.release
    if release is None or run.writer.last_told("release.*").get("release") == release.id:
        return ()
    topic = "release.rolled-back" if release.pinned else "release.promoted"
    told = {"release": release.id, "environment": release.environment, "commit": run.goal.commit}
    return ((topic, {**told, "restores": release.restores}),)


def is_at(pointer: Pointer, run: Run) -> bool:
    at = (pointer.commit_id, pointer.branch, pointer.renderer, pointer.basis)
    now = basis(run.site.bundled)
    return at == (run.goal.commit, run.goal.branch, run.site.renderer.id, now)


def _follow(run: Run, pointer: Pointer) -> None:
    """The ref keeps the served commit from being collected and seeds rebuilds."""
    ref = SERVED + pointer.branch
    known = run.seen.objects.get(ref) if run.seen else run.repository.resolve(ref)
    if known != pointer.commit_id:
        run.repository.set(ref, pointer.commit_id)


def report_of(
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
        pinned=run.release.id if run.release and run.release.pinned else None,
        registry=registry_digest(run),
        **(update.counts if update else {}),
    )
