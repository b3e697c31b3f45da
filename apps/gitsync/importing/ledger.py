"""What imports have written into a site, so that the next one knows its own files. Pure.

It stands in the repository itself, as data: `key → (path, blob)`. Hostile until it is decoded.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apps.gitsync.errors import GitFault
from apps.gitsync.writing.changes import check_path

FOLDER: Final = "data/wordpress"
PATH: Final = f"{FOLDER}/imported.json"
ENTRIES: Final = 500_000
BYTES: Final = 128 * 1024 * 1024
_BLOB: Final = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as an import wrote it last."""

    path: str
    blob: str


Ledger = Mapping[str, Entry]


def ledger_of(content: bytes | None) -> dict[str, Entry]:
    """Raises GitFault for one that no import wrote."""
    if content is None:
        return {}
    try:
        told = json.loads(content)["files"]
        found = {str(key): Entry(path, blob) for key, (path, blob) in told.items()}
        for each in found.values():
            check_path(each.path)
        if len(found) > ENTRIES or not all(_BLOB.fullmatch(e.blob) for e in found.values()):
            raise ValueError("it is of another form")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, GitFault) as error:
        reason = f"{PATH} cannot be read ({error})"
        raise GitFault("wordpress.ledger", reason, "Restore it, or remove it") from error
    return found


def content_of(ledger: Ledger) -> bytes:
    files = {key: [each.path, each.blob] for key, each in ledger.items()}
    return (json.dumps({"files": files}, indent=0, sort_keys=True) + "\n").encode()
