"""The only module that runs Git: a bare repository, read in bulk and written by plumbing.

Every call has a bounded time, no prompt, no hooks and no configuration but ours.
"""

import os
import re
import shlex
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
from git.cmd import Git
from git.exc import GitCommandError

from apps.gitsync.errors import GitFault, RefMoved, RemoteFault

LOCAL_SECONDS = 600
REMOTE_SECONDS = 300
EMPTY = "0" * 40
ENVIRONMENT = {
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",
    "GIT_ALLOW_PROTOCOL": "ssh:https:file",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oStrictHostKeyChecking=yes -oConnectTimeout=15",
    "LC_ALL": "C",
}
OPTIONS = ("-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "protocol.ext.allow=never")
# Stderr of Git → (code, reason, remedy); the first that matches is what the operator reads.
REFUSALS = (
    (
        r"does not appear to be a git repository|not found|does not exist|No such file",
        "remote.unknown",
        "there is no Git repository at the remote",
        "Check WHISPERCMS_REMOTE",
    ),
    (
        r"Permission denied|Authentication failed|could not read Username|403",
        "remote.denied",
        "the remote refuses this server's key or password",
        "Give the server read access to the repository",
    ),
    (
        r"Host key verification failed",
        "remote.host-key",
        "the remote's host key is not known here",
        "Add it to this user's known_hosts",
    ),
    (
        r"shallow",
        "remote.shallow",
        "the remote is a shallow clone, which lacks the history that dates come from",
        "Run `git fetch --unshallow` there, or name the full repository",
    ),
    (
        r"dubious ownership",
        "remote.owner",
        "the remote folder belongs to another user",
        "Give it to the user that runs this server",
    ),
)


@dataclass(frozen=True, slots=True)
class TreeItem:
    """One path of a commit. `mode` is Git's, such as 100644; a removed path has none."""

    path: bytes
    mode: str
    blob: str

    @property
    def removed(self) -> bool:
        return self.blob == EMPTY


class Repository:
    """A bare repository on this disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._git = Git(path)
        self._environment = {**ENVIRONMENT, "GIT_DIR": str(path), "GIT_CONFIG_GLOBAL": os.devnull}

    def exists(self) -> bool:
        return (self.path / "HEAD").is_file() and (self.path / "objects").is_dir()

    def create(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self._run("init", "--quiet", "--bare", "--initial-branch=main", "--template=")

    def fetch(self, remote: str) -> None:
        """Brings all branches here as `refs/remotes/origin/*`. Raises RemoteFault."""
        self._run_remote(
            "fetch",
            f"--upload-pack={_upload_pack(remote)}",
            "--quiet",
            "--prune",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--",
            remote,
            "+refs/heads/*:refs/remotes/origin/*",
        )

    def default_branch(self, remote: str) -> str | None:
        """What the remote's HEAD names; None when it is detached or the repository is empty."""
        program = f"--upload-pack={_upload_pack(remote)}"
        answer = self._run_remote("ls-remote", program, "--symref", "--", remote, "HEAD")
        if found := re.match(rb"ref: refs/heads/(.+)\tHEAD", answer):
            return found[1].decode("utf-8", "replace")
        return self._branch_at(answer[:40].decode()) if Path(remote).is_file() else None

    def _branch_at(self, head: str) -> str | None:
        """A bundle lists its HEAD without a name: the branch of the same commit is meant."""
        query = ("for-each-ref", f"--points-at={head}", "--format=%(refname)")
        names = self._run(*query, "refs/remotes/origin/").decode("utf-8", "replace").split()
        return names[0].removeprefix("refs/remotes/origin/") if head and names else None

    def resolve(self, ref: str) -> str | None:
        try:
            answer = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", ref)
        except GitFault:
            return None
        return answer.decode().strip() or None

    def symbolic(self, ref: str, target: str | None = None) -> str | None:
        """Reads a symbolic ref, or points it at `target` first."""
        if target is not None:
            self._run("symbolic-ref", ref, target)
            return target
        try:
            return self._run("symbolic-ref", "--quiet", ref).decode().strip() or None
        except GitFault:
            return None

    def branches(self) -> list[str]:
        """The remote's branches as they were fetched last."""
        listed = self._run("for-each-ref", "--format=%(refname)", "refs/remotes/origin/")
        return listed.decode("utf-8", "replace").split()

    def top(self, commit: str) -> list[TreeItem]:
        """The entries of the top folder, folders among them."""
        return _tree_items(self._run("ls-tree", "-z", "--full-tree", commit))

    def tree(self, commit: str) -> list[TreeItem]:
        """All files of a commit."""
        return _tree_items(self._run("ls-tree", "-r", "-z", "--full-tree", commit))

    def changes(self, old: str, new: str) -> list[TreeItem]:
        """The paths that differ between two commits, as they are in `new`."""
        output = self._run("diff-tree", "-r", "-z", "--raw", "--no-renames", old, new)
        fields = output.split(b"\0")[:-1]
        items = []
        for head, path in zip(fields[::2], fields[1::2], strict=True):
            _, mode, _, blob, _ = head.decode().split(" ")
            items.append(TreeItem(path, mode, blob))
        return items

    def sizes(self, blobs: Sequence[str]) -> dict[str, int]:
        """blob → bytes, without reading the blobs themselves."""
        sizes = {}
        with self._batch("--batch-check", blobs) as stream:
            for line in stream:
                name, _, size = line.decode().split(" ")
                sizes[name] = int(size)
        return sizes

    def read(self, blobs: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """(blob, bytes) of each, in one pass. The caller bounds sizes before."""
        with self._batch("--batch", blobs) as stream:
            for _ in blobs:
                name, _, size = stream.readline().decode().split(" ")
                yield name, stream.read(int(size))
                stream.read(1)

    def copy(self, blob: str, into: BinaryIO) -> None:
        """Streams one blob, whatever its size, in constant memory."""
        self._git.execute(
            self._command("cat-file", "blob", blob),
            output_stream=into,
            env=self._environment,
            kill_after_timeout=None,
        )

    def is_first_parent_ancestor(self, old: str, new: str) -> bool:
        """Whether `old` is on the chain of first parents that leads to `new`."""
        output = self._run("rev-list", "--first-parent", "--parents", f"{old}..{new}")
        lines = output.decode().splitlines()
        return bool(lines) and old in lines[-1].split(" ")[1:2]

    def added(self, commit: str, since: str | None, paths: Sequence[bytes]) -> dict[bytes, int]:
        """path → author date of the latest first-parent commit that added it, in seconds."""
        revisions = f"{since}..{commit}" if since else commit
        limit = [b"--", *(b":(literal)" + path for path in paths)] if len(paths) <= 50 else []
        output = self._run(
            "log",
            "--first-parent",
            "--diff-merges=first-parent",
            "--no-renames",
            "--diff-filter=A",
            "--name-only",
            "-z",
            "--format=%x01%at",
            revisions,
            *(os.fsdecode(argument) for argument in limit),
        )
        found: dict[bytes, int] = {}
        for record in output.split(b"\x01")[1:]:
            moment, _, names = record.partition(b"\0")
            for name in names.lstrip(b"\n").split(b"\0"):
                found.setdefault(name, int(moment))
        return found

    def is_shallow(self) -> bool:
        return (self.path / "shallow").exists()

    def write_blob(self, content: bytes) -> str:
        with tempfile.TemporaryFile() as file:
            file.write(content)
            file.seek(0)
            return self._run("hash-object", "-w", "--stdin", istream=file).decode().strip()

    def write_tree(self, files: Iterable[tuple[str, str, str]]) -> str:
        """A tree of (mode, blob, path), made through an index file of its own."""
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as file:
            environment = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            for mode, blob, path in files:
                file.write(f"{mode} {blob}\t{path}".encode() + b"\0")
            file.seek(0)
            self._run("update-index", "-z", "--index-info", istream=file, extra=environment)
            return self._run("write-tree", extra=environment).decode().strip()

    def write_commit(
        self, tree: str, parents: Sequence[str], message: str, author: dict[str, str]
    ) -> str:
        """`author` holds Git's variables, GIT_AUTHOR_NAME and so on."""
        options = [part for parent in parents for part in ("-p", parent)]
        with tempfile.TemporaryFile() as file:
            file.write(message.encode())
            file.seek(0)
            return (
                self._run("commit-tree", *options, "-F", "-", tree, istream=file, extra=author)
                .decode()
                .strip()
            )

    def move(self, ref: str, new: str, old: str | None) -> None:
        """Compare-and-swap; `old` None means that the ref must not exist. Raises RefMoved."""
        try:
            self._run("update-ref", "--no-deref", ref, new, old or EMPTY)
        except GitFault as error:
            raise RefMoved(ref) from error

    def set(self, ref: str, new: str) -> None:
        self._run("update-ref", "--no-deref", ref, new)

    def _command(self, *arguments: str) -> list[str]:
        return ["git", *OPTIONS, *arguments]

    def _run(
        self,
        *arguments: str,
        istream: BinaryIO | None = None,
        extra: dict[str, str] | None = None,
        seconds: int = LOCAL_SECONDS,
    ) -> bytes:
        try:
            output: Any = self._git.execute(
                self._command(*arguments),
                istream=istream,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                env={**self._environment, **(extra or {})},
                kill_after_timeout=seconds,
            )
        except GitCommandError as error:
            raise _fault(error, arguments[0]) from error
        return bytes(output)

    def _run_remote(self, *arguments: str) -> bytes:
        try:
            return self._run(*arguments, seconds=REMOTE_SECONDS)
        except GitFault as error:
            raise RemoteFault(error.code, error.reason, error.remedy) from error

    @contextmanager
    def _batch(self, option: str, blobs: Sequence[str]) -> Iterator[BinaryIO]:
        with tempfile.TemporaryFile() as names:
            names.write("".join(f"{blob}\n" for blob in blobs).encode())
            names.seek(0)
            process: Any = self._git.execute(
                self._command("cat-file", "--buffer", option),
                istream=names,
                as_process=True,
                env=self._environment,
            )
            try:
                yield process.proc.stdout
            finally:
                process.proc.stdout.close()
                process.proc.stderr.close()
                process.proc.wait()


def _tree_items(output: bytes) -> list[TreeItem]:
    items = []
    for line in output.split(b"\0")[:-1]:
        head, _, path = line.partition(b"\t")
        mode, _, blob = head.decode().split(" ")
        items.append(TreeItem(path, mode, blob))
    return items


def _upload_pack(remote: str) -> str:
    """The operator named a local folder, so its owner need not be the server's user."""
    if not remote.startswith("/"):
        return "git-upload-pack"
    trusted = (remote, f"{remote.rstrip('/')}/.git")
    return shlex.join(
        ["git", *(o for path in trusted for o in ("-c", f"safe.directory={path}")), "upload-pack"]
    )


def _fault(error: GitCommandError, command: str) -> GitFault:
    """Git's own words, in English by LC_ALL, as a code and a remedy. No URL is repeated: it may
    hold a password."""
    said = str(error.stderr)
    for pattern, code, reason, remedy in REFUSALS:
        if re.search(pattern, said):
            return GitFault(code, reason, remedy)
    if "Timeout" in said or "resolve host" in said or "Connection" in said or "timed out" in said:
        return GitFault("remote.unreachable", "the remote does not answer", "Try again later")
    last = re.sub(r"\S*://\S*", "…", said.strip().strip("'").splitlines()[-1] if said else "")
    return GitFault(f"git.{command}", f"git {command} failed: {last}"[:300], "See the log")
