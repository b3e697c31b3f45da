"""One act of a site's owner, whoever asks for it: planned, asked of policy, tried, consented to,
saved. A command and the console differ in how they ask a person, and in nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings

from apps.content.problems import Problem
from apps.content.scribe import Scribe
from apps.extensions.finding import KINDS, ExtensionFiles, Kind, find
from apps.extensions.owning.owned import Owned, OwnerRefused, refused
from apps.extensions.owning.plans import Plan
from apps.extensions.workshop.checking import check_files
from apps.gitsync.git.commits import Author
from apps.gitsync.local import storage
from apps.gitsync.resources import kept_files
from apps.gitsync.syncing.update import LocalSite
from apps.gitsync.writing.extending import (
    OwnerReport,
    Seen,
    WouldBe,
    carry_out,
    newest_owned,
    owned_at,
    tried,
    would_be,
)
from apps.policy.entities import Capability, Extension, Resource
from apps.runtime.workers import Workers

Asked = tuple[str, Resource]
"""An action, and what it is done with."""
Planned = Callable[[Owned], Plan]


@dataclass(frozen=True, slots=True)
class Act:
    """`fresh` are files that the site does not have yet, which are tried alone first."""

    planned: Planned
    fresh: ExtensionFiles | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """On whose behalf. `ask` raises PolicyDenied; `agree` raises what its caller catches, where
    nobody consented to all that is newly granted."""

    author: Author
    ask: Callable[[Iterable[Asked]], None]
    agree: Callable[[Plan], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an act would come to, tried with everything in it. `problems` were there before."""

    seen: Seen
    plan: Plan
    after: WouldBe
    problems: tuple[Problem, ...]


def look(site: LocalSite, act: Act, workers: Workers, commit: str | None = None) -> Look:
    """Of the commit that was looked at before, else of the newest. Raises GitFault and
    OwnerRefused."""
    with storage():
        seen, plan = _planned(act, workers, commit)
        _insist_on_working(act, workers)
        after = would_be(seen, plan, Scribe(workers))
        return Look(seen=seen, plan=plan, after=after, problems=tuple(tried(site, seen, after)))


def done(
    site: LocalSite,
    act: Act,
    owner: Owner,
    workers: Workers,
    *,
    commit: str | None = None,
    dry_run: bool = False,
) -> tuple[Plan, OwnerReport]:
    """Raises GitFault, OwnerRefused, PolicyDenied and what `owner` raises; then nothing has
    changed."""
    with storage():
        seen, plan = _planned(act, workers, commit)
        owner.ask(asks_of(plan))
        _insist_on_working(act, workers)
        owner.agree(plan)
        edits, author = Scribe(workers), owner.author
        report = carry_out(site, seen, plan, author=author, edits=edits, dry_run=dry_run)
    return plan, report


def _planned(act: Act, workers: Workers, commit: str | None) -> tuple[Seen, Plan]:
    """Where a manifest is at fault, with what is wrong with the programs as well."""
    source, bundled = settings.SITE_SOURCE, settings.BUNDLED_EXTENSIONS
    seen = owned_at(source, bundled, commit) if commit else newest_owned(source, bundled)
    try:
        return seen, act.planned(seen.owned)
    except OwnerRefused as error:
        if act.fresh is None or not error.problems:
            raise
        raise refused([*error.problems, *check_files(act.fresh, workers)]) from error


def _insist_on_working(act: Act, workers: Workers) -> None:
    if act.fresh and (problems := check_files(act.fresh, workers)):
        raise refused(problems)


def asks_of(plan: Plan) -> list[Asked]:
    return [
        ("grant-capability", Capability(each.capability, each.key, granted=True))
        for each in plan.grants
    ]


def extension_of(text: str) -> Extension:
    """What policy is asked about, before anything is read for it: the served commit says what it
    is, if it has it."""
    prefix, _, name = str(text).rpartition(":")
    kept, bundled = kept_files(), settings.BUNDLED_EXTENSIONS
    kinds: list[Kind] = [kind for kind in KINDS if prefix in ("", kind)]
    for kind in kinds:
        if found := find(kind, name, kept, bundled):
            return Extension(kind, name, bundled=found.origin != "site")
    return Extension(kinds[0] if kinds else KINDS[0], name, bundled=False)
