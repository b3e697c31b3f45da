"""How commands that write to a site answer: one text or one JSON object, and an exit code."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from apps.extensions.management.guarded import GuardedCommand
from apps.gitsync.errors import GitFault, NodeFault, RemoteFault
from apps.gitsync.local import local_site
from apps.gitsync.syncing.update import LocalSite
from apps.runtime.databases import prepare_databases
from apps.runtime.workers import Workers

EXIT_REFUSED, EXIT_REMOTE, EXIT_NODE = 1, 3, 4


class AnsweringCommand(GuardedCommand):
    """`answer` does the work; a fault ends the command with its code."""

    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            code = self.answer(options)
        except GitFault as error:
            self.say(options, {"error": error.code, "reason": str(error)}, f"{error}")
            code = exit_code(error)
        if code:
            sys.exit(code)

    def answer(self, options: dict[str, Any]) -> int:
        """The exit code. Raises GitFault."""
        raise NotImplementedError

    def say(self, options: dict[str, Any], values: dict[str, Any], text: str) -> None:
        self.stdout.write(json.dumps(values, ensure_ascii=False) if options["json"] else text)


def exit_code(fault: GitFault) -> int:
    if isinstance(fault, RemoteFault):
        return EXIT_REMOTE
    return EXIT_NODE if isinstance(fault, NodeFault) else EXIT_REFUSED


@contextmanager
def workers_of_this_node() -> Iterator[Workers]:
    """None is started before it is asked something."""
    workers = Workers(required=settings.SANDBOX_REQUIRED)
    try:
        yield workers
    finally:
        workers.stop()


@contextmanager
def site_of_this_node() -> Iterator[LocalSite]:
    """With workers to judge and to index it."""
    prepare_databases()
    with workers_of_this_node() as workers:
        yield local_site(workers)
