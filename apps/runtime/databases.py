"""Brings this node's local databases to the shape of the code, once per change of either."""

import zlib
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connections

LOCAL = ("default", "queue")


def prepare_databases() -> list[str]:
    """Migrates the local files that another version made; returns their names.

    A file that is up to date costs one `PRAGMA user_version`.
    """
    migrated, wanted = [], _version()
    for name in LOCAL:
        with connections[name].cursor() as cursor:
            cursor.execute("PRAGMA user_version")
            if cursor.fetchone()[0] == wanted:
                continue
            call_command("migrate", database=name, interactive=False, verbosity=0)
            cursor.execute(f"PRAGMA user_version = {wanted}")
            migrated.append(name)
    return migrated


def _version() -> int:
    """A checksum over the names of all migrations of all installed apps."""
    names = [
        f"{config.label}/{path.stem}"
        for config in apps.get_app_configs()
        for path in sorted(Path(config.path).glob("migrations/[0-9]*.py"))
    ]
    return zlib.crc32("\n".join(names).encode()) & 0x7FFFFFFF
