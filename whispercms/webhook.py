"""`POST /-/webhook`: a forge says that something was pushed. It wakes the pull, and that is all.

What it sends is not read beyond its signature: where the site comes from is this node's setting.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from threading import BoundedSemaphore
from typing import Final

import structlog

from apps.delivery.replies import SECURITY, Reply
from apps.policy.secrets.secret import Secret

log = structlog.get_logger("whispercms.webhook")

PATH: Final = "/-/webhook"
BODY_BYTES: Final = 64 * 1024
BODY_SECONDS: Final = 10.0
GITLAB: Final = "x-gitlab-token"
SIGNATURES: Final = {
    "x-hub-signature-256": "sha256=",
    "x-gitea-signature": "",
    "x-forgejo-signature": "",
}
"""Header → what stands before the hexadecimal HMAC-SHA256 of the body."""

Read = Callable[[int], bytes]


class Webhook:
    """`reading` lets one body be read at a time, so that slow senders cost one thread at most."""

    def __init__(self, secret: Secret | None, wake: Callable[[], None]) -> None:
        self._secret, self._wake = secret, wake
        self.reading = BoundedSemaphore(1)

    def refusal(self, method: str, headers: Mapping[str, str]) -> Reply | None:
        """What can be said before the body is read. Header names are lower-case."""
        if self._secret is None:
            return _reply(404, "not found")
        if method != "POST":
            return _reply(405, "POST only").with_headers(("allow", "POST"))
        if not (SIGNATURES.keys() | {GITLAB}) & headers.keys():
            return _reply(403, "not signed")
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            return _reply(411, "content-length is missing")
        return _reply(413, "too large") if int(length[:9]) > BODY_BYTES else None

    def answer(self, headers: Mapping[str, str], body: bytes) -> Reply:
        """Never waits for the pull."""
        if self._secret is None or not is_signed(self._secret.reveal(), headers, body):
            log.warning("webhook refused", reason="the signature is not by webhook_secret")
            return _reply(403, "not signed")
        self._wake()
        return _reply(202, "the pull is woken")

    def run(self, method: str, headers: Mapping[str, str], read: Read) -> Reply:
        """With a body that blocks while it is read."""
        if refused := self.refusal(method, headers):
            return refused
        if not self.reading.acquire(blocking=False):
            return busy()
        try:
            return self.answer(headers, _whole(read, int(headers["content-length"])))
        finally:
            self.reading.release()


def is_signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """In time that does not depend on how much of a signature is right."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    expected = {GITLAB: secret, **{name: start + digest for name, start in SIGNATURES.items()}}
    found = [
        hmac.compare_digest(headers[name].encode("utf-8", "replace"), value.encode())
        for name, value in expected.items()
        if name in headers
    ]
    return any(found)


def busy() -> Reply:
    return _reply(503, "another one is being read").with_headers(("retry-after", "2"))


def _whole(read: Read, length: int) -> bytes:
    parts: list[bytes] = []
    while length > 0 and (part := read(length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _reply(status: int, text: str) -> Reply:
    body = f"{text}\n".encode()
    headers = (
        ("content-type", "text/plain; charset=utf-8"),
        ("content-length", str(len(body))),
        ("cache-control", "no-store"),
        *SECURITY,
    )
    return Reply(status, headers, body)
