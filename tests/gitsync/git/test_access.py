"""Keys, hosts and passwords: what Git and ssh are given, and what nobody else ever sees."""

import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.gitsync.errors import RemoteFault
from apps.gitsync.git import credentials
from apps.gitsync.git.access import Access, passage
from apps.gitsync.git.repository import Repository
from tests.gitsync.https_remote import EXPECTED, TOKEN, USER, HttpsRemote, https_remote
from tests.gitsync.repositories import Made

HOST = "ssh://git@example.org:2222/site.git"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    made = Made(tmp_path / "made.git")
    made.commit({b"a": b"1"})
    return made


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "clone.git")
    repository.create()
    return repository


@pytest.fixture
def remote(made: Made) -> Iterator[HttpsRemote]:
    with https_remote(made.path.parent) as remote:
        yield remote


def ssh_settings(access: Access) -> dict[str, str]:
    """What ssh itself makes of the command: option → value."""
    command = shlex.split(access.environment()["GIT_SSH_COMMAND"])
    done = subprocess.run([*command, "-G", "example.org"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = (line.partition(" ") for line in done.stdout.splitlines())
    return {name: value for name, _, value in lines}


def test_ssh_never_asks_and_never_learns_a_host() -> None:
    found = ssh_settings(Access())
    assert (found["batchmode"], found["stricthostkeychecking"]) == ("yes", "true")
    assert (found["updatehostkeys"], found["permitlocalcommand"]) == ("false", "no")
    assert (found["forwardagent"], found["clearallforwardings"]) == ("no", "yes")


@pytest.mark.parametrize("name", ["key", "a b", "a'b", "a;b $(x)", "100%h", "-x", "ü"])
def test_paths_of_any_name_reach_ssh_as_they_are(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    found = ssh_settings(Access(ssh_key=folder / "id", known_hosts=folder / "hosts"))
    assert found["identityfile"].replace("%%", "%") == f"{folder}/id"
    assert found["userknownhostsfile"].strip('"') == f"{folder}/hosts"
    assert (found["identitiesonly"], found["identityagent"]) == ("yes", "none")
    assert found["globalknownhostsfile"] == "/dev/null"


def test_the_configuration_of_the_account_runs_nothing(tmp_path: Path, clone: Repository) -> None:
    """ssh reads it from the home in the password file, so only a file given by name can show it."""
    hostile = tmp_path / "config"
    hostile.write_text(f"Host *\n  ProxyCommand touch {tmp_path}/ran\n")
    assert "proxycommand" not in ssh_settings(Access())
    assert " -F /dev/null" in Access().environment()["GIT_SSH_COMMAND"]
    with pytest.raises(RemoteFault):
        clone.fetch(HOST, Access(ssh_config=hostile))
    assert (tmp_path / "ran").exists(), "the operator's own setting says so"


def test_a_password_is_given_to_its_host_alone(
    remote: HttpsRemote, clone: Repository, tmp_path: Path
) -> None:
    remote.behaviour.password = True
    file = tmp_path / "pass words"
    file.write_text(f"# ours\nlocalhost:{remote.port} {USER}:{TOKEN}\n")
    clone.fetch(remote.url(), Access(https_credentials=file, https_certificates=remote.certificate))
    assert clone.resolve("refs/remotes/origin/main")
    assert remote.behaviour.asked[0] is None
    assert set(remote.behaviour.asked[1:]) == {EXPECTED}
    file.write_text(f"example.org {USER}:{TOKEN}\n")
    assert denied(clone, remote, file) == "remote.denied"
    assert EXPECTED not in remote.behaviour.asked


def denied(clone: Repository, remote: HttpsRemote, file: Path) -> str:
    remote.behaviour.asked.clear()
    access = Access(https_credentials=file, https_certificates=remote.certificate)
    with pytest.raises(RemoteFault) as caught:
        clone.fetch(remote.url(), access)
    assert TOKEN not in str(caught.value)
    return caught.value.code


@pytest.mark.long
def test_a_password_that_is_not_taken_stays_in_the_file(
    remote: HttpsRemote, clone: Repository, tmp_path: Path
) -> None:
    """Git's own helper would strike it out, so that a passing fault needed a person."""
    remote.behaviour.password = True
    file = tmp_path / "passwords"
    file.write_text(f"localhost:{remote.port} {USER}:wrong\n")
    assert denied(clone, remote, file) == "remote.denied"
    assert file.read_text() == f"localhost:{remote.port} {USER}:wrong\n"


def test_a_password_in_the_url_is_no_argument_and_in_no_environment(
    remote: HttpsRemote, clone: Repository
) -> None:
    remote.behaviour.password = True
    url = remote.url(user=f"{USER}:{TOKEN.replace('/', '%2F').replace(':', '%3A')}@")
    with passage(Access(), url) as way:
        shown = [way.remote, *way.options, *way.environment.values()]
        assert way.remote == remote.url()
        (path,) = (Path(part) for part in shlex.split(way.options[-1]) if "whispercms-" in part)
        assert path.stat().st_mode & 0o077 == 0
    assert not any("s3cret" in each for each in shown)
    assert not path.exists()
    clone.fetch(url, Access(https_certificates=remote.certificate))
    assert clone.resolve("refs/remotes/origin/main")


@pytest.mark.long
def test_a_password_of_the_url_goes_to_no_other_host_that_it_is_sent_to(
    remote: HttpsRemote, clone: Repository, made: Made
) -> None:
    with https_remote(made.path.parent) as thief:
        thief.behaviour.password = True
        remote.behaviour.moved = thief.url() + "/info/refs?service=git-upload-pack"
        with pytest.raises(RemoteFault):
            clone.fetch(
                remote.url(user=f"{USER}:x@"), Access(https_certificates=remote.certificate)
            )
        assert set(thief.behaviour.asked) <= {None}


def test_our_settings_are_not_in_the_environment_of_what_git_starts(
    made: Made, clone: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WHISPERCMS_WEBHOOK_SECRET", "s3cret")
    program = tmp_path / "ssh"
    program.write_text(f"#!/bin/sh\nenv > {tmp_path}/seen; exit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(RemoteFault):
        clone.fetch(HOST)
    seen = (tmp_path / "seen").read_text()
    assert "s3cret" not in seen and "GIT_PROTOCOL=" in seen


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("protocol=https\nhost=a.org\n", "username=u\npassword=t:1\n"),
        ("protocol=https\nhost=A.ORG\n", "username=u\npassword=t:1\n"),
        ("protocol=https\nhost=a.org\nusername=u\n", "username=u\npassword=t:1\n"),
        ("protocol=https\nhost=a.org\nusername=v\n", ""),
        ("protocol=https\nhost=a.org:8443\n", "username=w\npassword=\n"),
        ("protocol=https\nhost=b.org\n", ""),
        ("protocol=http\nhost=a.org\n", ""),
        ("host=a.org\n", ""),
        ("", ""),
    ],
)
def test_git_is_answered_for_https_and_a_host_that_is_known(asked: str, expected: str) -> None:
    known = credentials.parse_credentials("a.org u:t:1\n\n# x\n A.org:8443   w:\n")
    assert credentials.answer(known, asked) == expected


@pytest.mark.parametrize(
    "line", ["a.org", "a.org u", "a.org u:t x", "https://a.org u:t", "u:t@a.org"]
)
def test_a_line_that_is_no_credential_is_named_by_its_number(line: str) -> None:
    with pytest.raises(ValueError) as caught:
        credentials.parse_credentials(f"a.org u:t\n{line}\n")
    assert caught.value.args == (2,)
