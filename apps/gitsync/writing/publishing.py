"""Brings this node's own commits to the remote: fetch → merge → judge → push → settle.

Nothing is pushed that a server would refuse. The remote's branch only ever moves forward, and by
compare-and-swap; our own refs move when the remote has the commits, not before.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from apps.content.index_writer import IndexWriter
from apps.content.problems import Problem
from apps.gitsync.clone.continuity import CODE
from apps.gitsync.clone.remote import Target, branch_name, fetch, push
from apps.gitsync.clone.standing import (
    ASKED,
    OWN,
    THEIRS,
    Standing,
    is_rewritten,
    read_standing,
    settle,
)
from apps.gitsync.errors import RefMoved, RemoteFault
from apps.gitsync.git.commits import Author
from apps.gitsync.git.pushes import Outcome, RefUpdate
from apps.gitsync.git.refusals import is_transient
from apps.gitsync.git.repository import Repository
from apps.gitsync.locks import exclusive
from apps.gitsync.merging.joining import Joined, forget_decided, join, keep_conflict
from apps.gitsync.syncing.sync import judged
from apps.gitsync.syncing.update import LocalSite
from apps.gitsync.writing.publication import (
    CONFLICT,
    PUBLISHED,
    QUEUED,
    REFUSED,
    UNCHANGED,
    WOULD,
    PublishReport,
)
from apps.gitsync.writing.wording import CAUSE, worded

TRIES: Final = 5
Tell = Callable[[str], None]
"""Hears of each step as it begins: fetch, merge, judge, push."""
MERGE: Final = worded("Merge what was published meanwhile", {CAUSE: "publishrepo"})


def ignore(_: str) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """One attempt under way. `until` is the commit to be published, None for all there is."""

    site: LocalSite
    repository: Repository
    writer: IndexWriter
    author: Author
    branch: str
    dry_run: bool
    restore: bool
    until: str | None = None
    tell: Tell = ignore

    @property
    def own_ref(self) -> str:
        return OWN + self.branch

    def standing(self) -> Standing:
        return read_standing(self.repository, self.branch)

    def report(self, state: str, at: Standing, **more: Any) -> PublishReport:
        return PublishReport(state=state, branch=self.branch, old=at.theirs, **more)


def publish(
    site: LocalSite,
    *,
    author: Author,
    dry_run: bool = False,
    restore: bool = False,
    fetching: bool = True,
    tell: Tell = ignore,
) -> PublishReport:
    """Everything that this node has of its own. `restore` also brings back what the remote's branch
    lost when it was rewritten or deleted. A dry run without `fetching` says what comes of it by
    what was fetched last.

    A remote that cannot be reached leaves a note: the next pull that reaches it publishes what was
    asked for. Raises GitFault; then no ref has moved, here or there.
    """
    with _publishing(site, author, dry_run=dry_run, restore=restore) as made:
        work = replace(made, tell=tell)
        if dry_run:
            return _attempt(work) if fetching else _once(work, work.standing())
        at = work.standing()
        if at.own and at.own != at.asked:
            work.repository.move(ASKED + work.branch, at.own, at.asked)
        return _noted(work)


def publish_asked(site: LocalSite, *, author: Author) -> PublishReport | None:
    """What a person asked for when the remote could not be reached, and nothing newer."""
    with _publishing(site, author, dry_run=False, restore=False) as work:
        asked = work.standing().asked
        return _noted(replace(work, until=asked)) if asked else None


@contextmanager
def _publishing(
    site: LocalSite, author: Author, *, dry_run: bool, restore: bool
) -> Iterator[Publishing]:
    """One publication or sync at a time on this node."""
    with exclusive(site.source.lock), closing(IndexWriter(site.files)) as writer:
        repository = Repository(site.source.repository, durable=True)
        if not repository.exists():
            fetch(repository, site.source)
        yield Publishing(
            site=site,
            repository=repository,
            writer=writer,
            author=author,
            branch=branch_name(repository, site.source),
            dry_run=dry_run,
            restore=restore,
        )


def _noted(work: Publishing) -> PublishReport:
    """The note of what was asked stays as long as trying again is worth it."""
    try:
        report = _attempt(work)
    except RemoteFault as error:
        at = work.standing()
        if is_transient(error) and (work.until or at.own):
            return work.report(QUEUED, at, new=at.asked, reason=str(error))
        _forget_note(work)
        raise
    if report.state != QUEUED:
        _forget_note(work)
    return report


def _forget_note(work: Publishing) -> None:
    if asked := work.standing().asked:
        with suppress(RefMoved):
            work.repository.remove(ASKED + work.branch, asked)


def _attempt(work: Publishing) -> PublishReport:
    """Whoever was faster, there or here, is merged first."""
    for _ in range(TRIES):
        work.tell("fetch")
        fetch(work.repository, work.site.source)
        with suppress(RefMoved):
            return _once(work, settle(work.repository, work.branch))
    reason = f"others were faster {TRIES} times"
    return work.report(QUEUED, work.standing(), reason=reason)


def _once(work: Publishing, at: Standing) -> PublishReport:
    """Raises RefMoved; then nothing has been published."""
    rewritten = is_rewritten(work.repository, at)
    ours = work.until or at.own or (at.followed if rewritten else None)
    if ours is None or (at.theirs and work.repository.is_ancestor(ours, at.theirs)):
        return work.report(UNCHANGED, at)
    if rewritten and not work.restore:
        return _rewritten(work, at)
    lost = at.followed if rewritten else None
    for other in (lost, at.theirs):
        joined = _joined(work, at, ours, other)
        if isinstance(joined, PublishReport):
            return joined
        ours = joined
    return _judged(work, at, ours)


def _joined(work: Publishing, at: Standing, ours: str, other: str | None) -> str | PublishReport:
    """A commit that has both. Theirs is its first parent: what is published keeps its place in the
    history, and with it the dates of documents and the small steps of servers."""
    repository = work.repository
    if other is None or repository.is_ancestor(other, ours):
        return ours
    if repository.is_ancestor(ours, other):
        return other
    work.tell("merge")
    joined = join(repository, ours, other, merges=work.site.merges)
    if joined.tree is None:
        return _undecided(work, at, ours, joined)
    who, key = work.author.as_environment(), work.site.source.signing
    return repository.write_commit(joined.tree, (other, ours), MERGE, who, key=key)


def _undecided(work: Publishing, at: Standing, ours: str, joined: Joined) -> PublishReport:
    """Kept under a name, and our own branch is where the conflict can be resolved."""
    reason = joined.fault().reason
    if work.dry_run or (work.until and work.until != at.own):
        return work.report(CONFLICT, at, new=ours, reason=f"{reason}; run publishrepo")
    if ours != at.own:
        work.repository.move(work.own_ref, ours, at.own)
    name = keep_conflict(
        work.repository, joined, ref=work.own_ref, message=MERGE, author=work.author
    )
    return work.report(CONFLICT, at, new=ours, conflict=name, reason=reason)


def _rewritten(work: Publishing, at: Standing) -> PublishReport:
    lost = work.repository.plumb(
        "rev-list", "--count", str(at.followed), *([f"^{at.theirs}"] if at.theirs else [])
    )
    what = "was rewritten" if at.theirs else "is gone"
    reason = (
        f"the remote's branch {what}: it lacks {int(lost)} commits that it had;"
        " publish with --restore to bring them back"
    )
    problem = Problem(work.branch, 0, CODE, reason)
    return work.report(REFUSED, at, new=at.own, problems=(problem,), reason=reason)


def _judged(work: Publishing, at: Standing, goal: str) -> PublishReport:
    """As a server that serves the remote's newest commit would."""
    work.tell("judge")
    target = Target(work.branch, goal)
    verdict = judged(work.site, work.repository, work.writer, target, since=at.theirs)
    merged = goal not in (at.own, work.until)
    counted = work.repository.plumb(
        "rev-list", "--count", goal, *([f"^{at.theirs}"] if at.theirs else [])
    )
    found: dict[str, Any] = {"new": goal, "merged": merged, "commits": int(counted)}
    if verdict.state == REFUSED:
        reason, problems = verdict.reason(), verdict.problems
        return work.report(REFUSED, at, problems=problems, reason=reason, **found)
    if not work.dry_run:
        _push(work, at, goal)
    state = WOULD if work.dry_run else PUBLISHED
    return work.report(state, at, problems=verdict.problems, **found)


def _push(work: Publishing, at: Standing, goal: str) -> None:
    """Raises RefMoved when somebody else has pushed, or what the remote said."""
    work.tell("push")
    update = RefUpdate(new=goal, ref=work.own_ref, expected=at.theirs)
    (answer,) = push(work.repository, work.site.source, [update])
    if answer.outcome is not Outcome.OK:
        raise answer.fault or RefMoved(update.ref)
    with suppress(RefMoved):
        work.repository.move(THEIRS + work.branch, goal, at.theirs)
    settle(work.repository, work.branch)
    forget_decided(work.repository, work.own_ref, (goal,))
