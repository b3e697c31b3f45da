"""The only module that runs Git, with no prompt, no hooks and no configuration but ours.

Every call has a bounded time.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
from git.cmd import Git
from git.exc import GitCommandError, GitCommandNotFound

from apps.gitsync.errors import GitFault
from apps.gitsync.git.access import Access, passage
from apps.gitsync.git.refusals import explain, explain_remote, stderr_of

LOCAL_SECONDS = 600
REMOTE_SECONDS = 300
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
DURABLE = ("-c", "core.fsync=committed")
"""Objects and refs are on the disk when the command has ended; by default Git leaves loose objects
to the kernel."""


class GitProgram:
    """Git, as it is run in one repository."""

    def __init__(self, path: Path, *, durable: bool = False) -> None:
        self.path = path
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
            status, output, said = self._execute(
                *command,
                configuration=options,
                extra=extra,
                istream=file,
                with_extended_output=True,
                with_exceptions=False,
            )
        if not 0 <= status <= most:
            told = said if isinstance(said, str) else bytes(said).decode("utf-8", "replace")
            raise explain(told, command[0])
        return bytes(output)

    def heard(self, *command: str, seconds: int) -> str:
        """Everything that a local command says, whatever it ends with. Raises GitFault when it
        takes longer."""
        status, output, said = self._execute(
            *command, seconds=seconds, with_extended_output=True, with_exceptions=False
        )
        if status < 0:
            reason = f"git {command[0]} was not done after {seconds} seconds"
            raise GitFault("git.slow", reason, "Run `git fsck` by hand when the node is idle")
        told = said if isinstance(said, str) else bytes(said).decode("utf-8", "replace")
        return bytes(output).decode("utf-8", "replace") + "\n" + told

    def _run(self, *arguments: str, **options: Any) -> bytes:
        """Raises GitFault."""
        return bytes(self._execute(*arguments, **options))

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
            status, output, said = self._execute(
                *command,
                "--",
                way.remote,
                *rest,
                configuration=way.options,
                extra=way.environment,
                seconds=REMOTE_SECONDS,
                with_extended_output=True,
                with_exceptions=False,
            )
        said = said if isinstance(said, str) else bytes(said).decode("utf-8", "replace")
        if check and status:
            raise explain_remote(said, command[0])
        return bytes(output), said, status

    def _execute(
        self,
        *arguments: str,
        extra: Mapping[str, str] = NOTHING_MORE,
        configuration: Sequence[str] = (),
        seconds: int = LOCAL_SECONDS,
        **options: Any,
    ) -> Any:
        try:
            return self._git.execute(
                [*_clean(extra), "git", *self._fixed, *configuration, *arguments],
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                env={**_hidden(), **self._environment, **extra},
                kill_after_timeout=None if "output_stream" in options else seconds,
                **options,
            )
        except GitCommandNotFound as error:
            raise GitFault("git.missing", "there is no git here", "Install Git") from error
        except GitCommandError as error:
            raise explain(stderr_of(str(error.stderr)), arguments[0]) from error

    @contextmanager
    def _batch(self, option: str, blobs: Sequence[str]) -> Iterator[BinaryIO]:
        with tempfile.TemporaryFile() as names:
            names.write("".join(f"{blob}\n" for blob in blobs).encode())
            names.seek(0)
            process: Any = self._git.execute(
                [*_clean({}), "git", *OPTIONS, "cat-file", "--buffer", option],
                istream=names,
                as_process=True,
                env={**_hidden(), **self._environment},
            )
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
