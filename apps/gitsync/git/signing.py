"""The key that this node signs its commits with. Git has ssh-keygen do it; no key is read here
beyond its first lines, and nothing ever asks a person for a passphrase."""

import base64
import binascii
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apps.gitsync.errors import GitFault

KEY_BYTES: Final = 64 * 1024
NEVER_ASK: Final = {"SSH_ASKPASS": "false", "SSH_ASKPASS_REQUIRE": "force"}
AGENT: Final = "SSH_AUTH_SOCK"
PROGRAM: Final = "ssh-keygen"
OTHERS: Final = 0o077
MAGIC: Final = b"openssh-key-v1\0"
UNLOCKED: Final = MAGIC + b"\0\0\0\4none"
PUBLIC: Final = (b"ssh-", b"ecdsa-", b"sk-")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """`path` is absolute and names a private key, or the public half of one in an agent."""

    path: Path

    @property
    def configuration(self) -> tuple[str, ...]:
        """Of the Git command that signs."""
        wanted = ("gpg.format=ssh", f"user.signingkey={self.path}", f"gpg.ssh.program={PROGRAM}")
        return tuple(part for value in wanted for part in ("-c", value))

    def check(self) -> None:
        """Raises GitFault for what no commit could be signed with."""
        if shutil.which(PROGRAM) is None:
            raise GitFault(
                "signing.program",
                f"there is no {PROGRAM} here, so no commit can be signed",
                "Install the OpenSSH client",
            )
        content, mode = _read(self.path)
        if content.startswith(PUBLIC):
            if AGENT not in os.environ:
                raise _unusable(self.path, "is a public key, and no SSH agent runs")
        elif b"PRIVATE KEY-----" not in content[:100]:
            raise _unusable(self.path, "is no SSH key")
        elif mode & OTHERS:
            raise _unusable(self.path, "may be read by other users (chmod 600 mends that)")
        elif _is_locked(content) and AGENT not in os.environ:
            raise _unusable(self.path, "has a passphrase, and no SSH agent runs")


def _read(path: Path) -> tuple[bytes, int]:
    try:
        with path.open("rb") as file:
            return file.read(KEY_BYTES), stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    except OSError as error:
        raise _unusable(path, f"cannot be read ({error.strerror})") from error


def _is_locked(content: bytes) -> bool:
    """In OpenSSH's own form the cipher is named first; in PEM a header tells."""
    lines = content.splitlines()
    if b"BEGIN OPENSSH" not in lines[0]:
        return b"ENCRYPTED" in content
    text = b"".join(line for line in lines if not line.startswith(b"-----"))
    try:
        return not base64.b64decode(text, validate=True).startswith(UNLOCKED)
    except binascii.Error:
        return False


def _unusable(path: Path, reason: str) -> GitFault:
    remedy = "Set signing_key to a private key without a passphrase, or to one in an agent"
    return GitFault("signing.key", f"the signing key {path} {reason}", remedy)
