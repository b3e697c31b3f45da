import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.gitsync.backups.archive import Manifest, described, write_archive
from apps.gitsync.backups.backup import Holdings, backup, verify
from apps.gitsync.backups.restore import restore
from apps.gitsync.clone.replacing import RESCUED, finish
from apps.gitsync.errors import BackupRefused
from apps.gitsync.git.repository import Repository
from apps.gitsync.report import APPLIED
from apps.runtime.workers import Workers
from tests.gitsync.holdings import DRAFT, filled, holdings_at, refs, rows, write, write_row
from tests.sites import CONFIG, Site, SiteRepository


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node and its backup."""
    folder = tmp_path_factory.mktemp("restore")
    backup(filled(folder / "node"), folder / "a.tar", now=1.6e9)
    return folder


@pytest.fixture
def file(template: Path) -> Path:
    return template / "a.tar"


@pytest.fixture
def holdings(template: Path, tmp_path: Path) -> Holdings:
    shutil.copytree(template / "node", tmp_path / "node")
    return holdings_at(tmp_path / "node")


def test_a_new_node_becomes_what_the_old_one_was(
    holdings: Holdings, file: Path, tmp_path: Path
) -> None:
    new = holdings_at(tmp_path / "new")
    new.settings.write_text(f'secret_key = "{"n" * 50}"\n')
    restore(new, file)
    assert refs(new) == refs(holdings)
    assert rows(new.database) == ["first"]
    own = new.settings.read_text()
    assert own.startswith(f'secret_key = "{"n" * 50}"\n')
    assert "port = 8001\n" in own
    left = {"repository.git", "settings.toml", "default.sqlite3", "sync.lock"}
    assert {path.name for path in new.source.folder.iterdir()} == left


@pytest.mark.long
def test_a_restored_node_serves_without_its_remote(
    repository: SiteRepository, site: Site, tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n\nbefore\n"})
    site.sync()
    old = holdings_at(site.source.folder, site.source)
    write_row(old.database, "first")
    backup(old, tmp_path / "a.tar", now=1.6e9)
    new = Site(repository, tmp_path / "new", workers, renderer)
    restore(holdings_at(new.source.folder, new.source), tmp_path / "a.tar")
    repository.git.path.rename(repository.git.path.with_name("gone.git"))
    assert new.sync(fetching=False).state == APPLIED
    assert new.text("/one/") == site.text("/one/")
    new.stop()


def test_what_the_backup_lacks_is_kept_or_the_node_left_alone(
    holdings: Holdings, file: Path
) -> None:
    newer = write(holdings, "newer")
    write_row(holdings.database, "second")
    before = refs(holdings)
    with pytest.raises(BackupRefused) as caught:
        restore(holdings, file)
    assert (caught.value.code, DRAFT in str(caught.value)) == ("backup.lacks-commits", True)
    assert (refs(holdings), rows(holdings.database)) == (before, ["first", "second"])
    assert restore(holdings, file, dry_run=True).rescued == {DRAFT: newer}
    assert (refs(holdings), rows(holdings.database)) == (before, ["first", "second"])
    assert restore(holdings, file, force=True).rescued == {DRAFT: newer}
    kept = {ref: commit for ref, commit in refs(holdings).items() if ref.startswith(RESCUED)}
    assert list(kept.values()) == [newer]
    assert rows(holdings.database) == ["first"]
    aside = holdings.settings.with_name("default-before-restore.sqlite3")
    assert rows(aside) == ["first", "second"]
    restore(holdings, file)
    assert kept.items() <= refs(holdings).items()


def test_an_edit_into_the_old_clone_at_the_last_moment_is_rescued(
    holdings: Holdings, file: Path
) -> None:
    folder = holdings.source.folder
    old = replace(holdings, source=replace(holdings.source, folder=folder / "old"))
    shutil.copytree(holdings.source.repository, old.source.repository)
    late = write(old, "late", "refs/heads/main")
    restore(holdings, file)
    old.source.repository.rename(folder / "replaced.git")
    assert finish(holdings.source) == {"refs/heads/main": late}
    assert not (folder / "replaced.git").exists()
    assert late in refs(holdings).values()


def test_a_clone_that_cannot_be_read_is_set_aside_only_when_asked(
    holdings: Holdings, file: Path
) -> None:
    write(holdings, "newer")
    for path in (holdings.source.repository / "objects").rglob("*"):
        if path.is_file():
            path.unlink()
    with pytest.raises(BackupRefused) as caught:
        restore(holdings, file)
    assert caught.value.code == "backup.unreadable-clone"
    restore(holdings, file, force=True)
    assert len(list(holdings.source.folder.glob("damaged-*.git"))) == 1


def test_those_who_have_the_database_open_see_all_of_it(holdings: Holdings, file: Path) -> None:
    with closing(sqlite3.connect(str(holdings.database))) as open_before:
        write_row(holdings.database, "second")
        assert len(open_before.execute("SELECT * FROM note").fetchall()) == 2
        restore(holdings, file)
        assert open_before.execute("SELECT * FROM note").fetchall() == [("first",)]
        assert open_before.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_another_site_or_a_newer_version_is_refused(holdings: Holdings, file: Path) -> None:
    other = replace(holdings, source=replace(holdings.source, remote="/somewhere/else.git"))
    for strange, code in (
        (other, "backup.other-site"),
        (replace(holdings, version="0.9"), "backup.newer"),
    ):
        with pytest.raises(BackupRefused) as caught:
            restore(strange, file)
        assert caught.value.code == code
    restore(other, file, force=True)


def _with_trigger(path: Path) -> None:
    write_row(path, "x")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON note BEGIN DELETE FROM note; END")


def _not_one(path: Path) -> None:
    path.write_bytes(b"not a database" * 100)


def _foreign_ref(path: Path) -> None:
    repository = Repository(path.with_name("foreign.git"))
    repository.create()
    repository.set("refs/replace/" + "1" * 40, repository.write_blob(b"x"))
    repository.plumb("bundle", "create", "-q", str(path), "--all")


@pytest.mark.parametrize(
    ("part", "make", "code"),
    [
        ("default.sqlite3", _with_trigger, "backup.database"),
        ("default.sqlite3", _not_one, "backup.database"),
        ("repository.bundle", _not_one, "backup.repository"),
        ("repository.bundle", _foreign_ref, "backup.repository"),
        ("settings.toml", _not_one, "backup.settings"),
    ],
)
def test_a_part_that_cannot_be_used_changes_nothing(
    holdings: Holdings,
    tmp_path: Path,
    part: str,
    make: Callable[[Path], None],
    code: str,
) -> None:
    bad = tmp_path / "bad"
    make(bad)
    manifest = Manifest(
        version="1.0.0", made=1, remote=holdings.remote, head=None, parts=(described(bad, part),)
    )
    write_archive(tmp_path / "bad.tar", manifest, {part: bad})
    before = refs(holdings)
    for force in (False, True):
        with pytest.raises(BackupRefused) as caught:
            restore(holdings, tmp_path / "bad.tar", force=force)
        assert caught.value.code == code
    if code != "backup.settings":
        with pytest.raises(BackupRefused):
            verify(tmp_path / "bad.tar")
    assert (refs(holdings), rows(holdings.database)) == (before, ["first"])
    assert not (holdings.source.folder / "restoring.mark").exists()
