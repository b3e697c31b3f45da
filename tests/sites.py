"""Builders for tests: a real site repository, and a node that syncs and serves it."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from time import time

from apps.content.files import ContentFiles
from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.content.renderings import connect
from apps.delivery.answer import answer
from apps.delivery.live import LiveSite
from apps.delivery.replies import FilePart, Reply
from apps.delivery.requests import PageRequest, decode_path, new_id
from apps.delivery.served import Node, load_served
from apps.extensions.containment.containment import Containment
from apps.extensions.loading import check
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.report import SyncReport
from apps.gitsync.source import SiteSource
from apps.gitsync.syncing.sync import sync
from apps.gitsync.syncing.update import LocalSite
from apps.runtime.workers import Workers
from tests.committing import import_commit
from tests.scribes import OWN

ROOT = Path(__file__).resolve().parent.parent
CONFIG = '[whispercms]\ntitle = "A test site"\n'


class SiteRepository:
    """A bare repository that commits are made in, each a day after the one before."""

    def __init__(self, path: Path) -> None:
        self.git = Repository(path)
        self.git.create()
        self._days = 0

    @property
    def path(self) -> str:
        return str(self.git.path)

    def commit(
        self, files: Mapping[str, str | bytes | None], branch: str = "main", message: str = "Edit\n"
    ) -> str:
        """`files` maps paths to contents, None removes."""
        moment = 1_577_836_800 + self._days * 86_400
        self._days += 1
        author = Author("Ada", "ada@example.org", f"{moment} +0000")
        return import_commit(
            self.git,
            f"refs/heads/{branch}",
            {p: c.encode() if isinstance(c, str) else c for p, c in files.items()},
            message=message,
            author=author,
        )


class Site:
    """One node: its clone, its index and its live site. Nothing in it is shared with others."""

    def __init__(
        self, repository: SiteRepository, folder: Path, workers: Workers, renderer: Renderer
    ) -> None:
        self.files = ContentFiles(
            index=folder / "index.sqlite3",
            generation=folder / "generation",
            renderings=folder / "renderings.sqlite3",
            assets=folder / "assets",
        )
        self.source = SiteSource(
            remote=repository.path, branch=None, folder=folder, asset_bytes=8 * 1024 * 1024
        )
        self._workers, self._renderer = workers, renderer
        self._live: LiveSite | None = None
        self.containment = Containment()
        self.clock: Callable[[], float] = time
        self.pinned = False
        """As in development, so that a test need not pin what it is not about."""
        connect(self.files.renderings).close()

    @property
    def local(self) -> LocalSite:
        return LocalSite(
            source=self.source,
            files=self.files,
            renderer=self._renderer,
            merges=OWN,
            check=partial(check, workers=self._workers, bundled=ROOT, pinned=self.pinned),
            bundled=ROOT,
        )

    def sync(
        self,
        *,
        rebuild: bool = False,
        dry_run: bool = False,
        fetching: bool = True,
        accept_rewritten: bool = False,
    ) -> SyncReport:
        return sync(
            self.local,
            rebuild=rebuild,
            dry_run=dry_run,
            fetching=fetching,
            accept_rewritten=accept_rewritten,
        )

    @property
    def live(self) -> LiveSite:
        if self._live is None:
            self._live = self.another_process(lambda: self.clock())
        return self._live

    def another_process(self, clock: Callable[[], float]) -> LiveSite:
        """What another process of the node, with a clock of its own, has of the same files."""
        node = Node(
            index=Index(self.files),
            files=self.files,
            renderer=self._renderer,
            workers=self._workers,
            bundled=ROOT,
            containment=self.containment,
            pinned=self.pinned,
            clock=clock,
        )
        return LiveSite(self.files, partial(load_served, node), clock=clock)

    def get(self, path: str, *, method: str = "GET", query: str = "", **headers: str) -> Reply:
        """What a visitor gets; the path is quoted as a browser would send it."""
        request = PageRequest(
            method=method,
            path=decode_path(path.encode(), quoted=True),
            query=query,
            headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
            id=new_id(),
        )
        return answer(request, self.live)

    def text(self, path: str) -> str:
        return body(self.get(path)).decode()

    def stop(self) -> None:
        if self._live is not None:
            self._live.stop()


def body(reply: Reply) -> bytes:
    if isinstance(reply.body, FilePart):
        with reply.body.path.open("rb") as file:
            file.seek(reply.body.start)
            return file.read(reply.body.length)
    return reply.body
