"""The webhook: who may wake the pull, and what a wake is."""

import hashlib
import hmac
import json
import socket
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest

from apps.policy.secrets.secret import Secret
from apps.runtime.parts import ThreadPart
from tests.whispercms.nodes import Instance, made
from whispercms.waking import Waker
from whispercms.webhook import BODY_BYTES, PATH, Webhook, is_signed

SECRET = "a secret of twenty characters or more"
BODY = json.dumps({"ref": "refs/heads/main", "repository": {"clone_url": "ext::sh -c x"}}).encode()


def digest(body: bytes = BODY, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-hub-signature-256": f"sha256={digest()}"}, True),
        ({"x-gitea-signature": digest()}, True),
        ({"x-forgejo-signature": digest()}, True),
        ({"x-gitlab-token": SECRET}, True),
        ({"x-hub-signature-256": "sha256=0", "x-gitea-signature": digest()}, True),
        ({}, False),
        ({"x-hub-signature-256": digest()}, False),
        ({"x-hub-signature-256": f"sha1={digest()}"}, False),
        ({"x-hub-signature-256": f"sha256={digest(secret='other')}"}, False),
        ({"x-hub-signature-256": f"sha256={digest(BODY + b' ')}"}, False),
        ({"x-hub-signature-256": ""}, False),
        ({"x-hub-signature-256": "sha256=\udcff"}, False),
        ({"x-gitea-signature": f"sha256={digest()}"}, False),
        ({"x-gitlab-token": digest()}, False),
        ({"x-gitlab-token": ""}, False),
        ({"x-hub-signature": f"sha256={digest()}"}, False),
    ],
)
def test_only_a_signature_by_the_secret_counts(headers: dict[str, str], expected: bool) -> None:
    assert is_signed(SECRET, headers, BODY) is expected


class Sender:
    """A forge, and how often the pull was woken by it."""

    def __init__(self, secret: str | None = SECRET) -> None:
        self.wakes, self.given = 0, 0
        self.webhook = Webhook(Secret(secret) if secret else None, self._wake)

    def _wake(self) -> None:
        self.wakes += 1

    def send(
        self, body: bytes = BODY, method: str = "POST", length: str | None = None, **named: str
    ) -> int:
        headers = {name.replace("_", "-"): value for name, value in named.items()}
        headers["content-length"] = str(len(body)) if length is None else length
        return self.webhook.run(method, headers, self._reader(body)).status

    def _reader(self, body: bytes) -> Callable[[int], bytes]:
        def read(size: int) -> bytes:
            part = body[self.given : self.given + min(size, 7)]
            self.given += len(part)
            return part

        return read


def test_a_signed_push_wakes_the_pull() -> None:
    sender = Sender()
    assert sender.send(x_hub_signature_256=f"sha256={digest()}") == 202
    assert sender.wakes == 1


def test_nothing_else_does() -> None:
    sender = Sender()
    assert sender.send() == 403
    assert sender.send(x_hub_signature_256="sha256=" + "0" * 64) == 403
    assert sender.send(method="GET", x_gitlab_token=SECRET) == 405
    assert sender.send(length="", x_gitlab_token=SECRET) == 411
    assert sender.send(length="-1", x_gitlab_token=SECRET) == 411
    assert sender.send(length="٣", x_gitlab_token=SECRET) == 411
    assert sender.wakes == 0


def test_a_body_has_a_bound_and_what_is_over_it_is_not_read() -> None:
    body = b"x" * BODY_BYTES
    assert Sender().send(body, x_hub_signature_256=f"sha256={digest(body)}") == 202
    sender = Sender()
    assert sender.send(body + b"x", x_gitlab_token=SECRET) == 413
    assert sender.send(length="9" * 400, x_gitlab_token=SECRET) == 413
    assert (sender.given, sender.wakes) == (0, 0)


def test_a_body_that_ends_early_is_not_signed() -> None:
    sender = Sender()
    signed = f"sha256={digest(BODY + b'  ')}"
    assert sender.send(length=str(len(BODY) + 2), x_hub_signature_256=signed) == 403


def test_without_a_secret_there_is_no_webhook() -> None:
    sender = Sender(None)
    for method in ("POST", "GET"):
        assert sender.send(method=method, x_gitlab_token="") == 404
        assert sender.send(method=method, x_gitlab_token="None") == 404
    assert sender.wakes == 0


def test_one_slow_sender_keeps_no_thread_but_its_own() -> None:
    sender = Sender()
    with sender.webhook.reading:
        assert sender.send(x_gitlab_token=SECRET) == 503
    assert sender.send(x_gitlab_token=SECRET) == 202


def test_wakes_are_merged_and_a_later_one_is_not_lost() -> None:
    enqueued: list[int] = []
    first, second = Event(), Event()

    def enqueue() -> None:
        enqueued.append(1)
        (second if first.is_set() else first).set()

    waker = Waker(enqueue, seconds=0.05)
    part = ThreadPart("waker", waker.run)
    part.start()
    waker.wake()
    assert first.wait(5)
    for _ in range(1000):
        waker.wake()
    assert second.wait(5)
    part.ask()
    assert part.wait(5)
    assert len(enqueued) <= 3


def test_a_wake_that_the_queue_did_not_take_is_kept_for_the_next_run() -> None:
    tries: list[int] = []
    ended = Event()

    def enqueue() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("disk full")
        ended.set()

    waker = Waker(enqueue, seconds=0)
    waker.wake()
    with pytest.raises(OSError, match="disk full"):
        waker.run(ended)
    waker.run(ended)
    assert len(tries) == 2


def _post(instance: Instance, headers: Mapping[str, str]) -> int:
    lines = [f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", instance.port), 20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + BODY)
        return int(connection.recv(100).split(b" ")[1])


def _woken(instance: Instance) -> bool:
    """Whether the queue has run a pull that no schedule asked for."""
    with closing(sqlite3.connect(instance.state / "queue.sqlite3")) as queue:
        query = "SELECT count(*) FROM django_q_task WHERE name = 'webhook' AND success"
        return bool(queue.execute(query).fetchone()[0])


@pytest.mark.long
@pytest.mark.parametrize("console", ["0", "1"])
def test_a_node_serves_a_push_seconds_after_its_webhook(tmp_path: Path, console: str) -> None:
    """Granian without a console, daphne with one."""
    repository, instance = made(
        tmp_path, WEBHOOK_SECRET=SECRET, PULL_MINUTES="1440", CONSOLE=console
    )
    signed = {
        "Content-Length": str(len(BODY)),
        "X-Hub-Signature-256": f"sha256={digest()}",
    }
    with instance.started():
        assert _post(instance, {**signed, "X-Hub-Signature-256": "sha256=0"}) == 403
        repository.commit({"content/one.md": "---\ntitle: One\n---\nafter\n"})
        assert _post(instance, signed) == 202
        deadline = monotonic() + 30
        while "after" not in instance.get("/one/").text or not _woken(instance):
            assert monotonic() < deadline
            sleep(0.2)
