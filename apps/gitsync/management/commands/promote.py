"""`manage.py promote FROM TO`: what one environment serves becomes a release of another."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from apps.extensions.management.guarded import Asked, GuardedCommand
from apps.gitsync.environments import order, promote_here
from apps.gitsync.errors import GitFault
from apps.gitsync.management.progress import steps
from apps.gitsync.management.release_answers import answer, fail
from apps.gitsync.resources import branch
from apps.runtime.databases import prepare_databases
from apps.runtime.workers import Workers


class Command(GuardedCommand):
    help = (
        "Make a release of what FROM serves, and have TO serve it. Of an environment to itself: of"
        " its branch as it is now. Exit codes: 0, 1 refused, 2 usage, 3 remote, 4 disk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("origin", metavar="FROM", help="the environment to take")
        parser.add_argument("to", metavar="TO", help="the environment to bring there")
        parser.add_argument("--cause", help="why, in a line")
        parser.add_argument("--author", help="who: Name <address>")
        parser.add_argument("--dry-run", action="store_true", help="say what would change")
        parser.add_argument("--json", action="store_true", help="as one JSON object")

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return [("promote", branch(options["to"]))]

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_databases()
        names = (options["origin"], options["to"])
        workers = Workers(required=settings.SANDBOX_REQUIRED)
        try:
            wish = order(options["author"], options["cause"], f"Promote {names[0]} to {names[1]}")
            with steps("Promoting"):
                report = promote_here(workers, names, wish, dry_run=options["dry_run"])
        except GitFault as error:
            return fail(self.stdout, options, error)
        finally:
            workers.stop()
        return answer(self.stdout, options, report)
