"""`manage.py bootreport`: what this node's last start-up did, step by step."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.runtime.boot import BootError


class Command(BaseCommand):
    help = "Show the last start-up: every step, its time and what it had to say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as one JSON object")
        parser.add_argument("--now", action="store_true", help="make a start-up and show that")

    def handle(self, *args: Any, **options: Any) -> None:
        from whispercms.boot import last_report, start

        if options["now"] or last_report() is None:
            try:
                start().stop()
            except BootError as error:
                raise CommandError(str(error)) from error
        report = last_report() or {}
        self.stdout.write(json.dumps(report) if options["json"] else _text(report))


def _text(report: dict[str, Any]) -> str:
    rows = []
    for step in report["steps"]:
        start = f"{step['seconds']:8.3f} s  {step['phase']:5}  {step['name']:14}"
        rows.append(f"{start} {step['detail']}")
        rows += (f"{'':>{len(start)}} {key}: {value}" for key, value in step["values"].items())
    last = report["failure"] or "ready"
    return "\n".join([*rows, f"{report['seconds']:8.3f} s  {last}"])
