"""What promoting and rolling back have in common: who wants it, what comes of it, and how a release
is written down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from apps.content.problems import Problem
from apps.gitsync.clone.remote import push
from apps.gitsync.errors import GitFault
from apps.gitsync.git.commits import Author
from apps.gitsync.git.pushes import Pushed, RefUpdate
from apps.gitsync.git.repository import Repository
from apps.gitsync.releases.refs import FETCHED, RELEASES, find, known, unsent, write
from apps.gitsync.releases.release import Pins, Release, moment_after, moment_of, named
from apps.gitsync.report import SyncReport
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.saving import keep_on_disk

RELEASED: Final = "released"
PLANNED: Final = "planned"
UNCHANGED: Final = "unchanged"
REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who wants it, and why in their words. `now` is the clock, in seconds."""

    author: Author
    cause: str
    now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseReport:
    """`release` is the one made, or, of a dry run, the one that would be. `unsent` says why the
    remote, and so other nodes, do not have it yet."""

    state: str
    environment: str
    release: Release | None = None
    problems: tuple[Problem, ...] = ()
    synced: SyncReport | None = None
    unsent: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "environment": self.environment,
            "release": self.release.as_json() if self.release else None,
            "problems": [problem.as_json() for problem in self.problems],
            "index": self.synced.as_json() if self.synced else None,
            "unsent": self.unsent,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A release that is to be, without what names it."""

    source: str
    commit: str
    pins: Pins
    previous: str | None
    restores: str | None = None


def release_of(wanted: Wanted, order: Order, environment: str, after: Sequence[str]) -> Release:
    """`after` are all ids that are known; the new one sorts behind them."""
    return named(
        Release(
            id="",
            source=wanted.source,
            environment=environment,
            commit=wanted.commit,
            pins=wanted.pins,
            previous=wanted.previous,
            restores=wanted.restores,
            author=f"{order.author.name} <{order.author.email}>",
            moment=moment_after(order.now, after),
            cause=order.cause,
        )
    )


def written(
    repository: Repository, source: SiteSource, releases: Sequence[Release], author: Author
) -> list[RefUpdate]:
    """Their commits, signed where there is a key, and the refs that they are to have."""
    if source.signing:
        source.signing.check()
    found = []
    for release in releases:
        # Git's dates are the release's own, so that the commit depends on nothing else.
        seconds = int(moment_of(release.id).timestamp())
        who = replace(author, moment=f"{seconds} +0000")
        commit = write(repository, release, who, source.signing)
        found.append(RefUpdate(commit, RELEASES + release.id, None))
    return found


def take(repository: Repository, updates: Sequence[RefUpdate], since: float) -> None:
    """All refs at once, and what was written `since` is on the disk. Raises RefMoved."""
    repository.move_together(updates)
    keep_on_disk(repository, updates[0].ref, since)


def content_of(repository: Repository, release: Release) -> Release:
    """The release whose commit it is: of a rollback the one that it restores."""
    if release.restores is None:
        return release
    return find(repository, release.restores) or release


def send(repository: Repository, source: SiteSource) -> str | None:
    """Releases that the remote does not have; why it did not take them. They stay here, so the
    next pull tries again."""
    updates = waiting(repository)
    if not updates:
        return None
    try:
        insist(push(repository, source, updates))
        repository.move_together([as_fetched(each) for each in updates])
    except GitFault as error:
        return str(error)
    return None


def waiting(repository: Repository) -> list[RefUpdate]:
    return [RefUpdate(c, RELEASES + name, None) for name, c in unsent(repository).items()]


def as_fetched(update: RefUpdate) -> RefUpdate:
    """What the next fetch would do for a release that the remote has taken."""
    return RefUpdate(update.new, FETCHED + update.ref.removeprefix(RELEASES), None)


def insist(answers: Sequence[Pushed]) -> None:
    """Raises GitFault when any of a push was not taken."""
    faults = [answer.fault for answer in answers if answer.fault]
    if faults:
        raise faults[0]


def ids(repository: Repository) -> list[str]:
    return list(known(repository))
