"""Puts another clone in the place of a node's own; no ref of the old one is ever lost.

Killed between any two lines, there is the old clone or the new one, and `finish` does the rest.
"""

import secrets
import shutil
import time
from pathlib import Path
from typing import Final

import structlog

from apps.gitsync.clone.bundles import lacking
from apps.gitsync.clone.certainty import is_sure, readable
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import SiteSource

log = structlog.get_logger("whispercms.sync")

RESCUED: Final = "refs/whispercms/rescued/"


def replace_clone(source: SiteSource, fresh: Path) -> dict[str, str]:
    """`fresh` is whole, and lies beside. Returns the refs of the old clone that it did not hold;
    they are kept below `RESCUED`. The caller holds the lock."""
    rescued = finish(source)
    ready, old = _ready(source), _old(source)
    fresh.rename(ready)
    if source.repository.exists():
        source.repository.rename(old)
    ready.rename(source.repository)
    return {**rescued, **finish(source)}


def finish(source: SiteSource) -> dict[str, str]:
    """What a killed `replace_clone` left; two looks at the disk when it left nothing. What others
    wrote into the old clone until the last moment is rescued too. Raises GitFault where it is not
    sure whether it can be; then the next one goes on."""
    ready, old = _ready(source), _old(source)
    if ready.exists():
        if source.repository.exists():
            shutil.rmtree(ready)
        else:
            ready.rename(source.repository)
    if not old.exists():
        return {}
    if not source.repository.exists():
        old.rename(source.repository)
        return {}
    repository = Repository(source.repository, durable=True)
    rescued = readable(lambda: rescue(repository, old), proof=is_sure)
    if rescued is None:
        aside = old.with_name(f"damaged-{_stamp()}.git")
        log.warning("the old clone cannot be read and is kept", path=str(aside))
        old.rename(aside)
        return {}
    shutil.rmtree(old)
    return rescued


def rescue(repository: Repository, old: Path) -> dict[str, str]:
    """Ref → commit of what only `old` holds; here it is below `RESCUED`. Raises GitFault."""
    return lacking(repository, old, kept=RESCUED, below=f"{RESCUED}{_stamp()}/")


def _stamp() -> str:
    return f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{secrets.token_hex(4)}"


def _ready(source: SiteSource) -> Path:
    return source.folder / "restored.git"


def _old(source: SiteSource) -> Path:
    return source.folder / "replaced.git"
