"""`manage.py bootreport`: what this node's last start-up did, and how what it runs stands now."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.runtime.boot import BootError
from apps.runtime.supervision import Standings


class Command(BaseCommand):
    help = "Show the last start-up, every step, and how what runs since then stands."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as one JSON object")
        parser.add_argument("--now", action="store_true", help="make a start-up and show that")

    def handle(self, *args: Any, **options: Any) -> None:
        from whispercms.boot import start
        from whispercms.reports import all_standings, last_report

        if options["now"] or last_report() is None:
            try:
                start().stop()
            except BootError as error:
                raise CommandError(str(error)) from error
        report, standings = last_report() or {}, all_standings()
        report["components"] = {name: each.as_json() for name, each in standings.items()}
        text = [_text(report), *_lines(standings)]
        self.stdout.write(json.dumps(report) if options["json"] else "\n".join(text))


def _text(report: dict[str, Any]) -> str:
    rows = []
    for step in report["steps"]:
        start = f"{step['seconds']:8.3f} s  {step['phase']:5}  {step['name']:14}"
        rows.append(f"{start} {step['detail']}")
        rows += (f"{'':>{len(start)}} {key}: {value}" for key, value in step["values"].items())
    last = report["failure"] or "ready"
    return "\n".join([*rows, f"{report['seconds']:8.3f} s  {last}"])


def _lines(standings: Standings) -> Iterator[str]:
    """`failures` are those in a row."""
    for name, each in standings.items():
        failures = f"  failures: {each.failures}" if each.failures else ""
        yield f"{each.state:>10}         {name:14} {each.reason}{failures}".rstrip()
