"""Files of the operator's that settings name, judged at the start: keys, hosts, credentials. They
are read here once and never kept.
"""

import base64
import binascii
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from apps.gitsync.errors import GitFault
from apps.gitsync.git.access import UNFIT
from apps.gitsync.git.credentials import parse_credentials
from apps.gitsync.git.signing import SigningKey
from apps.gitsync.trust.signers import SignersError, parse
from apps.policy.secrets.faults import SecretFault

LARGEST = 1024 * 1024
OTHERS_READ, OTHERS_WRITE = 0o077, 0o022
PRIVATE = re.compile(r"-----BEGIN ([A-Z ]*)PRIVATE KEY-----\s")
TLS_KEY = re.compile(r"^-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----$", re.M)
OPENSSH = b"openssh-key-v1\0"
SIGNING_KEY = "signing_key"


class UnfitFile(ValueError):
    """`problem` and `remedy` without a word of what is in the file."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem}. {remedy}")


def check_file(key: str, path: Path, *, with_passphrase: bool = False) -> None:
    """Of the setting `key`. Raises UnfitFile."""
    if key == SIGNING_KEY:
        return _check_signing_key(path)
    if UNFIT.search(str(path)):
        raise UnfitFile("its path has a quote, a backslash or `${`", "Move it")
    forbidden, check = CHECKS[key]
    text = _text(path)
    mode = path.stat().st_mode & forbidden
    if mode:
        what, remedy = ("read", "600") if forbidden == OTHERS_READ else ("write to", "go-w")
        raise UnfitFile(f"other users may {what} {path}", f"Run: chmod {remedy} {path}")
    if not (key == "ssh_key" and with_passphrase and PRIVATE.match(text)):
        check(text)


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise UnfitFile(f"there is no file {path}", "Name one that is there")
        if path.stat().st_uid not in (0, os.geteuid()):
            raise UnfitFile(f"{path} belongs to another user", "Give it to this server's user")
        if path.stat().st_size > LARGEST:
            raise UnfitFile(f"{path} is too large to be what it should be", "Name another file")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise UnfitFile(f"{path} cannot be read ({reason})", "Mend its rights") from error


def _check_key(text: str) -> None:
    found = PRIVATE.match(text)
    if found is None:
        raise UnfitFile("this is not a private SSH key", "Name the file without .pub")
    if "ENCRYPTED" in text or (found[1] == "OPENSSH " and _cipher(text) != b"none"):
        remedy = (
            "Set ssh_key_passphrase, or make one for this server alone: "
            "ssh-keygen -t ed25519 -N '' -f FILE"
        )
        raise UnfitFile("the key has a passphrase, which nobody is there to enter", remedy)


def _cipher(text: str) -> bytes:
    body = "".join(line for line in text.splitlines() if not line.startswith("-"))
    try:
        start = base64.b64decode(body)[len(OPENSSH) :]
    except binascii.Error:
        return b"unknown"
    return start[4 : 4 + int.from_bytes(start[:4], "big")]


def _check_signing_key(path: Path) -> None:
    """Git's ssh-keygen reads it, so one in an agent will do as well."""
    try:
        SigningKey(path).check()
    except GitFault as fault:
        raise UnfitFile(fault.reason, fault.remedy) from fault


def _check_hosts(text: str) -> None:
    if not any(line.strip() and not line.startswith("#") for line in text.splitlines()):
        raise UnfitFile("it knows no host", "Add the remote's: ssh-keyscan HOST, then compare it")


def _check_credentials(text: str) -> None:
    try:
        found = parse_credentials(text)
    except ValueError as error:
        problem = f"its line {error.args[0]} is not a host and its user:token"
        raise UnfitFile(problem, "Write lines such as: example.org user:token") from None
    if not found:
        raise UnfitFile("it has no line", "Write lines such as: example.org user:token")


def _check_certificates(text: str) -> None:
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise UnfitFile("it has no certificate", "Name a file in PEM")


def _check_tls_key(text: str) -> None:
    if TLS_KEY.search(text) is None:
        raise UnfitFile("it has no private key", "Name a file in PEM")
    if "ENCRYPTED" in text:
        remedy = "Write it without: openssl pkey -in FILE -out NEW"
        raise UnfitFile("the key has a passphrase, which nobody is there to enter", remedy)


def _check_identities(text: str) -> None:
    from apps.policy.secrets.identities import decoded

    try:
        decoded(text.encode())
    except SecretFault as fault:
        raise UnfitFile(fault.reason, fault.remedy) from None


CHECKS: Mapping[str, tuple[int, Callable[[str], None]]] = {
    "ssh_key": (OTHERS_READ, _check_key),
    "known_hosts": (OTHERS_WRITE, _check_hosts),
    "ssh_config": (OTHERS_WRITE, lambda _: None),
    "https_credentials": (OTHERS_READ, _check_credentials),
    "https_certificates": (OTHERS_WRITE, _check_certificates),
    "age_key": (OTHERS_READ, _check_identities),
    "tls_certificate": (OTHERS_WRITE, _check_certificates),
    "tls_key": (OTHERS_READ, _check_tls_key),
}
KEYS = (*CHECKS, SIGNING_KEY)
"""The settings that name such files."""


def signers(value: str) -> str:
    """Lines of `allowed_signers`, given or in the file of that name. Raises UnfitFile."""
    try:
        text = value
        if value[:1] in ("/", "~"):
            text = Path(value).expanduser().read_text("utf-8")
        if not parse(text.encode()):
            raise SignersError(0, "no line in it may sign commits")
        return text
    except (OSError, RuntimeError, ValueError) as error:
        remedy = 'Write a line of allowed_signers, such as "ada@example.org ssh-ed25519 AAAA…"'
        raise UnfitFile(f"names no signer ({error})", remedy) from error
