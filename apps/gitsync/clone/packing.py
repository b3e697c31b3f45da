"""Puts a clone's many small files together, and removes what killed Gits left of theirs.

No object is ever dropped, be it named by a ref or not. Readers go on: they hold the old files open,
or look again. Killed anywhere, the clone has each object once or twice.
"""

import json
import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import structlog

from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.locks import exclusive
from apps.gitsync.source import SiteSource

log = structlog.get_logger("whispercms.sync")

PACKED, UNNEEDED, UNFINISHED = "packed", "not needed", "unfinished"
LOOSE_OBJECTS: Final = 500
PACKS: Final = 10
PACK_SECONDS: Final = 300
LEFT_SECONDS: Final = 24 * 3600.0
"""No Git of ours runs so long, so what is older has nobody."""
TEMPORARY: Final = re.compile(r"\.?tmp[-_].*")
LOW_MEMORY: Final = ("core.bigFileThreshold=16m", "pack.threads=1", "pack.windowMemory=64m")
FRUGAL: Final = tuple(part for value in LOW_MEMORY for part in ("-c", value))
HOW: Final = ("--geometric=2", "-d", "-l", "-n", "-q", "--no-write-bitmap-index")


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """What a clone is made of. `bytes` are those of objects, `garbage` is the number of files that
    Git does not read."""

    loose: int
    packs: int
    bytes: int
    garbage: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """How the last one went. `at` in seconds since 1970; `removed` files were left over."""

    state: str
    at: float
    removed: int
    store: Store
    reason: str = ""


def is_worth_it(store: Store) -> bool:
    return store.loose > LOOSE_OBJECTS or store.packs > PACKS


def pack(source: SiteSource, now: float, *, force: bool = False) -> Packing:
    """Waits for a sync of this node; saves go on meanwhile. Raises GitFault or OSError."""
    with exclusive(source.lock):
        repository = Repository(source.repository, durable=True)
        removed, reason = remove_leftovers(repository.path, now), ""
        state = PACKED if force or is_worth_it(store_of(repository)) else UNNEEDED
        if state == PACKED:
            try:
                repository.run("repack", *HOW, configuration=FRUGAL, seconds=PACK_SECONDS)
            except GitFault as error:
                state, reason = UNFINISHED, error.reason
                log.warning("the clone was not packed", code=error.code, reason=reason)
        done = Packing(
            state=state, at=now, removed=removed, store=store_of(repository), reason=reason
        )
        _write(source.packing, done)
        return done


def store_of(repository: Repository) -> Store:
    """Raises GitFault."""
    said = repository.plumb("count-objects", "-v").decode()
    counted = {key: int(value) for key, _, value in (s.partition(": ") for s in said.splitlines())}
    return Store(
        loose=counted["count"],
        packs=counted["packs"],
        bytes=1024 * (counted["size"] + counted["size-pack"]),
        garbage=counted["garbage"],
    )


def remove_leftovers(clone: Path, now: float) -> int:
    """How many. What is younger may be somebody's at work, and a pack that lost its index may be
    all there is of an object."""
    removed = 0
    for folder, _, names in os.walk(clone / "objects"):
        for path in (Path(folder, name) for name in names if TEMPORARY.fullmatch(name)):
            with suppress(FileNotFoundError):
                if now - path.stat().st_mtime > LEFT_SECONDS:
                    path.unlink()
                    removed += 1
    return removed


def read_packing(source: SiteSource) -> Packing | None:
    try:
        values = json.loads(source.packing.read_text())
        return Packing(**{**values, "store": Store(**values["store"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, done: Packing) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(done), indent=2))
    draft.replace(path)
