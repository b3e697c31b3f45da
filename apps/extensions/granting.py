"""What a commit's policies leave of what its lock grants to an extension.

The engine that decides is dear to load, and mostly leaves everything: that it did is kept in a
file, by all that it follows from, so that a process which only serves need not load it.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from apps import policy
from apps.extensions.authority import allowed, rules_in
from apps.extensions.capabilities import TABLE, cedar_schema
from apps.extensions.finding import ExtensionFiles
from apps.policy.places import FOLDER

FILE: Final = "granted.json"
KEPT: Final = 256
"""So many, one for each extension of a commit; the oldest go first."""
FILE_BYTES: Final = 1024 * 1024
SOURCES: Final = (".cedar", ".py", ".toml")


def left_of(
    granted: frozenset[str], extension: ExtensionFiles, kept: Mapping[str, bytes]
) -> frozenset[str]:
    """`kept` are all kept files of the commit."""
    if not granted:
        return granted
    file, key = Path(settings.STATE) / FILE, _key(granted, extension, kept)
    whole = _read(file)
    if key in whole:
        return granted
    left = allowed(rules_in(kept), extension, granted)
    # What was lost may have been lost to a fault of the moment.
    if left == granted:
        _write(file, [*whole, key][-KEPT:])
    return left


def _key(granted: frozenset[str], extension: ExtensionFiles, kept: Mapping[str, bytes]) -> str:
    """Of everything that the answer follows from."""
    files = {path: kept[path].hex() for path in sorted(kept) if path.startswith(FOLDER)}
    who = [extension.kind, extension.id, extension.origin]
    return _digest([_how(), files, who, sorted(granted)])


@cache
def _how() -> str:
    """Of the engine, of what we make of its answers, and of the policies that come with us."""
    ours = {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in policy.__path__
        for path in sorted(Path(folder).rglob("*"))
        if path.suffix in SOURCES
    }
    actions = {row.name: row.action for row in TABLE}
    return _digest([version("cedarpy"), cedar_schema(), actions, ours])


def _digest(values: list[Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _read(file: Path) -> list[str]:
    """Empty where there is none, or one that we did not write."""
    with suppress(OSError, ValueError, RecursionError):
        if file.stat().st_size <= FILE_BYTES:
            found = json.loads(file.read_text(encoding="utf-8"))
            if isinstance(found, list) and all(isinstance(each, str) for each in found):
                return found
    return []


def _write(file: Path, whole: list[str]) -> None:
    """Whole or not at all. What two write at once is asked again."""
    draft = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        draft.write_text(json.dumps(whole), encoding="utf-8")
        draft.replace(file)
