"""A site that is exported to a folder of a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from apps.content.rendering import Renderer
from apps.delivery.exporting.export import Export, export
from apps.delivery.served import Node, Served, load_served
from apps.runtime.workers import Workers
from tests.delivery.trying.stage import node_of
from tests.sites import Site, SiteRepository

Files = dict[str, str | bytes | None]


@dataclass
class Stage:
    repository: SiteRepository
    site: Site
    folder: Path
    workers: Workers
    renderer: Renderer

    def commit(self, files: Files) -> None:
        self.repository.commit(files)
        assert self.site.sync().problems == ()

    def export(self, *, dry_run: bool = False) -> Export:
        with self.served() as (node, served):
            return export(node, served, self.folder, progress=lambda *_: None, dry_run=dry_run)

    @contextmanager
    def served(self) -> Iterator[tuple[Node, Served]]:
        node = node_of(self.site, self.workers, self.renderer)
        served = load_served(node, None)
        try:
            yield node, served
        finally:
            served.registry.close()

    def files(self) -> dict[str, bytes]:
        """By path, with what is hidden."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }
