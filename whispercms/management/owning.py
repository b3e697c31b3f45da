"""What the verbs of a site's owner have in common: plan, ask, have consent, save, follow."""

import sys
from argparse import ArgumentParser
from functools import partial
from typing import Any, Final

from django.conf import settings

from apps.extensions.finding import ExtensionFiles
from apps.extensions.owning.owned import OwnerRefused
from apps.extensions.owning.plans import Grant, Plan
from apps.gitsync.authoring import local_author
from apps.gitsync.local import local_site, sync_and_record
from apps.gitsync.management.answers import workers_of_this_node
from apps.gitsync.owning import Act, Owner, Planned, done, extension_of
from apps.gitsync.writing.extending import SAVED, OwnerReport, Seen, newest_owned
from apps.runtime.databases import prepare_databases
from apps.runtime.workers import Workers
from whispercms.management.verb import EXIT_REFUSED, EXIT_USAGE, Answer, Options, VerbEnd

__all__ = ["add_change_arguments", "changed", "extension_of", "newest_owned_here"]

USAGE: Final = frozenset({"unknown", "unlisted", "installed", "bundled", "mount"})


def add_change_arguments(parser: ArgumentParser, *, granting: bool = False) -> None:
    parser.add_argument("--dry-run", action="store_true", help="show the difference only")
    parser.add_argument("--author", help="'Name <name@example.org>'; else this user")
    if granting:
        said = "capabilities that you consent to; without them you are asked, or it is refused"
        parser.add_argument("--grant", nargs="+", action="extend", default=[], help=said)


def changed(options: Options, planned: Planned, fresh: ExtensionFiles | None = None) -> Answer:
    """`fresh` are files that the site does not have yet, which are tried alone first. Raises
    VerbEnd and GitFault; then nothing has changed."""
    owner = Owner(
        author=local_author(options["author"]),
        ask=options["ask"],
        agree=partial(_insist_on_consent, options=options),
    )
    with workers_of_this_node() as workers:
        try:
            act, dry_run = Act(planned, fresh), options["dry_run"]
            plan, report = done(local_site(workers), act, owner, workers, dry_run=dry_run)
        except OwnerRefused as error:
            return _refused(error)
        return _told(plan, report, workers)


def newest_owned_here() -> Seen:
    """Raises GitFault and OwnerRefused."""
    return newest_owned(settings.SITE_SOURCE, settings.BUNDLED_EXTENSIONS)


def _insist_on_consent(plan: Plan, options: Options) -> None:
    """Raises VerbEnd for what nobody consented to, and for consent to what is not asked for."""
    given = options.get("grant", [])
    asked = {each.capability for each in plan.grants}
    if stray := sorted(set(given) - asked):
        reason = f"it does not ask for {', '.join(stray)}, or has it already"
        raise VerbEnd(EXIT_USAGE, "grant", reason)
    left = [each for each in plan.grants if each.capability not in given]
    if not left or options["dry_run"] or _consented(left, plan, options):
        return
    names = " ".join(dict.fromkeys(each.capability for each in left))
    lines = [*_news(plan), *(f"{each.words}  [{each.capability}]" for each in left)]
    reason = "\n".join([*lines, f"nothing has changed; to consent, add --grant {names}"])
    raise VerbEnd(EXIT_REFUSED, "consent", reason)


def _consented(left: list[Grant], plan: Plan, options: Options) -> bool:
    if options["json"] or not sys.stdin.isatty():
        return False
    for line in (*_news(plan), *(each.words for each in left)):
        options["progress"](line)
    options["progress"]("Do you consent to all of this? Write yes:")
    return sys.stdin.readline().strip().lower() == "yes"


def _told(plan: Plan, report: OwnerReport, workers: Workers) -> Answer:
    values: dict[str, Any] = {
        **report.as_json(),
        "granted": [{"extension": g.key, "capability": g.capability} for g in plan.grants],
        "news": plan.news.as_json() if plan.news else None,
    }
    where = f" as {report.commit[:10]}" if report.commit else ""
    lines = [*_news(plan), *(each.words for each in plan.grants)]
    of = ", ".join(plan.of) or "there is nothing to pin"
    lines += [f"{report.difference}{report.state}: {of}{where}"]
    lines += [f"  was wrong before, and is: {problem}" for problem in report.problems]
    if report.state == SAVED:
        prepare_databases()
        synced = sync_and_record(local_site(workers), fetching=False)
        values["index"] = synced.as_json()
        lines += [f"  {problem}" for problem in synced.problems]
    return Answer(values, "\n".join(lines))


def _news(plan: Plan) -> tuple[str, ...]:
    return plan.news.lines() if plan.news else ()


def _refused(error: OwnerRefused) -> Answer:
    values = {
        "error": error.code,
        "reason": str(error),
        "problems": [each.as_json() for each in error.problems],
    }
    code = EXIT_USAGE if error.code in USAGE else EXIT_REFUSED
    return Answer(values, str(error), code)
