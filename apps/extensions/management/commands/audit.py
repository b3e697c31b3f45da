"""`manage.py audit`: who did or tried what on this site, to look at and to take elsewhere."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from apps.extensions.management.guarded import Asked, GuardedCommand
from apps.policy.exporting import moment, rows
from apps.runtime.databases import prepare_databases

EXIT_NODE = 4
LATEST = 50


class Command(GuardedCommand):
    help = (
        "Show the audit, or write all of it as JSON lines. Nothing of it is ever removed here."
        " Exit codes: 0, 2 usage, 4 no database,"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="act", required=True)
        for name, told in (("list", "the newest rows"), ("export", "JSON lines, oldest first")):
            part = parts.add_parser(name, help=told, description=told)
            part.add_argument("--since", type=_moment, help="such as 2026-03-26 or with a time")
            part.add_argument("--json", action="store_true", help="JSON lines, as export does")
        export, listing = parts.choices["export"], parts.choices["list"]
        export.add_argument("--after", type=int, default=0, help="the id that was exported last")
        said = f"at most; {LATEST} unless told"
        listing.add_argument("--limit", type=int, default=LATEST, help=said)

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            prepare_databases()
            for row in self._rows(options):
                told = options["json"] or options["act"] == "export"
                self.stdout.write(json.dumps(row, ensure_ascii=False) if told else _text(row))
        except DatabaseError as error:
            self.stderr.write(f"the audit cannot be read: {error}")
            sys.exit(EXIT_NODE)

    def _rows(self, options: dict[str, Any]) -> Iterable[dict[str, Any]]:
        site, since = settings.SITE_KEY, options["since"]
        if options["act"] == "export":
            return rows(site, since=since, after=options["after"])
        return rows(site, since=since, latest=max(0, options["limit"]))


def _moment(text: str) -> datetime:
    try:
        return moment(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text[:40]!r} is no moment: write 2026-03-26") from error


def _text(row: dict[str, Any]) -> str:
    times = f" ({row['times']} times)" if row["times"] > 1 else ""
    what = f"{row['principal']} {row['action']} {row['resource']}{times}"
    return f"{row['at']} {row['decision']:5} {what}: {row['reason']}"
