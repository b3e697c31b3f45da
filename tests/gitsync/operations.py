"""A node with all that it does to a site, and what must hold after any of it was killed."""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass

from apps.content.upgrades import Migration
from apps.gitsync.backups.backup import backup, verify
from apps.gitsync.backups.restore import restore
from apps.gitsync.clone.packing import PACKED, pack
from apps.gitsync.clone.tending import tend
from apps.gitsync.git.repository import Repository
from apps.gitsync.merging.resolving import list_conflicts
from apps.gitsync.releases.refs import known
from apps.gitsync.report import REFUSED
from apps.gitsync.writing.deciding import decide
from apps.gitsync.writing.publication import CONFLICT, PUBLISHED, UNCHANGED
from apps.gitsync.writing.upgrading import upgrade_site
from tests.gitsync.crashing import let_an_hour_pass
from tests.gitsync.holdings import rows, write_row
from tests.gitsync.releasing import ADA
from tests.gitsync.worlds import AFTER, World
from tests.scribes import OWN, OwnScribe
from tests.sites import CONFIG

Acknowledge = Callable[[str], None]
STEP = Migration(
    before=0,
    says="pages say so",
    wants=lambda path: path == "content/two.md",
    change=lambda files: {
        path: content + b"\nUpgraded.\n"
        for path, content in files.items()
        if path == "content/two.md"
    },
)
UPGRADES = OwnScribe(migrations=(STEP,))


@dataclass(frozen=True, slots=True)
class Operation:
    """`prepare` tells what it acknowledged; `run` is killed; `again` is how a person goes on."""

    name: str
    prepare: Callable[[World, Acknowledge], None]
    run: Callable[[World, Acknowledge], None]
    again: Callable[[World], None]
    check: Callable[[World], None] = lambda world: None


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


def _clone_prepare(world: World, acknowledge: Acknowledge) -> None:
    """A machine that has never had the site."""
    shutil.rmtree(world.folder / "node")
    World(world.folder, *world.made_with)


def _clone(world: World, acknowledge: Acknowledge) -> None:
    assert world.node.main.sync().state != REFUSED


def _pack_prepare(world: World, acknowledge: Acknowledge) -> None:
    """Objects in packs and beside them, some of which only a draft names, and what a Git left."""
    for number in range(3):
        _save(world, acknowledge)
        world.remote.commit({"content/five.md": f"# Five {number}\n"})
        world.node.main.sync()
        if number:
            world.node.git.plumb("repack", "-d", "-q")
    draft = world.save("content/six.md", "# Six\n")
    world.node.git.set("refs/whispercms/drafts/ada/1", draft)
    world.node.git.set("refs/heads/main", f"{draft}~")
    acknowledge(draft)
    left = world.node.git.path / "objects" / "pack" / "tmp_pack_left"
    left.touch()
    os.utime(left, (0, 0))


def _pack(world: World, acknowledge: Acknowledge) -> None:
    assert pack(world.node.main.source, time.time(), force=True).state == PACKED


def _upgrade_prepare(world: World, acknowledge: Acknowledge) -> None:
    """The remote's newest commit is of another schema, and is not served."""
    world.remote.commit({"config.toml": f"{CONFIG}schema = 0\n"})
    assert world.node.main.sync().state == REFUSED


def _upgrade(world: World, acknowledge: Acknowledge) -> None:
    report = upgrade_site(world.node.main.source, ADA, upgrades=UPGRADES, migrations=(STEP,))
    if report.commit:
        acknowledge(report.commit)
    assert world.node.main.sync().state != REFUSED


def _resolve_prepare(world: World, acknowledge: Acknowledge) -> None:
    acknowledge(world.save("content/one.md", "---\ntitle: Before\n---\nmy text\n"))
    world.remote.commit({"content/one.md": "---\ntitle: Before\n---\ntheir text\n"})
    assert world.publish() == CONFLICT


def _resolve(world: World, acknowledge: Acknowledge) -> None:
    for conflict in list_conflicts(world.node.git):
        contents = {file.path: b"---\ntitle: Both\n---\nboth texts\n" for file in conflict.files}
        source = world.node.main.source
        acknowledge(decide(source, conflict, {}, contents, author=ADA, merges=OWN))


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
    Operation("clone", _clone_prepare, _clone, _quietly(_clone)),
    Operation("pack", _pack_prepare, _pack, _quietly(_pack)),
    Operation("upgradesite", _upgrade_prepare, _upgrade, _quietly(_upgrade)),
    Operation("resolve", _resolve_prepare, _resolve, _quietly(_resolve)),
)


def check(
    world: World, operation: Operation, states: set[tuple[str, ...]], named: set[str]
) -> None:
    """`states` are what may be served, `named` what must be found on a ref."""
    served = world.served()
    assert served in states, "neither the old state is served nor the new one"
    if served[0]:
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
