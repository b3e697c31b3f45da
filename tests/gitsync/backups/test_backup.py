import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from apps.gitsync.backups.backup import Holdings, backup, verify
from apps.gitsync.errors import BackupRefused
from apps.gitsync.git.repository import Repository
from tests.gitsync.holdings import DRAFT, REMOTE, SECRET, filled, holdings_at, refs, write_row

NOW = 1_600_000_000.9


@pytest.fixture
def holdings(tmp_path: Path) -> Holdings:
    return filled(tmp_path / "node")


def test_one_private_file_holds_all_in_a_fixed_order(holdings: Holdings, tmp_path: Path) -> None:
    commit = refs(holdings)[DRAFT]
    file = tmp_path / "a.tar"
    report = backup(holdings, file, now=NOW)
    assert (file.stat().st_mode & 0o777, report.state) == (0o600, "written")
    with tarfile.open(file, "r:") as tar:
        assert tar.getnames() == [
            "backup.json",
            "settings.toml",
            "default.sqlite3",
            "repository.bundle",
        ]
        assert {member.mtime for member in tar.getmembers()} == {int(NOW)}
        tar.extractall(tmp_path, filter="data")
    heads = Repository(holdings.source.repository).plumb(
        "bundle", "list-heads", str(tmp_path / "repository.bundle")
    )
    assert f"{commit} {DRAFT}" in heads.decode()
    settings = (tmp_path / "settings.toml").read_text()
    assert SECRET not in file.read_bytes().decode("latin-1")
    assert settings.splitlines()[1:] == [
        f'remote = "{REMOTE}"',
        'hosts = ["a.b"]',
        "port = 8001",
    ]
    assert verify(file).as_json()["digest"] == report.as_json()["digest"]


def test_nothing_is_left_beside_it_and_the_same_state_makes_the_same_file(
    holdings: Holdings, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("a.tar", "b.tar", "a.tar"):
        backup(holdings, folder / name, now=NOW)
    assert sorted(path.name for path in folder.iterdir()) == ["a.tar", "b.tar"]
    assert (folder / "a.tar").read_bytes() == (folder / "b.tar").read_bytes()
    assert not (holdings.source.folder / "backup").exists()


def test_a_node_without_a_clone_has_a_backup_too(tmp_path: Path) -> None:
    holdings = holdings_at(tmp_path)
    write_row(holdings.database, "first")
    backup(holdings, tmp_path / "a.tar", now=NOW)
    assert "repository.bundle" not in verify(tmp_path / "a.tar").as_json()["parts"]


def test_another_database_is_left_to_its_own_tools(holdings: Holdings, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused) as caught:
        backup(replace(holdings, database=None), tmp_path / "a.tar", now=NOW)
    assert (caught.value.code, "pg_dump" in caught.value.remedy) == ("backup.engine", True)


def test_nothing_but_a_backup_is_written_over(holdings: Holdings, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Ada")
    with pytest.raises(BackupRefused):
        backup(holdings, file, now=NOW)
    assert file.read_text() == "Dear Ada"


def test_the_password_in_a_remote_stays_at_home(holdings: Holdings, tmp_path: Path) -> None:
    remote = "https://ada:hunter2@example.org/site.git"
    secretive = replace(
        holdings, source=replace(holdings.source, remote=remote), given={"remote": remote}
    )
    backup(secretive, tmp_path / "a.tar", now=NOW)
    content = (tmp_path / "a.tar").read_bytes()
    assert b"hunter2" not in content
    assert b"https://example.org/site.git" in content
