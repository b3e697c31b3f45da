"""The key that this node signs its commits with: a file, with which Git has ssh-keygen do it, or a
secret that no file ever holds. Nothing ever asks a person for a passphrase."""

import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apps.gitsync.errors import GitFault
from apps.gitsync.git.private_keys import is_locked
from apps.policy.secrets.secret import Secret

KEY_BYTES: Final = 64 * 1024
NEVER_ASK: Final = {"SSH_ASKPASS": "false", "SSH_ASKPASS_REQUIRE": "force"}
AGENT: Final = "SSH_AUTH_SOCK"
PROGRAM: Final = "ssh-keygen"
OTHERS: Final = 0o077
NAMESPACE: Final = "git"
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
        elif is_locked(content) and AGENT not in os.environ:
            raise _unusable(self.path, "has a passphrase, and no SSH agent runs")


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A key that is never in a file: this process signs with it. `load` raises GitFault."""

    load: Callable[[], Secret]

    def check(self) -> None:
        """Raises GitFault for what no commit could be signed with."""
        self._signature(b"")

    def signed(self, commit: bytes) -> bytes:
        """The same commit with its signature, where Git puts it. Raises GitFault."""
        head, _, message = commit.partition(b"\n\n")
        lines = self._signature(commit).rstrip("\n").replace("\n", "\n ")
        return head + f"\ngpgsig {lines}\n\n".encode() + message

    def _signature(self, content: bytes) -> str:
        # Cryptography is loaded by who signs, and by no process that only serves.
        from apps.policy.secrets.ciphers import ssh_signature

        try:
            return ssh_signature(self.load().reveal(), content, NAMESPACE)
        except ValueError as error:
            remedy = "Make one: ssh-keygen -t ed25519 -N '' -f FILE, and set the secret to it"
            raise GitFault("signing.key", f"the signing key: {error}", remedy) from None


CommitKey = SigningKey | SealedKey


def _read(path: Path) -> tuple[bytes, int]:
    try:
        with path.open("rb") as file:
            return file.read(KEY_BYTES), stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    except OSError as error:
        raise _unusable(path, f"cannot be read ({error.strerror})") from error


def _unusable(path: Path, reason: str) -> GitFault:
    remedy = "Set signing_key to a private key without a passphrase, or to one in an agent"
    return GitFault("signing.key", f"the signing key {path} {reason}", remedy)
