"""Keeps a node's clone whole: checks it when there is reason to, and makes it anew from the remote
when it is damaged, with all that can still be read of our own.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final, TypeVar

import structlog

from apps.gitsync.clone import integrity
from apps.gitsync.clone.remote import fetch
from apps.gitsync.clone.replacing import finish, replace_clone
from apps.gitsync.clone.salvage import Salvage, salvage, salvage_late, stored_refs
from apps.gitsync.clone.tended import DAMAGED, MENDED, SOUND, UNFINISHED, Tended, read_tended
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.locks import exclusive
from apps.gitsync.source import SiteSource

log = structlog.get_logger("whispercms.sync")

T = TypeVar("T")

NONE: Final[Mapping[str, str | None]] = {}
LONG_SECONDS: Final = 24 * 3600.0
BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
SUSPICIOUS: Final = frozenset(
    {"git.damaged", "git.missing-object", "git.locked", "remote.damaged", "branch.unknown"}
)
"""Faults that a damaged clone may be behind."""


def is_due(last: Tended | None, now: float, boot: str, *, unclean: bool) -> bool:
    """Whether a check at a start is worth its time. Pure."""
    if last is None or unclean or last.state not in (SOUND, MENDED):
        return True
    return last.boot != boot or not 0 <= now - last.at < LONG_SECONDS


def tend(source: SiteSource, *, full: bool = False, mend: bool = True) -> Tended:
    """Waits for its turn. Raises GitFault when a damaged clone cannot be made anew now, as when the
    remote is away; then it is left as it is, and so is what is served."""
    with exclusive(source.lock):
        return _tend(source, full=full, mend=mend)


def tend_if_due(source: SiteSource) -> Tended | None:
    """At a start. Raises GitFault."""
    now, boot = time.time(), _boot()
    due = is_due(read_tended(source), now, boot, unclean=source.unclean.exists())
    return tend(source) if due and Repository(source.repository).exists() else None


def with_whole_clone(source: SiteSource, call: Callable[[], T]) -> T:
    """Calls again, once, when the clone was behind a fault and is whole now."""
    try:
        return call()
    except GitFault as fault:
        if fault.code not in SUSPICIOUS:
            raise
        with exclusive(source.lock):
            healed = integrity.settle(Repository(source.repository))
            locked = fault.code == "git.locked"  # Whoever takes the lock clears what is left over.
            full = fault.code.startswith("git.")  # Something was read, not merely looked for.
            state = SOUND if locked else _tend(source, full=full).state
        if not healed and not locked and state == SOUND:
            raise
    return call()


def acknowledge(source: SiteSource) -> Tended | None:
    """A person has read what was lost and found. Raises OSError."""
    last = read_tended(source)
    return _write(source, replace(last, lost=(), recovered=())) if last else None


def _tend(source: SiteSource, *, full: bool = False, mend: bool = True) -> Tended:
    finish(source)
    repository = Repository(source.repository)
    if mend:
        integrity.settle(repository)
    state, done = SOUND, Salvage()
    findings: tuple[str, ...] = ()
    try:
        findings = integrity.check(repository, full=full)
    except GitFault as error:
        state, findings = UNFINISHED, (error.reason,)
    if state == SOUND and findings:
        log.warning("the clone is damaged", findings=findings)
        state = DAMAGED
        if mend:
            _write(source, _tended(source, state, findings, done))
            state, done = MENDED, _mend(source)
            log.warning("the clone was made anew", saved=len(done.saved), lost=done.losses)
    if mend and state == SOUND:
        done = _with_asides(source, done)
    looked = mend and state in (SOUND, MENDED)
    tended = _tended(source, state, findings, done)
    if looked:
        tended = replace(tended, asides=tuple(aside.name for aside in _asides(source)))
    _write(source, tended)
    if state in (SOUND, MENDED):
        source.unclean.unlink(missing_ok=True)
    return tended


def _mend(source: SiteSource) -> Salvage:
    """What others wrote into the old clone until the last moment is saved too. Killed anywhere, it
    is begun again: the old clone is where it was, or the new one is whole."""
    fresh = Repository(source.folder / "mending.git")
    shutil.rmtree(fresh.path, ignore_errors=True)
    fetch(fresh, source)
    seen = stored_refs(source.repository)
    done = salvage(source.repository, fresh)
    replace_clone(source, fresh.path)
    return _with_asides(source, done, seen)


def _with_asides(
    source: SiteSource, done: Salvage, seen: Mapping[str, str | None] = NONE
) -> Salvage:
    """And what only a clone holds that could not be read when it was replaced. Each is looked
    through once; `seen` are refs that were saved already, as far as they can be."""
    last = read_tended(source)
    for aside in _asides(source):
        if last is None or aside.name not in last.asides:
            late = salvage_late(aside, Repository(source.repository), seen)
            done.found += late.found
            done.losses += late.losses
    return done


def _asides(source: SiteSource) -> list[Path]:
    return sorted(source.folder.glob("damaged-*.git"))


def _tended(source: SiteSource, state: str, findings: tuple[str, ...], done: Salvage) -> Tended:
    """What was lost before stays until a person has read it."""
    last = read_tended(source)
    return Tended(
        state=state,
        at=time.time(),
        boot=_boot(),
        findings=findings,
        lost=tuple(dict.fromkeys((*(last.lost if last else ()), *done.losses))),
        recovered=tuple(dict.fromkeys((*(last.recovered if last else ()), *done.found))),
        asides=last.asides if last else (),
    )


def _write(source: SiteSource, tended: Tended) -> Tended:
    source.folder.mkdir(parents=True, exist_ok=True)
    draft = source.tended.with_name(f".{source.tended.name}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(tended), indent=2))
    draft.replace(source.tended)
    return tended


def _boot() -> str:
    try:
        return BOOT.read_text().strip()
    except OSError:
        return ""
