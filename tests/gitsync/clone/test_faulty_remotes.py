"""Faults of real remotes, by real processes: what is transient is told from what is not."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.gitsync.errors import RemoteFault
from apps.gitsync.git.access import Access
from apps.gitsync.git.pushes import Outcome, RefUpdate
from apps.gitsync.git.repository import Repository
from tests.gitsync.faults import fault
from tests.gitsync.https_remote import HttpsRemote, https_remote
from tests.gitsync.repositories import Made

MAIN = "refs/heads/main"


@pytest.fixture
def remote(made: Made) -> Iterator[HttpsRemote]:
    with https_remote(made.path.parent) as remote:
        yield remote


@pytest.mark.parametrize(
    ("status", "code", "passing"),
    [
        pytest.param(401, "remote.denied", False, marks=pytest.mark.long),
        pytest.param(403, "remote.denied", False, marks=pytest.mark.long),
        (404, "remote.unknown", False),
        pytest.param(429, "remote.busy", True, marks=pytest.mark.long),
        pytest.param(500, "remote.busy", True, marks=pytest.mark.long),
        (503, "remote.busy", True),
    ],
)
def test_a_status(
    remote: HttpsRemote, clone: Repository, status: int, code: str, passing: bool
) -> None:
    remote.behaviour.status = status
    access = Access(https_certificates=remote.certificate)
    assert fault(clone, remote.url(), access) == (code, passing)


@pytest.mark.parametrize(
    "cut", [20, *(pytest.param(cut, marks=pytest.mark.long) for cut in (0, 4000))]
)
def test_a_connection_that_breaks_off(remote: HttpsRemote, clone: Repository, cut: int) -> None:
    remote.behaviour.cut = cut
    access = Access(https_certificates=remote.certificate)
    assert fault(clone, remote.url(), access) == ("remote.interrupted", True)
    remote.behaviour.cut = None
    clone.fetch(remote.url(), access)
    assert clone.resolve("refs/remotes/origin/main")


@pytest.mark.long
def test_a_certificate_that_nobody_vouches_for(remote: HttpsRemote, clone: Repository) -> None:
    assert fault(clone, remote.url()) == ("remote.certificate", False)


@pytest.mark.long
def test_a_name_that_there_is_not(clone: Repository) -> None:
    assert fault(clone, "https://nowhere.invalid/x.git") == ("remote.unreachable", True)
    assert fault(clone, "ssh://git@nowhere.invalid/x.git") == ("remote.unreachable", True)


def test_a_port_where_nobody_listens(clone: Repository) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert fault(clone, f"https://127.0.0.1:{port}/x.git") == ("remote.unreachable", True)
    assert fault(clone, f"ssh://git@127.0.0.1:{port}/x.git") == ("remote.unreachable", True)


@pytest.mark.long
def test_somebody_who_hangs_up(clone: Repository) -> None:
    """Of ssh, before a word was said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.listen()
        port = server.getsockname()[1]
        process = subprocess.Popen(
            ["python3", "-c", f"{HANG_UP}", str(server.fileno())], pass_fds=[server.fileno()]
        )
        try:
            assert fault(clone, f"ssh://git@127.0.0.1:{port}/x.git") == ("remote.interrupted", True)
        finally:
            process.kill()
            process.wait()


HANG_UP = """
import socket, sys
server = socket.socket(fileno=int(sys.argv[1]))
while True:
    server.accept()[0].close()
"""


@pytest.mark.long
def test_a_push_over_https_is_answered_ref_by_ref(
    made: Made, remote: HttpsRemote, tmp_path: Path
) -> None:
    own = Made(tmp_path / "own.git")
    own.git("fetch", "--quiet", str(made.path), "+refs/heads/*:refs/heads/*")
    first, new = made.tip(), own.commit({b"a": b"2"})
    access = Access(https_certificates=remote.certificate)
    repository = Repository(own.path)
    (pushed,) = repository.push(remote.url(), [RefUpdate(new, MAIN, first)], access)
    assert (pushed.outcome, made.tip()) == (Outcome.OK, new)
    (stale,) = repository.push(remote.url(), [RefUpdate(new, "refs/heads/x", first)], access)
    assert stale.outcome == Outcome.STALE
    remote.behaviour.status = 503
    with pytest.raises(RemoteFault) as caught:
        repository.push(remote.url(), [RefUpdate(new, MAIN, first)], access)
    assert caught.value.code == "remote.busy"


@pytest.mark.long
def test_a_remote_that_lacks_what_it_names(made: Made, clone: Repository) -> None:
    blob = made.git("rev-parse", f"{MAIN}:a")
    (made.path / "objects" / blob[:2] / blob[2:]).unlink()
    assert fault(clone, str(made.path)) == ("remote.damaged", False)
    assert fault(clone, f"file://{made.path}") == ("remote.damaged", False)
    assert clone.branches() == []


def test_a_lock_in_our_own_clone(made: Made, clone: Repository) -> None:
    lock = clone.path / "refs" / "remotes" / "origin" / "main.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    assert fault(clone, str(made.path)) == ("git.locked", True)
