"""Commits other than the one that is served, ready to make pages of: few at once, put away when
nobody looks at them."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from django.conf import settings

from apps.console.node import ConsoleNode
from apps.console.publishing.bounds import BESIDE, BESIDE_SECONDS
from apps.content.files import ContentFiles
from apps.delivery.served import Served, load_served
from apps.extensions.settling import ExtensionsUnusable
from apps.gitsync.errors import GitFault
from apps.gitsync.local import storage
from apps.gitsync.syncing.beside import bring_beside
from apps.gitsync.syncing.update import LocalSite


@dataclass(slots=True, eq=False)
class Beside:
    """`folder` holds its index, and goes with it; `lookers` are at it now."""

    served: Served
    folder: "TemporaryDirectory[str]"
    looked: float
    lookers: int = 0

    def close(self) -> None:
        self.served.registry.close()
        self.folder.cleanup()


Key = tuple[str, str]
_ready: "OrderedDict[Key, Beside]" = OrderedDict()
_lock = threading.RLock()
_timers: list[threading.Timer] = []


@contextmanager
def looking(console: ConsoleNode, commit: str) -> Iterator[Served]:
    """The site as it would be served at a commit. The first time costs reading what differs from
    the commit that is served. Raises GitFault."""
    live = console.live.current()
    if live.commit == commit:
        yield replace(live, containment=live.containment.apart())
        return
    found = _found(console, commit)
    try:
        yield found.served
    finally:
        with _lock:
            found.lookers -= 1
            found.looked = monotonic()


def forget_all() -> None:
    with _lock:
        while _ready:
            _ready.popitem()[1].close()


def _found(console: ConsoleNode, commit: str) -> Beside:
    with _lock, storage():
        key = (str(settings.SITE_FILES.index), commit)
        if key not in _ready:
            _ready[key] = _made(console, console.site(), commit)
        found = _ready[key]
        found.lookers += 1
        _ready.move_to_end(key)
        idle = [k for k, each in _ready.items() if not each.lookers]
        for old in idle[: max(0, len(_ready) - BESIDE)]:
            _ready.pop(old).close()
        _watch()
        return found


def _made(console: ConsoleNode, site: LocalSite, commit: str) -> Beside:
    folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="whispercms-beside-")
    try:
        files = _files(site, Path(folder.name))
        bring_beside(site, commit, files)
        return Beside(load_served(console.apart(files), None), folder, monotonic())
    except ExtensionsUnusable as error:
        folder.cleanup()
        raise GitFault("commit.unusable", str(error), "Look at its files instead") from error
    except BaseException:
        folder.cleanup()
        raise


def _files(site: LocalSite, folder: Path) -> ContentFiles:
    return replace(site.files, index=folder / "index.sqlite3", generation=folder / "generation")


def _watch() -> None:
    """Puts away what nobody looks at, as long as there is something."""
    if not _timers:
        timer = threading.Timer(BESIDE_SECONDS, _sweep)
        timer.daemon = True
        _timers.append(timer)
        timer.start()


def _sweep() -> None:
    with _lock:
        _timers.clear()
        before = monotonic() - BESIDE_SECONDS
        for key in [k for k, v in _ready.items() if not v.lookers and v.looked <= before]:
            _ready.pop(key).close()
        if _ready:
            _watch()
