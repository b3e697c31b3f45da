"""A node and a real sshd: what works, and every fault by its own code, in plain words."""

import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest

from apps.gitsync.clone import retrying
from apps.gitsync.clone.integrity import check
from apps.gitsync.clone.remote import fetch, push
from apps.gitsync.errors import GitFault, RemoteFault
from apps.gitsync.git import program
from apps.gitsync.git.pushes import Outcome, Pushed, RefUpdate
from apps.gitsync.git.refusals import is_transient
from apps.gitsync.git.repository import Repository
from apps.gitsync.git.signing import SigningKey
from apps.gitsync.report import APPLIED, UNCHANGED
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.publication import PUBLISHED, QUEUED
from tests.gitsync.consoles import Console
from tests.gitsync.crashing import GIT, below
from tests.gitsync.faults import fault
from tests.gitsync.repositories import Made
from tests.gitsync.signed import Key, make_key
from tests.gitsync.ssh_remote import SSHD, SshRemote, ssh_remote
from tests.sites import SiteRepository

pytestmark = pytest.mark.skipif(SSHD is None, reason="there is no sshd here (openssh-server)")
MAIN = "refs/heads/main"
NOBODY = 65534
PATIENCE_SECONDS = 20.0


@pytest.fixture
def ssh(tmp_path: Path) -> Iterator[SshRemote]:
    with ssh_remote(tmp_path / "ssh") as made:
        yield made


@pytest.fixture
def own(made: Made, tmp_path: Path) -> Made:
    """A clone with a commit that the remote lacks."""
    own = Made(tmp_path / "own.git")
    own.git("fetch", "--quiet", str(made.path), "+refs/heads/*:refs/heads/*")
    own.commit({b"a": b"2"})
    return own


def source_of(ssh: SshRemote, made: Made, folder: Path) -> SiteSource:
    return SiteSource(
        remote=ssh.url(made.path), branch=None, folder=folder, asset_bytes=1, access=ssh.access
    )


def sent(own: Made, remote: Path, ssh: SshRemote) -> Pushed:
    update = RefUpdate(own.tip(), MAIN, own.git("rev-parse", f"{MAIN}~"))
    (pushed,) = Repository(own.path).push(ssh.url(remote), [update], ssh.access)
    return pushed


def test_a_fetch_and_a_push(made: Made, own: Made, clone: Repository, ssh: SshRemote) -> None:
    clone.fetch(ssh.url(made.path), ssh.access)
    assert clone.resolve("refs/remotes/origin/main") == made.tip()
    assert clone.default_branch(ssh.url(made.path), ssh.access) == "main"
    assert sent(own, made.path, ssh) == Pushed(MAIN, Outcome.OK)
    assert made.tip() == own.tip()


@pytest.mark.long
def test_a_node_clones_on_its_first_start_and_publishes_signed_commits(
    remote: SiteRepository, ada: Console, ssh: SshRemote, tmp_path: Path
) -> None:
    key = make_key(tmp_path, "ada")
    shutil.rmtree(ada.source.repository)
    url, signing = ssh.url(remote.path), SigningKey(key.path)
    ada.source = replace(ada.source, remote=url, access=ssh.access, signing=signing)
    assert ada.sync().state == UNCHANGED
    remote.commit({"content/two.md": "# Two\n"})
    assert ada.sync().state == APPLIED
    mine = ada.save("content/three.md", "# Three\n")
    assert ada.publish().state == PUBLISHED
    assert remote.git.resolve(MAIN) == mine
    (tmp_path / "signers").write_text(key.line)
    allowed = ("-c", f"gpg.ssh.allowedSignersFile={tmp_path}/signers", "-c", "gpg.format=ssh")
    remote.git.plumb("verify-commit", mine, options=allowed)


@pytest.mark.long
def test_a_node_whose_remote_is_away_keeps_what_is_to_be_published(
    remote: SiteRepository, ada: Console, ssh: SshRemote
) -> None:
    ada.source = replace(ada.source, remote=ssh.url(remote.path), access=ssh.access)
    mine = ada.save("content/three.md", "# Three\n")
    ssh.kill()
    assert ada.publish().state == QUEUED
    ssh.start()
    assert ada.publish().state == PUBLISHED
    assert remote.git.resolve(MAIN) == mine


