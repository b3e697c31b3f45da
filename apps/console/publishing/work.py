"""The long work of these pages: each runs a use case with its steps told in words, and leaves a
result to be shown."""

from dataclasses import dataclass
from time import time
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.console import jobs
from apps.console.authors import author_of
from apps.console.node import node
from apps.console.publishing import outcomes
from apps.console.publishing.rendered import rehearsed
from apps.delivery.trying.rehearsal import Rehearsal
from apps.gitsync.authoring import publish_here
from apps.gitsync.environments import promote_here, rollback_here
from apps.gitsync.local import sync_and_record
from apps.gitsync.promoting.releasing import Order, ReleaseReport
from apps.gitsync.report import Stopwatch

WORDS: Final = {
    "fetch": gettext_lazy("Asking the remote what others published"),
    "merge": gettext_lazy("Bringing both together"),
    "judge": gettext_lazy("Checking everything as a server would"),
    "push": gettext_lazy("Sending your work to the remote"),
    "signatures": gettext_lazy("Checking signatures"),
    "configuration": gettext_lazy("Reading the configuration"),
    "diff": gettext_lazy("Finding what changed"),
    "read": gettext_lazy("Reading what changed"),
    "parse": gettext_lazy("Reading what changed"),
    "render": gettext_lazy("Making pages"),
    "apply": gettext_lazy("Showing it on the site"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asked of an environment. `origin` is another one, or itself to follow its
    branch again; `release` the one to go back to."""

    environment: str
    cause: str
    origin: str = ""
    release: str = ""
    inexact: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """All pages by two commits."""

    old: str
    new: str
    found: Rehearsal


def in_words(progress: jobs.Progress, step: str) -> None:
    progress(str(WORDS.get(step, step)))


def publish(user: Any, progress: jobs.Progress, *, restore: bool = False) -> str:
    """Raises GitFault."""
    report = publish_here(
        node().site(),
        author=author_of(user),
        restore=restore,
        tell=lambda step: in_words(progress, step),
    )
    return _kept(user, "admin:publish_result", report)


def update(user: Any, progress: jobs.Progress) -> str:
    """Raises GitFault."""
    watch = Stopwatch(lambda step: in_words(progress, step))
    return _kept(user, "admin:update_result", sync_and_record(node().site(), watch=watch))


def compare(user: Any, old: str, new: str, progress: jobs.Progress) -> str:
    """Every page of the site by both commits. Raises GitFault."""
    progress(_("Reading both versions"))

    def tell(done: int, known: int) -> None:
        progress(_("Comparing pages"), done, known)

    found = Compared(old, new, rehearsed(node(), old, new, tell))
    return _kept(user, "admin:publish_compared", found)


def release(user: Any, wish: Wish, progress: jobs.Progress) -> str:
    """Promotes where the wish has an origin, else rolls back. Raises GitFault."""
    order = Order(author=author_of(user), cause=wish.cause, now=time())
    report = (
        _promoted(wish, order, progress) if wish.origin else _rolled_back(wish, order, progress)
    )
    return _kept(user, "admin:release_result", (wish, report))


def foreseen(wish: Wish, user: Any) -> ReleaseReport:
    """A rollback that changes nothing: what would come of it. Raises GitFault."""
    order = Order(author=author_of(user), cause=wish.cause, now=time())
    return _rolled(wish, order, dry_run=True)


def _promoted(wish: Wish, order: Order, progress: jobs.Progress) -> ReleaseReport:
    watch = Stopwatch(lambda step: in_words(progress, step))
    names = (wish.origin, wish.environment)
    return promote_here(node().workers, names, order, dry_run=wish.dry_run, watch=watch)


def _rolled_back(wish: Wish, order: Order, progress: jobs.Progress) -> ReleaseReport:
    progress(_("Going back"))
    return _rolled(wish, order, dry_run=wish.dry_run)


def _rolled(wish: Wish, order: Order, *, dry_run: bool) -> ReleaseReport:
    return rollback_here(
        node().workers,
        wish.environment or settings.ENVIRONMENT,
        order,
        release_id=wish.release or None,
        inexact=wish.inexact,
        dry_run=dry_run,
    )


def _kept(user: Any, page: str, outcome: object) -> str:
    return reverse(page, args=[outcomes.keep(user.get_username(), outcome)])
