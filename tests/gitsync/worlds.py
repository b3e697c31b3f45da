"""A remote and a node that serves two branches of it, made once and copied from then on."""

import shutil
from contextlib import closing
from pathlib import Path

from apps.content.index_writer import IndexWriter
from apps.content.rendering import Renderer
from apps.gitsync.backups.backup import Holdings
from apps.gitsync.git.repository import Repository
from apps.gitsync.writing.publishing import publish
from apps.gitsync.writing.saving import save
from apps.runtime.workers import Workers
from tests.gitsync.holdings import holdings_at, write_row
from tests.gitsync.releasing import ADA, Node
from tests.sites import CONFIG, Site, SiteRepository

BEFORE: dict[str, str | bytes | None] = {
    "config.toml": CONFIG,
    "content/one.md": "---\ntitle: Before\n---\nold text\n",
    "content/two.md": "# Two\n",
    "media/a.bin": b"a" * 2000,
}
AFTER: dict[str, str | bytes | None] = {
    "content/one.md": "---\ntitle: After\n---\nnew text\n",
    "content/two.md": None,
    "content/three.md": "# Three\n",
    "media/b.bin": b"b" * 2000,
}


class Remote(SiteRepository):
    """Another machine's: what is killed here never made it."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            super().__init__(path)
        self.git, self._days = Repository(path), 0


class World:
    """A remote with the branches `main` and `preview`, and a node that serves both."""

    def __init__(self, folder: Path, workers: Workers, renderer: Renderer) -> None:
        self.folder, self.made_with = folder, (workers, renderer)
        self.remote = Remote(folder / "remote.git")
        self.node = Node(self.remote, folder / "node", workers, renderer)

    @property
    def sites(self) -> tuple[Site, Site]:
        return self.node.main, self.node.preview

    @property
    def holdings(self) -> Holdings:
        return holdings_at(self.folder / "node", self.node.main.source)

    @property
    def file(self) -> Path:
        return self.folder / "backup.tar"

    def save(self, path: str, text: str) -> str:
        return save(
            self.node.main.source,
            {path: text.encode()},
            author=ADA,
            cause=f"Edit {path}",
            trailers={"Cause": "test"},
        )

    def publish(self) -> str:
        return publish(self.node.main.local, author=ADA).state

    def served(self) -> tuple[str, ...]:
        return tuple(map(_served, self.sites))

    def named(self) -> set[str]:
        """Every object that a ref of the node or of the remote leads to."""
        found: set[str] = set()
        for repository in (self.node.git, self.remote.git):
            if not (repository.exists() and (repository.path / "refs").is_dir()):
                continue  # It was killed while it was made for the first time.
            found |= set(repository.plumb("rev-list", "--all").decode().split())
        return found


def _served(site: Site) -> str:
    """As the node itself opens it: there may be no index yet, or one without a table."""
    with closing(IndexWriter(site.files)) as writer:
        pointer = writer.pointer()
    return pointer.commit_id if pointer else ""


def base(world: World) -> None:
    world.remote.commit(BEFORE)
    commit = world.remote.commit({"content/two.md": "# Two\n\nA day later.\n"})
    world.remote.git.set("refs/heads/preview", commit)
    world.node.sync()
    write_row(world.holdings.database, "first")


def copied(template: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder, symlinks=True)