def test_a_key_or_a_host_that_the_other_side_does_not_know(
    made: Made, clone: Repository, ssh: SshRemote, tmp_path: Path
) -> None:
    url, other = ssh.url(made.path), make_key(tmp_path, "other")
    assert fault(clone, url, ssh.access_by(other)) == ("remote.denied", False)
    ssh.known_hosts.write_text("")
    assert fault(clone, url, ssh.access) == ("remote.host-key", False)
    ssh.known_hosts.write_text(ssh.line_of(other))
    assert fault(clone, url, ssh.access) == ("remote.host-changed", False)
    assert clone.branches() == []


@pytest.mark.long
def test_a_host_key_that_was_revoked_is_none_to_add(
    made: Made, clone: Repository, ssh: SshRemote
) -> None:
    ssh.known_hosts.write_text(f"@revoked {ssh.line_of(ssh.host)}")
    assert fault(clone, ssh.url(made.path), ssh.access) == ("remote.host-revoked", False)


@pytest.mark.long
@pytest.mark.parametrize("form", [(), ("-m", "PEM", "-t", "rsa")])
def test_a_key_with_a_passphrase_is_told_as_such(
    made: Made, clone: Repository, ssh: SshRemote, tmp_path: Path, form: tuple[str, ...]
) -> None:
    """Of which ssh says nothing, as it may not ask."""
    path = tmp_path / "locked"
    command = ["ssh-keygen", "-q", *(form or ("-t", "ed25519")), "-N", "secret", "-f", str(path)]
    subprocess.run(command, check=True)
    ssh.admit(Key(path))
    with pytest.raises(RemoteFault, match="has a passphrase") as caught:
        clone.fetch(ssh.url(made.path), ssh.access_by(Key(path)))
    assert caught.value.code == "remote.key"


@pytest.mark.long
def test_a_key_that_ssh_does_not_use(
    made: Made, clone: Repository, ssh: SshRemote, tmp_path: Path
) -> None:
    url, garbage = ssh.url(made.path), Key(tmp_path / "garbage")
    assert fault(clone, url, ssh.access_by(garbage)) == ("remote.key", False)
    garbage.path.write_text("x")
    garbage.path.chmod(0o600)
    assert fault(clone, url, ssh.access_by(garbage)) == ("remote.key", False)
    ssh.key.path.chmod(0o644)
    assert fault(clone, url, ssh.access) == ("remote.key", False)


@pytest.mark.long
def test_a_folder_that_is_no_repository(
    made: Made, clone: Repository, ssh: SshRemote, tmp_path: Path
) -> None:
    assert fault(clone, ssh.url(tmp_path / "none.git"), ssh.access) == ("remote.unknown", False)
    assert fault(clone, ssh.url(tmp_path), ssh.access) == ("remote.unknown", False)


@pytest.mark.long
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("echo ERROR: Repository not found. >&2; exit 1", ("remote.unknown", False)),
        ("echo FATAL: R any site ada DENIED by fallthru >&2; exit 1", ("remote.denied", False)),
        ("echo Welcome!", ("remote.not-git", False)),
        ("exit 1", ("remote.denied", False)),
        ("no-such-program", ("remote.unknown", False)),
        ("kill -9 $PPID", ("remote.interrupted", True)),
    ],
)
def test_an_account_that_answers_otherwise(
    made: Made, clone: Repository, ssh: SshRemote, said: str, code: tuple[str, bool]
) -> None:
    ssh.answer_by(said)
    assert fault(clone, ssh.url(made.path), ssh.access) == code


@pytest.mark.long
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("GH006: Protected branch update failed for refs/heads/main.", "push.protected"),
        ("GitLab: You are not allowed to push code to protected branches.", "push.protected"),
        ("branch protected", "push.declined"),
        ("Commits must have verified signatures.", "push.unsigned"),
    ],
)
def test_a_hook_that_declines(made: Made, own: Made, ssh: SshRemote, said: str, code: str) -> None:
    hook = made.path / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
    hook.chmod(0o755)
    pushed = sent(own, made.path, ssh)
    assert pushed.outcome == Outcome.REFUSED and pushed.fault
    assert pushed.fault.code == code and pushed.fault.remedy
    assert code != "push.declined" or said in pushed.fault.reason


