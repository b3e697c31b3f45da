"""A key with a passphrase opens the remote; the passphrase is in no argument, and nowhere after."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from apps.gitsync.errors import RemoteFault
from apps.gitsync.git.access import Access, passage
from apps.gitsync.git.repository import Repository
from apps.policy.secrets.secret import Secret
from tests.gitsync.ssh_remote import SSHD, SshRemote, ssh_remote
from tests.sites import SiteRepository

PHRASE = "a 'phrase' of $HOME \\ and \"more\""
LOCKED = Access(ssh_passphrase=Secret(PHRASE))


def test_the_passphrase_is_in_a_file_for_as_long_as_the_command_runs() -> None:
    with passage(LOCKED, "git@example.org:a.git") as way:
        program = Path(way.environment["SSH_ASKPASS"])
        said = subprocess.run([program, "prompt"], capture_output=True, text=True, check=True)
        assert said.stdout == f"{PHRASE}\n"
        assert {each.stat().st_mode & 0o077 for each in program.parent.iterdir()} == {0}
        assert program.parent.stat().st_mode & 0o077 == 0
        assert PHRASE not in repr(way) and PHRASE not in repr(LOCKED)
        assert "BatchMode" not in way.environment["GIT_SSH_COMMAND"]
        assert "StrictHostKeyChecking=yes" in way.environment["GIT_SSH_COMMAND"]
    assert not program.parent.exists()


@pytest.mark.parametrize("remote", ["https://example.org/a.git", "/a.git", "file:///a.git"])
def test_who_asks_for_none_is_told_none(remote: str) -> None:
    with passage(LOCKED, remote) as way:
        assert "SSH_ASKPASS" not in way.environment


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[SshRemote]:
    if SSHD is None:
        pytest.skip("there is no sshd here")
    with ssh_remote(tmp_path / "ssh") as made:
        path = made.key.path
        command = ("ssh-keygen", "-q", "-p", "-P", "", "-N", PHRASE, "-f", str(path))
        subprocess.run(command, check=True)
        yield made


@pytest.mark.long
def test_a_locked_key_opens_the_remote(
    remote: SshRemote, repository: SiteRepository, tmp_path: Path
) -> None:
    repository.commit({"a": "1"})
    clone = Repository(tmp_path / "clone.git")
    clone.create()
    access = replace(remote.access, ssh_passphrase=Secret(PHRASE))
    clone.fetch(remote.url(repository.path), access)
    assert clone.resolve("refs/remotes/origin/main")
    for wrong in (None, Secret("wrong")):
        with pytest.raises(RemoteFault):
            clone.fetch(remote.url(repository.path), replace(access, ssh_passphrase=wrong))
