"""A node's keys are in a file that nobody else may read, and that is never replaced."""

import os
from pathlib import Path

import pytest

from apps.policy.secrets.age import new_identity
from apps.policy.secrets.faults import IDENTITY, SecretFault
from apps.policy.secrets.identities import create, read, replace_private, write_private
from apps.policy.secrets.limits import IDENTITIES, IDENTITY_BYTES


def refused(path: Path) -> SecretFault:
    with pytest.raises(SecretFault) as caught:
        read(path)
    assert caught.value.code == IDENTITY and str(path) in caught.value.place
    assert "AGE-SECRET" not in caught.value.reason
    return caught.value


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "key"
    made = create(path, 0.0)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert read(path) == (made,)
    assert path.read_text().startswith(
        f"# created: 1970-01-01T00:00:00Z\n# public key: {made.recipient}\n"
    )
    with pytest.raises(SecretFault):
        create(path, 0.0)
    assert read(path) == (made,) and [*path.parent.iterdir()] == [path]


def test_a_key_is_never_made_in_a_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(SecretFault) as caught:
        create(tmp_path / "a" / "key", 0.0)
    assert "repository" in caught.value.reason and not (tmp_path / "a").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_may_read_is_not_used(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    create(path, 0.0)
    path.chmod(mode)
    assert "chmod 600" in refused(path).remedy


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_of_another_user_is_not_used(tmp_path: Path) -> None:
    create(tmp_path / "key", 0.0)
    os.chown(tmp_path / "key", 12_345, 12_345)
    assert "another user" in refused(tmp_path / "key").reason


@pytest.mark.parametrize(
    "text", ["", "# only\n", "AGE-SECRET-KEY-1X\n", "age-encryption.org/v1\n", "é"]
)
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    refused(written(tmp_path / "key", text))
    refused(tmp_path / "none")


def test_there_are_bounds_on_keys(tmp_path: Path) -> None:
    line = f"{new_identity().secret.reveal()}\n"
    assert len(read(written(tmp_path / "key", line * IDENTITIES))) == IDENTITIES
    refused(written(tmp_path / "key", line * (IDENTITIES + 1)))
    full = line + "#" * (IDENTITY_BYTES - len(line))
    assert read(written(tmp_path / "key", full))
    refused(written(tmp_path / "key", f"{full}#"))


def test_private_files_are_whole_and_for_their_owner(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_private(path, b"a")
    with pytest.raises(FileExistsError):
        write_private(path, b"b")
    assert path.read_bytes() == b"a"
    replace_private(path, b"b")
    assert path.read_bytes() == b"b" and path.stat().st_mode & 0o777 == 0o600
    assert [*tmp_path.iterdir()] == [path]
