"""A Git server over SSH on this machine: a real sshd of the test's own, with keys of its own."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from apps.gitsync.git.access import Access
from tests.gitsync.crashing import below
from tests.gitsync.signed import Key, make_key

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
PRIVILEGED = Path("/run/sshd")
"""Where sshd wants an empty folder, of root alone."""
PATIENCE_SECONDS = 10.0
CONFIG = """\
ListenAddress 127.0.0.1
HostKey {0}/host
AuthorizedKeysFile {0}/authorized
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PermitUserRC no
PermitTTY no
DisableForwarding yes
LogLevel ERROR
"""


class SshRemote:
    """`folder` holds keys and configuration; only the account that runs the test gets in."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder, self.port = folder, _free_port()
        self.host, self.key = make_key(folder, "host"), make_key(folder, "id")
        self._process: subprocess.Popen[bytes] | None = None
        self.admit(self.key)
        self.known_hosts.write_text(self.line_of(self.host))
        (folder / "config").write_text(CONFIG.format(folder))

    @property
    def known_hosts(self) -> Path:
        return self.folder / "known_hosts"

    @property
    def access(self) -> Access:
        return self.access_by(self.key)

    def access_by(self, key: Key) -> Access:
        return Access(ssh_key=key.path, known_hosts=self.known_hosts)

    def url(self, path: Path | str) -> str:
        return f"ssh://127.0.0.1:{self.port}{path}"

    def line_of(self, key: Key) -> str:
        """As `known_hosts` has it."""
        return f"[127.0.0.1]:{self.port} {key.public}\n"

    def admit(self, key: Key, options: str = "restrict") -> None:
        """Nobody else from now on."""
        (self.folder / "authorized").write_text(f"{options} {key.public}\n")

    def answer_by(self, script: str) -> None:
        """Of the shell, whatever is asked: `$SSH_ORIGINAL_COMMAND`."""
        (self.folder / "script").write_text(script)
        self.admit(self.key, f'restrict,command="sh {self.folder}/script"')

    def start(self) -> None:
        if os.getuid() == 0:
            PRIVILEGED.mkdir(mode=0o755, exist_ok=True)
        command = [str(SSHD), "-D", "-e", "-f", str(self.folder / "config"), "-p", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log)
        until = monotonic() + PATIENCE_SECONDS
        while not _listens(self.port):
            gone = self._process.poll() is not None
            assert not gone and monotonic() < until, (self.folder / "log").read_text()
            sleep(0.01)

    def kill(self) -> None:
        """The daemon, and all that it started for those who are connected."""
        if self._process is None:
            return
        for process in (*below(self._process.pid), self._process.pid):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait()
        self._process = None


@contextmanager
def ssh_remote(folder: Path) -> Iterator[SshRemote]:
    made = SshRemote(folder)
    made.start()
    try:
        yield made
    finally:
        made.kill()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
