"""`manage.py extensions`: what the site's extensions are, may do, and whether they are left out."""

import json
import os
import pwd
import sqlite3
import sys
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError

from apps.content.index import Index
from apps.extensions.containment.containment import Status
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.enabling import enable_all, shut_of
from apps.extensions.inventory import Listed, inventory
from apps.extensions.settling import ExtensionsUnusable, settle
from apps.runtime.databases import prepare_databases

EXIT_USAGE, EXIT_NODE = 2, 4


class Command(BaseCommand):
    help = (
        "List the extensions of the served commit, or let one that is left out run again."
        " Exit codes: 0, 2 unknown extension, 4 no index or no database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", nargs="?", choices=("enable",), help="end a quarantine")
        parser.add_argument("key", nargs="?", help="plugin:<id>, theme:<id>[/<template>]")
        parser.add_argument("--dry-run", action="store_true", help="say what would be enabled")
        parser.add_argument("--json", action="store_true", help="as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            prepare_databases()
            store = DatabaseStore(settings.SITE_KEY, _commit)
            if options["action"]:
                self._enable(store, options)
            else:
                self._list(store, options)
        except (sqlite3.Error, DatabaseError, OSError, ExtensionsUnusable) as error:
            reason = f"{error}; run manage.py syncrepo"
            self._end(options, EXIT_NODE, {"error": "node", "reason": reason})

    def _list(self, store: DatabaseStore, options: dict[str, Any]) -> None:
        commit, listed = _served(shut := shut_of(store))
        others = {k: s for k, s in shut.items() if not any(k in each.shut for each in listed)}
        values = {
            "commit": commit,
            "extensions": [each.as_json() for each in listed],
            "others": {key: status.as_json() for key, status in others.items()},
        }
        self._say(options, values, _table(listed, others))

    def _enable(self, store: DatabaseStore, options: dict[str, Any]) -> None:
        key, dry_run = options["key"] or "", options["dry_run"]
        before = enable_all(store, key, by=f"os-user:{_user()}", dry_run=dry_run)
        if not before and key not in (each.key for each in _served()[1]):
            reason = f"there is no extension {key!r}; see manage.py extensions"
            self._end(options, EXIT_USAGE, {"error": "unknown", "reason": reason})
        told = {name: status.as_json() for name, status in before.items()}
        verb = "would be enabled" if dry_run else "enabled"
        lines = [f"{name} {verb}; it was {_shown(status)}" for name, status in before.items()]
        text = "\n".join(lines) or f"{key} is not left out; nothing to do"
        self._say(options, {"enabled": told, "dry_run": dry_run}, text)

    def _end(self, options: dict[str, Any], code: int, values: dict[str, str]) -> None:
        if options["json"]:
            self._say(options, values, "")
        else:
            self.stderr.write(values["reason"])
        sys.exit(code)

    def _say(self, options: dict[str, Any], values: Mapping[str, Any], text: str) -> None:
        self.stdout.write(json.dumps(values, ensure_ascii=False) if options["json"] else text)


def _served(shut: Mapping[str, Status] | None = None) -> tuple[str, tuple[Listed, ...]]:
    """The commit of the index, and its extensions; none before the first sync."""
    index = Index(settings.SITE_FILES)
    pointer = index.pointer()
    if pointer is None:
        return "", ()
    bundled = settings.BUNDLED_EXTENSIONS
    themes, plugins = settle(pointer.site_configuration(), index.kept(), bundled)
    return pointer.commit_id, inventory((*themes, *plugins), shut or {})


def _commit() -> str:
    pointer = Index(settings.SITE_FILES).pointer()
    return pointer.commit_id if pointer else ""


def _table(listed: tuple[Listed, ...], others: Mapping[str, Status]) -> str:
    lines = []
    for each in listed:
        lines.append(f"{each.key:32} {each.version:10} {each.origin:8} {each.state}")
        lines += (f"    may {words}" for words in each.may)
        lines += (f"    {key} is {_shown(status)}" for key, status in each.shut.items())
    lines += (f"{key} (not of this commit) is {_shown(each)}" for key, each in others.items())
    return "\n".join(lines)


def _shown(status: Status) -> str:
    seconds = status.retry_in(time.time())
    again = "" if seconds is None else f", tried again in {seconds:.0f} s"
    return f"{status.state}{again}: {status.reason}"


def _user() -> str:
    """By the kernel, not by the environment."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
