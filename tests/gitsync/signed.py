"""Signed histories, made with Git and ssh-keygen themselves."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.gitsync.repositories import NONE, Made


@dataclass(frozen=True, slots=True)
class Key:
    """`line` is the key's in `allowed_signers`."""

    path: Path

    @property
    def public(self) -> str:
        return " ".join(self.path.with_suffix(".pub").read_text().split(" ")[:2]).strip()

    @property
    def line(self) -> str:
        return f"{self.path.name}@example.org {self.public}\n"

    def limited(self, options: str) -> bytes:
        return f"{self.path.name}@example.org {options} {self.public}\n".encode()


def make_key(folder: Path, name: str) -> Key:
    path = folder / name
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)]
    subprocess.run(command, check=True)
    return Key(path)


class Signed(Made):
    """A bare repository whose commits are signed by `key`, if there is one."""

    key: Key | None = None

    def git(
        self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] = NONE
    ) -> str:
        if self.key and arguments[0] == "commit-tree":
            how = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={self.key.path}")
            arguments = (*how, "commit-tree", "-S", *arguments[1:])
        return super().git(*arguments, stdin=stdin, environment=environment)

    def rewritten(self, commit: str, old: bytes, new: bytes) -> str:
        """The same commit with other bytes, and so with a signature that does not fit."""
        raw = self.git("cat-file", "commit", commit).encode("utf-8", "surrogateescape") + b"\n"
        assert old in raw
        command = ("hash-object", "-w", "-t", "commit", "--literally", "--stdin")
        return self.git(*command, stdin=raw.replace(old, new))
