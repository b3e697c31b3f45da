"""`manage.py checkrepo`: whether this node's clone is whole, and makes it anew if it is not."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.gitsync.clone.tending import DAMAGED, Tended, acknowledge, tend
from apps.gitsync.errors import GitFault, NodeFault
from apps.gitsync.local import storage

EXIT_DAMAGED, EXIT_REMOTE, EXIT_NODE = 1, 3, 4


class Command(BaseCommand):
    help = "Check this node's clone. Exit codes: 0 whole, 1 damaged, 2 usage, 3 remote, 4 disk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--full", action="store_true", help="read every object")
        parser.add_argument(
            "--mend", action="store_true", help="make a damaged clone anew from the remote"
        )
        parser.add_argument(
            "--seen", action="store_true", help="forget what was lost and found: it has been read"
        )
        parser.add_argument("--json", action="store_true", help="report as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with storage():
                tended = tend(settings.SITE_SOURCE, full=options["full"], mend=options["mend"])
                if options["seen"]:
                    tended = acknowledge(settings.SITE_SOURCE) or tended
        except GitFault as error:
            self._say(options, {"error": error.code, "reason": str(error)}, f"{error}")
            sys.exit(EXIT_NODE if isinstance(error, NodeFault) else EXIT_REMOTE)
        self._say(options, asdict(tended), _text(tended))
        if tended.state == DAMAGED:
            sys.exit(EXIT_DAMAGED)

    def _say(self, options: dict[str, Any], values: dict[str, Any], text: str) -> None:
        self.stdout.write(json.dumps(values, ensure_ascii=False) if options["json"] else text)


def _text(tended: Tended) -> str:
    told = (("", tended.findings), ("lost: ", tended.lost), ("recovered: ", tended.recovered))
    lines = [f"  {kind}{each}" for kind, found in told for each in found]
    return "\n".join([tended.state, *lines])
