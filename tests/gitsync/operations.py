"""A node with all that it does to a site, and what must hold after any of it was killed."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.gitsync.backups.backup import Holdings, backup, verify
from apps.gitsync.backups.restore import restore
from apps.gitsync.clone.tending import tend
from apps.gitsync.git.repository import Repository
from apps.gitsync.releases.refs import known
from apps.gitsync.report import REFUSED
from apps.gitsync.writing.publication import PUBLISHED, UNCHANGED
from apps.gitsync.writing.publishing import publish
from apps.gitsync.writing.saving import save
from apps.runtime.workers import Workers
from tests.gitsync.crashing import let_an_hour_pass
from tests.gitsync.holdings import holdings_at, rows, write_row
from tests.gitsync.releasing import ADA, Node
from tests.sites import CONFIG, Site, SiteRepository

Acknowledge = Callable[[str], None]
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
        self.folder = folder
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
        pointers = [Index(site.files).pointer() for site in self.sites]
        return tuple(pointer.commit_id if pointer else "" for pointer in pointers)

    def named(self) -> set[str]:
        """Every object that a ref of the node or of the remote leads to."""
        found: set[str] = set()
        for repository in (self.node.git, self.remote.git):
            found |= set(repository.plumb("rev-list", "--all").decode().split())
        return found


@dataclass(frozen=True, slots=True)
class Operation:
    """`prepare` tells what it acknowledged; `run` is killed; `again` is how a person goes on."""

    name: str
    prepare: Callable[[World, Acknowledge], None]
    run: Callable[[World, Acknowledge], None]
    again: Callable[[World], None]
    check: Callable[[World], None] = lambda world: None


def base(world: World) -> None:
    world.remote.commit(BEFORE)
    commit = world.remote.commit({"content/two.md": "# Two\n\nA day later.\n"})
    world.remote.git.set("refs/heads/preview", commit)
    world.node.sync()
    write_row(world.holdings.database, "first")


def _sync_prepare(world: World, acknowledge: Acknowledge) -> None:
    world.remote.commit(AFTER)


def _sync(world: World) -> None:
    assert world.node.main.sync().state != REFUSED


def _save_prepare(world: World, acknowledge: Acknowledge) -> None:
    acknowledge(world.save("content/four.md", "# Four\n"))


def _save(world: World, acknowledge: Acknowledge) -> None:
    for number in range(2):
        acknowledge(world.save("content/four.md", f"# Four\n\nEdit {number}.\n"))


def _publish_prepare(world: World, acknowledge: Acknowledge) -> None:
    acknowledge(world.save("content/four.md", "# Four\n"))
    acknowledge(world.save("content/two.md", "# Two\n\nA day later.\n\nMine.\n"))
    world.remote.commit({"content/one.md": "---\ntitle: Theirs\n---\nold text\n"})


def _publish(world: World) -> None:
    assert world.publish() in (PUBLISHED, UNCHANGED)


def _promote_prepare(world: World, acknowledge: Acknowledge) -> None:
    world.remote.commit(AFTER, branch="preview")
    world.node.preview.sync()


def _promote(world: World, acknowledge: Acknowledge) -> None:
    report = world.node.promote()
    release = report.release
    assert release is not None, report.as_json()
    acknowledge(known(world.node.git)[release.id])


def _rollback_prepare(world: World, acknowledge: Acknowledge) -> None:
    _promote(world, acknowledge)
    _promote_prepare(world, acknowledge)
    _promote(world, acknowledge)


def _rollback(world: World, acknowledge: Acknowledge) -> None:
    first = next(iter(known(world.node.git)))
    report = world.node.rollback(first)
    release = report.release
    assert release is not None, report.as_json()
    acknowledge(known(world.node.git)[release.id])


def _backup(world: World, acknowledge: Acknowledge) -> None:
    backup(world.holdings, world.file, now=1.6e9)


def _check_backup(world: World) -> None:
    if world.file.exists():
        verify(world.file)


def _restore_prepare(world: World, acknowledge: Acknowledge) -> None:
    acknowledge(world.save("content/four.md", "# Four\n"))
    world.node.main.sync()
    _backup(world, acknowledge)
    acknowledge(world.save("content/four.md", "# Four\n\nNewer.\n"))
    world.node.main.sync()
    write_row(world.holdings.database, "second")


def _restore(world: World, acknowledge: Acknowledge) -> None:
    restore(world.holdings, world.file, force=True)
    world.node.main.sync()


def _check_restore(world: World) -> None:
    assert rows(world.holdings.database) in (["first"], ["first", "second"])


def _mend_prepare(world: World, acknowledge: Acknowledge) -> None:
    """What is damaged, the remote has; what is acknowledged, this node alone."""
    acknowledge(world.save("content/four.md", "# Four\n"))
    world.node.main.sync()
    blob = world.node.git.plumb("rev-parse", "refs/remotes/origin/main:media/a.bin").decode()
    path = world.node.git.path / "objects" / blob[:2] / blob[2:].strip()
    path.chmod(0o644)
    path.write_bytes(b"")


def _mend(world: World, acknowledge: Acknowledge) -> None:
    tended = tend(world.node.main.source, full=True)
    assert not (tended.lost or tended.recovered), tended


def _quietly(run: Callable[[World, Acknowledge], None]) -> Callable[[World], None]:
    return lambda world: run(world, lambda name: None)


OPERATIONS = (
    Operation("sync", _sync_prepare, lambda world, acknowledge: _sync(world), _sync),
    Operation("save", _save_prepare, _save, _quietly(_save)),
    Operation("publish", _publish_prepare, lambda world, acknowledge: _publish(world), _publish),
    Operation("promote", _promote_prepare, _promote, _quietly(_promote)),
    Operation("rollback", _rollback_prepare, _rollback, _quietly(_rollback)),
    Operation("backup", _save_prepare, _backup, _quietly(_backup), _check_backup),
    Operation("mend", _mend_prepare, _mend, _quietly(_mend)),
    Operation("restore", _restore_prepare, _restore, _quietly(_restore), _check_restore),
)


def copied(template: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder, symlinks=True)


def check(
    world: World, operation: Operation, states: set[tuple[str, ...]], named: set[str]
) -> None:
    """`states` are what may be served, `named` what must be found on a ref."""
    served = world.served()
    assert served in states, "neither the old state is served nor the new one"
    page = world.node.main.text("/one/")
    assert "text" in page, f"a visitor gets something else: {page[:500]!r}"
    operation.check(world)
    assert named <= world.named(), "an acknowledged edit is lost"
    let_an_hour_pass(world.folder / "node")
    operation.again(world)
    operation.check(world)
    for site in world.sites:
        report = site.sync()
        assert report.state != REFUSED, report.reason()
        assert site.sync(rebuild=True).digest == report.digest, "a rebuild ends in another digest"
    assert named <= world.named(), "an acknowledged edit was lost by going on"
    for repository in (world.node.git, world.remote.git):
        repository.plumb("fsck", "--connectivity-only", "--no-dangling", "--no-progress")
    assert Repository(world.node.main.source.repository).exists()
