"""`manage.py checkrepo`: whether this node's clone is whole, and makes it anew if it is not."""

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.conf import settings

from apps.extensions.management.guarded import Asked, GuardedCommand
from apps.gitsync.clone.packing import Packing, pack, read_packing
from apps.gitsync.clone.tended import DAMAGED, Tended
from apps.gitsync.clone.tending import acknowledge, tend
from apps.gitsync.errors import GitFault, NodeFault
from apps.gitsync.local import storage
from apps.gitsync.management.progress import steps
from apps.gitsync.resources import branch

EXIT_DAMAGED, EXIT_REMOTE, EXIT_NODE = 1, 3, 4


class Command(GuardedCommand):
    help = "Check this node's clone. Exit codes: 0 whole, 1 damaged, 2 usage, 3 remote, 4 disk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--full", action="store_true", help="read every object")
        parser.add_argument(
            "--mend", action="store_true", help="make a damaged clone anew from the remote"
        )
        parser.add_argument(
            "--seen", action="store_true", help="forget what was lost and found: it has been read"
        )
        parser.add_argument(
            "--pack", action="store_true", help="put small files together, whether due or not"
        )
        parser.add_argument("--json", action="store_true", help="report as one JSON object")

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        changes = options["mend"] or options["seen"] or options["pack"]
        return [("sync", branch())] if changes else []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with storage(), steps("Checking"):
                tended = tend(settings.SITE_SOURCE, full=options["full"], mend=options["mend"])
                if options["pack"] and tended.state != DAMAGED:
                    pack(settings.SITE_SOURCE, time.time(), force=True)
                packing = read_packing(settings.SITE_SOURCE)
                if options["seen"]:
                    tended = acknowledge(settings.SITE_SOURCE) or tended
        except GitFault as error:
            self._say(options, {"error": error.code, "reason": str(error)}, f"{error}")
            sys.exit(EXIT_NODE if isinstance(error, NodeFault) else EXIT_REMOTE)
        values = {**asdict(tended), "packing": asdict(packing) if packing else None}
        self._say(options, values, _text(tended, packing))
        if tended.state == DAMAGED:
            sys.exit(EXIT_DAMAGED)

    def _say(self, options: dict[str, Any], values: dict[str, Any], text: str) -> None:
        self.stdout.write(json.dumps(values, ensure_ascii=False) if options["json"] else text)


def _text(tended: Tended, packing: Packing | None) -> str:
    told = (("", tended.findings), ("lost: ", tended.lost), ("recovered: ", tended.recovered))
    lines = [f"  {kind}{each}" for kind, found in told for each in found]
    return "\n".join([tended.state, *lines, *_packed(packing)])


def _packed(packing: Packing | None) -> list[str]:
    if packing is None:
        return []
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(packing.at))
    store = packing.store
    how = (
        f"  packing: {packing.state} at {moment}{f' ({packing.reason})' if packing.reason else ''}"
    )
    size = f"{store.bytes / 1024**2:.1f} MB in {store.packs} packs and {store.loose} loose objects"
    return [f"{how}: {size}, {packing.removed} leftovers removed"]
