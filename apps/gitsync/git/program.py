"""The only module that runs Git, with no prompt, no hooks and no configuration but ours.

Every call has a bounded time.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
from git.cmd import Git
from git.exc import GitCommandNotFound

from apps.gitsync.errors import GitFault
from apps.gitsync.git.access import Access, passage
from apps.gitsync.git.refusals import explain
from apps.runtime.endings import ended

LOCAL_SECONDS = 600
REMOTE_SECONDS = 300
LATE = -999
PIPE = -1
"""As `subprocess` calls it, which only the runtime may import."""
ENVIRONMENT = {
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": f"{os.devnull}/none",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",
    "GIT_ALLOW_PROTOCOL": "ssh:https:file",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
NOTHING_MORE: Mapping[str, str] = MappingProxyType({})
OURS = {*ENVIRONMENT, "GIT_DIR", "GIT_CONFIG_GLOBAL", "GIT_PYTHON_REFRESH"}
FIXED = (
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.fsmonitor=false",
    "credential.helper=",
    "gc.auto=0",
    "http.lowSpeedLimit=100",
    "http.lowSpeedTime=60",
    "protocol.ext.allow=never",
)
OPTIONS = tuple(part for value in FIXED for part in ("-c", value))
BLOCK = 512
BOUND = ("sh", "-c", 'ulimit -f "$0" && exec "$@"')
DURABLE = ("-c", "core.fsync=committed")
"""Objects and refs are on the disk when the command has ended; by default Git leaves loose objects
to the kernel."""


class GitProgram:
    """Git, as it is run in one repository."""

    def __init__(self, path: Path, *, durable: bool = False, file_bytes: int = 0) -> None:
        """`file_bytes`: the most that a file may have which it writes, as the pack of a remote that
        nobody trusts; 0 is any."""
        self.path = path
        self._bound = (*BOUND, str(file_bytes // BLOCK)) if file_bytes else ()
        self._fixed = (*OPTIONS, *DURABLE) if durable else OPTIONS
        self._git = Git(path)
        self._environment = {**ENVIRONMENT, "GIT_DIR": str(path), "GIT_CONFIG_GLOBAL": os.devnull}

    def run(self, *arguments: str, **options: Any) -> bytes:
        """A local command that another module speaks for. Raises GitFault."""
        return self._run(*arguments, **options)

    def plumb(
        self,
        *command: str,
        options: Sequence[str] = (),
        stdin: bytes = b"",
        most: int = 0,
        extra: Mapping[str, str] = NOTHING_MORE,
    ) -> bytes:
        """The same with input; it may end with a status up to `most`. Any other raises GitFault."""
        with tempfile.TemporaryFile() as file:
            file.write(stdin)
            file.seek(0)
            status, output, said = self._ended(
                command, configuration=options, extra=extra, istream=file
            )
        if not 0 <= status <= most:
            raise explain(said, command[0])
        return output

    def heard(self, *command: str, seconds: int) -> str:
        """Everything that a local command says, whatever it ends with. Raises GitFault when it
        takes longer, or is killed."""
        status, output, said = self._ended(command, seconds=seconds)
        if status < 0:
            raise explain(said, command[0])
        return output.decode("utf-8", "replace") + "\n" + said

    def _run(self, *arguments: str, **options: Any) -> bytes:
        """Raises GitFault."""
        status, output, said = self._ended(arguments, **options)
        if status:
            raise explain(said, arguments[0])
        return output

    def _answer(self, *arguments: str) -> tuple[GitFault | None, bytes]:
        """Of a command that says no by failing. Raises GitFault where it was killed, as that is no
        answer."""
        status, output, said = self._ended(arguments)
        fault = explain(said, arguments[0]) if status else None
        if fault and status < 0:
            raise fault
        return fault, output

    def _ask_remote(
        self,
        command: Sequence[str],
        remote: str,
        access: Access,
        rest: Sequence[str],
        *,
        check: bool = True,
    ) -> tuple[bytes, str, int]:
        """(stdout, stderr, status). Raises RemoteFault unless `check` is off."""
        with passage(access, remote) as way:
            status, output, said = self._ended(
                (*command, "--", way.remote, *rest),
                configuration=way.options,
                extra=way.environment,
                seconds=REMOTE_SECONDS,
            )
        if check and status:
            raise access.explain(said, command[0])
        return output, said, status

    def _ended(
        self, command: Sequence[str], *, seconds: float = LOCAL_SECONDS, **options: Any
    ) -> tuple[int, bytes, str]:
        """(status, stdout, stderr); LATE is the status of one that had to be ended."""
        running = self._started(command, **options)
        answer = ended(running.proc, seconds)
        if answer is None:
            return LATE, b"", f"Timeout after {seconds:g} seconds"
        status, said = running.proc.returncode, answer[1].decode("utf-8", "replace").rstrip()
        return status, answer[0], f"{said}\nKilled by signal {-status}" if status < 0 else said

    def _copied(self, *command: str, into: BinaryIO) -> None:
        """Of any length. Raises GitFault."""
        running = self._started(command)
        with running.proc.stdout as stream, running.proc.stderr as errors:
            shutil.copyfileobj(stream, into)
            said = errors.read().decode("utf-8", "replace")
        if running.proc.wait():
            raise explain(said, command[0])

    def _asked(self, *command: str) -> Any:
        """One that is asked through its input, for as long as somebody refers to it."""
        return self._started(command, istream=PIPE)

    def _started(
        self,
        command: Sequence[str],
        *,
        extra: Mapping[str, str] = NOTHING_MORE,
        configuration: Sequence[str] = (),
        istream: Any = None,
    ) -> Any:
        """Ended when nobody refers to it any more. Raises GitFault."""
        try:
            return self._git.execute(
                [*_clean(extra), *self._bound, "git", *self._fixed, *configuration, *command],
                env={**_hidden(), **self._environment, **extra},
                istream=istream,
                as_process=True,
            )
        except GitCommandNotFound as error:
            raise GitFault("git.missing", "there is no git here", "Install Git") from error

    @contextmanager
    def _batch(self, option: str, blobs: Sequence[str]) -> Iterator[BinaryIO]:
        with tempfile.TemporaryFile() as names:
            names.write("".join(f"{blob}\n" for blob in blobs).encode())
            names.seek(0)
            process = self._started(("cat-file", "--buffer", option), istream=names)
            try:
                yield process.proc.stdout
            finally:
                process.proc.stdout.close()
                process.proc.stderr.close()
                process.proc.wait()


def _clean(extra: Mapping[str, str]) -> list[str]:
    """A server that was started from a hook has variables of Git's that are not meant for us."""
    kept = OURS | extra.keys()
    stray = sorted(name for name in os.environ if name.startswith("GIT_") and name not in kept)
    return ["env", *(part for name in stray for part in ("-u", name))] if stray else []


def _hidden() -> dict[str, str]:
    """Our own settings, among them secrets, are no business of Git's nor of what it starts."""
    return dict.fromkeys((name for name in os.environ if name.startswith("WHISPERCMS_")), "")
