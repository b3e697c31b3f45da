"""How Git proves to a remote who we are: fixed options and quoted paths, and nothing else.

No key, token or password is ever an argument or in the environment of a program.
"""

import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from apps.gitsync.errors import GitFault, RemoteFault
from apps.gitsync.git import credentials
from apps.gitsync.git.private_keys import is_locked
from apps.gitsync.git.refusals import explain_remote
from apps.policy.secrets.secret import Secret

SSH = (
    "ssh",
    "-oBatchMode=yes",
    "-oStrictHostKeyChecking=yes",
    "-oConnectTimeout=15",
    "-oServerAliveInterval=15",
    "-oServerAliveCountMax=4",
    "-oForwardAgent=no",
    "-oClearAllForwardings=yes",
    "-oPermitLocalCommand=no",
    "-oUpdateHostKeys=no",
)
# In batch mode ssh asks for no passphrase. Nothing else is left that it could ask for.
ASKING_SSH = (
    "ssh",
    *(option for option in SSH[1:] if option != "-oBatchMode=yes"),
    "-oPreferredAuthentications=publickey",
    "-oNumberOfPasswordPrompts=1",
)
UNFIT = re.compile(r"[\"\\\x00-\x1f\x7f]|\$\{|^[^/]")
"""What ssh would not take as it is in a path: it knows quotes, variables and relative paths."""
LOCKED_KEY = (
    "this server's own SSH key has a passphrase, and nobody is there to enter it",
    "Name a key without one with ssh_key, readable by this user alone",
)
WITH_PASSWORD = re.compile(r"https://([^@/]+)@([^@/]+)(/.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Paths of the operator's own files; what is None is left to the account's defaults."""

    ssh_key: Path | None = None
    ssh_passphrase: Secret | None = None
    known_hosts: Path | None = None
    ssh_config: Path | None = None
    https_credentials: Path | None = None
    https_certificates: Path | None = None

    def environment(self) -> dict[str, str]:
        values = {"GIT_SSH_COMMAND": shlex.join(self._ssh()), "GIT_SSH_VARIANT": "ssh"}
        if self.https_certificates:
            values["GIT_SSL_CAINFO"] = str(self.https_certificates)
        return values

    def explain(self, said: str, command: str) -> GitFault:
        """What a remote's refusal means. Of a key that it may not ask a passphrase for, ssh says
        nothing at all."""
        fault = explain_remote(said, command)
        if fault.code != "remote.denied" or self.ssh_passphrase or not self._is_locked():
            return fault
        return RemoteFault("remote.key", *LOCKED_KEY)

    def _is_locked(self) -> bool:
        try:
            return self.ssh_key is not None and is_locked(self.ssh_key.read_bytes())
        except OSError:
            return False

    def _ssh(self) -> list[str]:
        """Without `ssh_config` no file of the account may name a program to run."""
        options = [*(ASKING_SSH if self.ssh_passphrase else SSH)]
        options += ["-F", str(self.ssh_config or os.devnull)]
        if self.ssh_key:
            own = ("IdentitiesOnly=yes", "IdentityAgent=none", _path("IdentityFile", self.ssh_key))
            options += [f"-o{option}" for option in own]
        if self.known_hosts:
            known = _path("UserKnownHostsFile", self.known_hosts)
            options += [f"-o{known}", "-oGlobalKnownHostsFile=/dev/null"]
        return options


@dataclass(frozen=True, slots=True)
class Passage:
    """What one command is given: the remote without a password, options and environment."""

    remote: str
    options: tuple[str, ...]
    environment: dict[str, str]


@contextmanager
def passage(access: Access, remote: str) -> Iterator[Passage]:
    """A password in the URL, or a key's passphrase, is in a file of our own for as long as the
    command runs."""
    if access.ssh_passphrase and not remote.startswith(("https://", "file://", "/")):
        with _answering(access.ssh_passphrase) as asked:
            yield Passage(remote, (), {**access.environment(), **asked})
        return
    parts = None if access.https_credentials else WITH_PASSWORD.fullmatch(remote)
    if parts is None:
        options = _asking(access.https_credentials)
        yield Passage(remote, options, access.environment())
        return
    user, _, token = map(unquote, parts[1].partition(":"))
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="whispercms-") as file:
        file.write(f"{parts[2]} {user}:{token}\n")
        file.flush()
        bare = f"https://{parts[2]}{parts[3] or ''}"
        yield Passage(bare, _asking(Path(file.name)), access.environment())


@contextmanager
def _answering(passphrase: Secret) -> Iterator[dict[str, str]]:
    """ssh runs the program that its environment names, and reads what that prints."""
    with tempfile.TemporaryDirectory(prefix="whispercms-") as folder:
        answer, program = Path(folder) / "answer", Path(folder) / "ask"
        answer.touch(mode=0o600)
        answer.write_text(f"{passphrase.reveal()}\n", encoding="utf-8")
        program.touch(mode=0o700)
        program.write_text(f"#!/bin/sh\nexec cat {shlex.quote(str(answer))}\n", encoding="utf-8")
        yield {"SSH_ASKPASS": str(program), "SSH_ASKPASS_REQUIRE": "force"}


def _asking(path: Path | None) -> tuple[str, ...]:
    """Git's helper `store` would write, and remove what a remote does not take."""
    if path is None:
        return ()
    program = [sys.executable, "-I", "-S", "-B", credentials.__file__, str(path)]
    return ("-c", "credential.helper=", "-c", f"credential.helper=!{shlex.join(program)}")


def _path(option: str, path: Path) -> str:
    return f'{option}="{str(path).replace("%", "%%")}"'
