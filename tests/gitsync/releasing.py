"""Two environments of one site on one node, and what a visitor gets of every address."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from apps.content.rendering import Renderer
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.promoting.promotion import promote
from apps.gitsync.promoting.releasing import Order, ReleaseReport
from apps.gitsync.promoting.rollback import rollback
from apps.runtime.workers import Workers
from tests.sites import Site, SiteRepository, body

NOW = 1_700_000_000.0
ADA = Author("Ada", "ada@example.org", "1700000000 +0000")


class Node:
    """A node that serves `preview` and `main`, each from an index of its own."""

    def __init__(
        self, repository: SiteRepository, folder: Path, workers: Workers, renderer: Renderer
    ) -> None:
        self.main = Site(repository, folder, workers, renderer)
        self.preview = Site(repository, folder, workers, renderer)
        self.main.source = replace(self.main.source, branch="main")
        self.preview.source = replace(self.main.source, branch="preview", environment="preview")
        self.preview.files = replace(
            self.main.files, index=folder / "preview.sqlite3", generation=folder / "preview"
        )
        self._seconds = 0

    @property
    def git(self) -> Repository:
        return Repository(self.main.source.repository)

    def sync(self) -> None:
        self.preview.sync()
        self.main.sync()

    def order(self) -> Order:
        self._seconds += 1
        return Order(author=ADA, cause="a test", now=NOW + self._seconds)

    def promote(self, *, origin: Site | None = None, dry_run: bool = False) -> ReleaseReport:
        source = (origin or self.preview).source
        return promote(source, self.main.local, self.order(), dry_run=dry_run)

    def rollback(
        self, release_id: str | None = None, *, inexact: bool = False, dry_run: bool = False
    ) -> ReleaseReport:
        return rollback(
            self.main.local,
            self.order(),
            release_id=release_id,
            inexact=inexact,
            dry_run=dry_run,
        )

    def stop(self) -> None:
        self.main.stop()
        self.preview.stop()


def pages(site: Site) -> dict[str, str]:
    """address → digest of status, headers and bytes, of every address that the index knows, of its
    lists and feed, and of one that there is not."""
    return {url: _digest(site, url) for url in addresses(site)}


def addresses(site: Site) -> list[str]:
    with closing(sqlite3.connect(f"{site.files.index.as_uri()}?mode=ro", uri=True)) as index:
        rows = [
            *index.execute("SELECT url FROM document"),
            *index.execute("SELECT url FROM alias"),
            *index.execute("SELECT url FROM asset"),
            *(
                (f"/{taxonomy}/{slug}/",)
                for taxonomy, slug in index.execute("SELECT DISTINCT taxonomy, slug FROM term")
            ),
            *((f"/{s}/",) for (s,) in index.execute("SELECT DISTINCT section FROM document") if s),
        ]
    known = {quote(url) for (url,) in rows}
    return sorted({*known, "/", "/feed/", "/nothing/here/", *_numbered(site, known)})


def _numbered(site: Site, known: set[str]) -> Iterator[str]:
    """The second pages of lists."""
    for url in sorted({"/", *known}):
        if url.endswith("/") and site.get(f"{url}page/2/").status == 200:
            yield f"{url}page/2/"


def _digest(site: Site, url: str) -> str:
    reply = site.get(url)
    headers = sorted((name, value) for name, value in reply.headers if name != "x-request-id")
    content = body(reply) if reply.status == 200 else b""
    return hashlib.sha256(repr((reply.status, headers)).encode() + content).hexdigest()
