"""`manage.py rollback [RELEASE]`: an environment serves an earlier release again."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.core.management.base import CommandError

from apps.extensions.management.guarded import Asked, GuardedCommand
from apps.gitsync.environments import order, promote_here, rollback_here
from apps.gitsync.errors import GitFault
from apps.gitsync.management.release_answers import answer, fail
from apps.gitsync.promoting.releasing import ReleaseReport
from apps.gitsync.resources import branch
from apps.policy.entities import Release
from apps.runtime.databases import prepare_databases
from apps.runtime.workers import Workers

PREVIOUS: Final = "previous"
"""Stands for the release before the one that is served."""


class Command(GuardedCommand):
    help = (
        "Go back to RELEASE, or to the release before the one that is served, and stay there until"
        " the next promotion. Exit codes: 0, 1 refused, 2 usage, 3 remote, 4 disk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("release", nargs="?", metavar="RELEASE", help="see manage.py releases")
        parser.add_argument("--environment", metavar="NAME", help="the served one without it")
        parser.add_argument("--follow", action="store_true", help="end it: follow the branch again")
        parser.add_argument(
            "--inexact", action="store_true", help="even where this WhisperCMS makes other bytes"
        )
        parser.add_argument("--cause", help="why, in a line")
        parser.add_argument("--author", help="who: Name <address>")
        parser.add_argument("--dry-run", action="store_true", help="say what would change")
        parser.add_argument("--json", action="store_true", help="as one JSON object")

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        there = branch(options["environment"])
        if options["follow"]:
            return [("promote", there)]
        return [("roll-back", Release(options["release"] or PREVIOUS, there.id))]

    def handle(self, *args: Any, **options: Any) -> None:
        if options["follow"] and options["release"]:
            raise CommandError("--follow ends a rollback: it takes no RELEASE", returncode=2)
        prepare_databases()
        workers = Workers(required=settings.SANDBOX_REQUIRED)
        try:
            report = _act(workers, options)
        except GitFault as error:
            return fail(self.stdout, options, error)
        finally:
            workers.stop()
        return answer(self.stdout, options, report)


def _act(workers: Workers, options: dict[str, Any]) -> ReleaseReport:
    name, dry_run = options["environment"] or settings.ENVIRONMENT, options["dry_run"]
    if options["follow"]:
        wish = order(options["author"], options["cause"], f"Follow the branch of {name} again")
        return promote_here(workers, (name, name), wish, dry_run=dry_run)
    return rollback_here(
        workers,
        name,
        order(options["author"], options["cause"], f"Roll {name} back"),
        release_id=options["release"],
        inexact=options["inexact"],
        dry_run=dry_run,
    )
