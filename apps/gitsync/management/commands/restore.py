"""`manage.py restore FILE`: brings this node back to a backup, or proves that it could."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from apps.extensions.management.guarded import Asked, GuardedCommand
from apps.gitsync.backups.backup import verify
from apps.gitsync.backups.restore import RestoreReport
from apps.gitsync.errors import BackupRefused, GitFault, RemoteFault
from apps.gitsync.keeping import bring_back
from apps.gitsync.local import storage
from apps.gitsync.management.commands.backup import EXIT_NODE, EXIT_REFUSED, told
from apps.gitsync.management.progress import steps
from apps.gitsync.report import REFUSED, SyncReport
from apps.gitsync.resources import SITE
from apps.runtime.databases import prepare_databases

EXIT_REMOTE = 3


class Command(GuardedCommand):
    help = (
        "Bring this node back to a backup, then sync."
        " Exit codes: 0, 1 refused, 2 usage, 3 remote, 4 disk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that manage.py backup wrote")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--verify", action="store_true", help="only prove that it is whole")
        how.add_argument("--dry-run", action="store_true", help="say what would change")
        parser.add_argument("--force", action="store_true", help="also where commits are rescued")
        parser.add_argument("--json", action="store_true", help="report as one JSON object")

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return [] if options["verify"] else [("restore", SITE)]

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_databases()
        file = options["file"].absolute()
        try:
            if options["verify"]:
                with storage(), steps("Verifying"):
                    proved = verify(file)
                return self._say(options, proved.as_json(), told(proved))
            force, dry_run = options["force"], options["dry_run"]
            with steps("Restoring"):
                report, run = bring_back(file, force=force, dry_run=dry_run)
        except GitFault as error:
            self._say(options, {"error": error.code, "reason": str(error)}, f"{error}")
            sys.exit(_exit_code(error))
        values = {**report.as_json(), "sync": run.as_json() if run else None}
        self._say(options, values, _text(report, run))
        if run and run.state == REFUSED:
            sys.exit(EXIT_REFUSED)

    def _say(self, options: dict[str, Any], values: dict[str, Any], text: str) -> None:
        self.stdout.write(json.dumps(values, ensure_ascii=False) if options["json"] else text)


def _exit_code(error: GitFault) -> int:
    if isinstance(error, BackupRefused):
        return EXIT_REFUSED
    return EXIT_REMOTE if isinstance(error, RemoteFault) else EXIT_NODE


def _text(report: RestoreReport, run: SyncReport | None) -> str:
    lines = [f"{report.state}: {', '.join(each.name for each in report.archive.manifest.parts)}"]
    lines += [f"  kept: {ref} at {commit[:10]}" for ref, commit in sorted(report.rescued.items())]
    if run:
        lines.append(f"{run.state}: {run.branch} at {(run.new or '')[:10]}")
        lines += [f"  {problem}" for problem in run.problems]
    return "\n".join(lines)