@pytest.mark.long
def test_a_repository_that_may_only_be_read(ssh: SshRemote, own: Made) -> None:
    """By an account that owns it; root could write all the same."""
    folder = Path(tempfile.mkdtemp(prefix="whispercms-read-only-"))
    try:
        folder.chmod(0o755)
        made = Made(folder / "made.git")
        made.git("fetch", "--quiet", str(own.path), f"+{MAIN}:{MAIN}")
        made.git("update-ref", MAIN, f"{MAIN}~")
        for path in (folder, *folder.rglob("*")):
            if os.getuid() == 0:
                os.chown(path, NOBODY, NOBODY)
            if path.is_dir():
                path.chmod(0o555)
        if os.getuid() == 0:
            as_nobody = f"setpriv --reuid={NOBODY} --clear-groups env HOME=/nowhere"
            ssh.answer_by(f'cd /; exec {as_nobody} sh -c "$SSH_ORIGINAL_COMMAND"')
        pushed = sent(own, made.path, ssh)
        assert pushed.fault and pushed.fault.code == "push.read-only"
    finally:
        for path in folder.rglob("*"):
            path.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.long
def test_a_daemon_that_is_gone_is_asked_again_and_not_for_ever(
    made: Made, ssh: SshRemote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrying, "FIRST_SECONDS", 0.01)
    source = source_of(ssh, made, tmp_path / "node")
    ssh.kill()
    with pytest.raises(RemoteFault) as caught:
        fetch(Repository(source.repository), source)
    assert (caught.value.code, is_transient(caught.value)) == ("remote.unreachable", True)
    ssh.start()
    fetch(Repository(source.repository), source)
    assert Repository(source.repository).branches()


@pytest.mark.long
@pytest.mark.timeout(120)
def test_a_daemon_that_never_says_a_word(clone: Repository, ssh: SshRemote) -> None:
    """ssh's own limit is shorter than ours."""
    ssh.kill()
    with socket.create_server(("127.0.0.1", ssh.port)):
        assert fault(clone, ssh.url("/x.git"), ssh.access) == ("remote.unreachable", True)


@pytest.mark.long
def test_a_server_that_falls_silent_is_left_in_time_and_no_program_stays(
    made: Made,
    clone: Repository,
    ssh: SshRemote,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a machine without `ps`, as small ones are."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("git", "ssh", "env", "sh"):
        (tools / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setattr(program, "REMOTE_SECONDS", 2)
    ssh.answer_by("exec sleep 60")
    assert fault(clone, ssh.url(made.path), ssh.access) == ("remote.slow", True)
    assert below(os.getpid(), only={*GIT, "ssh"}) == []


@pytest.mark.long
@pytest.mark.parametrize("bytes_sent", [500, 30_000, 300_000])
def test_a_daemon_that_is_killed_in_the_middle_leaves_a_whole_clone(
    made: Made, ssh: SshRemote, tmp_path: Path, bytes_sent: int
) -> None:
    source = source_of(ssh, made, tmp_path / "node")
    clone, mark = Repository(source.repository), tmp_path / "sent"
    fetch(clone, source)
    made.commit({b"a": random.Random(8).randbytes(400_000)})
    half = tmp_path / "half.py"
    half.write_text(HALF.format(bytes_sent, mark))
    ssh.answer_by(f'sh -c "$SSH_ORIGINAL_COMMAND" | {sys.executable} {half}')
    raised: list[GitFault] = []
    fetching = Thread(target=lambda: raised.append(_fault_of(clone, source)))
    fetching.start()
    _wait_for(mark)
    ssh.kill()
    fetching.join()
    assert is_transient(raised[0])
    assert check(clone, full=True) == ()
    ssh.admit(ssh.key)
    ssh.start()
    fetch(clone, source)
    assert clone.resolve("refs/remotes/origin/main") == made.tip()
    assert check(clone, full=True) == ()


@pytest.mark.long
def test_a_push_that_broke_off_is_not_taken_for_one_that_was_taken(
    made: Made, own: Made, ssh: SshRemote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The remote took it, and was killed before it could say so: the next try finds that out."""
    hook = made.path / "hooks" / "post-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nrm {hook}\nkill -9 $PPID\n")
    hook.chmod(0o755)
    source, new = source_of(ssh, made, tmp_path / "node"), own.tip()
    (pushed,) = push(Repository(own.path), source, [RefUpdate(new, MAIN, made.tip())])
    assert pushed.outcome in (Outcome.OK, Outcome.STALE)
    assert made.tip() == new


HALF = """
import os, pathlib, time
left = {0}
while left:
    left -= os.write(1, os.read(0, left))
pathlib.Path("{1}").touch()
time.sleep(60)
"""


def _fault_of(clone: Repository, source: SiteSource) -> GitFault:
    try:
        fetch(clone, source)
    except GitFault as error:
        return error
    raise AssertionError("it was all fetched")


def _wait_for(mark: Path) -> None:
    until = monotonic() + PATIENCE_SECONDS
    while not mark.exists():
        assert monotonic() < until
        sleep(0.01)
