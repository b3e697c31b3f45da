"""`manage.py backup FILE`: one file of all refs, the default database and settings."""

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from apps.extensions.management.guarded import Asked, GuardedCommand
from apps.gitsync.backups.backup import BackupReport
from apps.gitsync.errors import BackupRefused, GitFault
from apps.gitsync.keeping import back_up
from apps.gitsync.management.progress import steps
from apps.gitsync.resources import SITE
from apps.runtime.databases import prepare_databases

EXIT_REFUSED, EXIT_NODE = 1, 4


class Command(GuardedCommand):
    help = "Write a backup of this node to a file. Exit codes: 0, 1 refused, 2 usage, 4 disk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write")
        parser.add_argument("--json", action="store_true", help="report as one JSON object")

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return [("back-up", SITE)]

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_databases()
        try:
            with steps("Backing up"):
                report = back_up(options["file"].absolute(), time.time())
        except GitFault as error:
            said = {"error": error.code, "reason": str(error)}
            self.stdout.write(json.dumps(said) if options["json"] else f"{error}")
            sys.exit(EXIT_REFUSED if isinstance(error, BackupRefused) else EXIT_NODE)
        self.stdout.write(json.dumps(report.as_json()) if options["json"] else told(report))


def told(report: BackupReport) -> str:
    values = report.as_json()
    sizes = ", ".join(f"{name} {size} bytes" for name, size in values["parts"].items())
    made = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(values["made"]))
    lines = (f"of {values['remote']}, made {made}", sizes, values["digest"])
    return "\n  ".join((f"{values['state']}: {values['file']}", *lines))
