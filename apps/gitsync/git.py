"""The only module that runs Git: a bare repository, read in bulk and written by plumbing.

Every call has a bounded time, no prompt, no hooks and no configuration but ours.
"""

import os
import re
import shlex
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
from git.cmd import Git
from git.exc import GitCommandError, GitCommandNotFound

from apps.gitsync.errors import GitFault, RefMoved
from apps.gitsync.output import (
    NOTHING,
    TreeItem,
    added_paths,
    batch_header,
    changed_items,
    tree_items,
)
from apps.gitsync.refusals import as_remote, explain, stderr_of

LOCAL_SECONDS = 600
REMOTE_SECONDS = 300
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
OURS = {*ENVIRONMENT, "GIT_DIR", "GIT_CONFIG_GLOBAL", "GIT_PYTHON_REFRESH"}
FEW = 50
OPTIONS = ("-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "protocol.ext.allow=never")


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
        said = self._ask_remote(
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
        )[1]
        if "shallow" in said:  # Git leaves such refs out and calls it a success.
            raise as_remote(explain("shallow", "fetch"))

    def default_branch(self, remote: str) -> str | None:
        """What the remote's HEAD names; None when it is detached or the repository is empty."""
        program = f"--upload-pack={_upload_pack(remote)}"
        answer = self._ask_remote("ls-remote", program, "--symref", "--", remote, "HEAD")[0]
        if found := re.match(rb"ref: refs/heads/(.+)\tHEAD", answer):
            return found[1].decode("utf-8", "replace")
        return self._branch_at(answer[:40].decode()) if Path(remote).is_file() else None

    def _branch_at(self, head: str) -> str | None:
        """A bundle lists its HEAD without a name: the branch of the same commit is meant."""
        if not head:
            return None
        query = ("for-each-ref", f"--points-at={head}", "--format=%(refname)")
        names = self._run(*query, "refs/remotes/origin/").decode("utf-8", "replace").split()
        return names[0].removeprefix("refs/remotes/origin/") if names else None

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
        return tree_items(self._run("ls-tree", "-z", "--full-tree", commit))

    def tree(self, commit: str) -> list[TreeItem]:
        """All files of a commit."""
        return tree_items(self._run("ls-tree", "-r", "-z", "--full-tree", commit))

    def changes(self, old: str, new: str) -> list[TreeItem]:
        """The paths that differ between two commits, as they are in `new`."""
        return changed_items(self._run("diff-tree", "-r", "-z", "--raw", "--no-renames", old, new))

    def sizes(self, blobs: Sequence[str]) -> dict[str, int]:
        """blob → bytes, without reading the blobs themselves."""
        sizes = {}
        with self._batch("--batch-check", blobs) as stream:
            for line in stream:
                name, _, size = batch_header(line)
                sizes[name] = int(size)
        return sizes

    def read(self, blobs: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """(blob, bytes) of each, in one pass. The caller bounds sizes before."""
        with self._batch("--batch", blobs) as stream:
            for _ in blobs:
                name, _, size = batch_header(stream.readline())
                yield name, stream.read(int(size))
                stream.read(1)

    def copy(self, blob: str, into: BinaryIO) -> None:
        """Streams one blob, whatever its size, in constant memory."""
        self._execute("cat-file", "blob", blob, output_stream=into)

    def is_first_parent_ancestor(self, old: str, new: str) -> bool:
        """Whether `old` is on the chain of first parents that leads to `new`."""
        output = self._run("rev-list", "--first-parent", "--parents", f"{old}..{new}")
        lines = output.decode().splitlines()
        return bool(lines) and old in lines[-1].split(" ")[1:2]

    def added(self, commit: str, since: str | None, paths: Sequence[bytes]) -> dict[bytes, int]:
        """path → author date of the latest first-parent commit that added it, in seconds. A
        commit whose author has no date that can be read dates nothing."""
        limit = [os.fsdecode(b":(literal)" + path) for path in paths] if len(paths) <= FEW else []
        output = self._run(
            "log",
            "--first-parent",
            "--diff-merges=first-parent",
            "--no-renames",
            "--diff-filter=A",
            "--raw",
            "-z",
            "--format=%H %at",
            f"{since}..{commit}" if since else commit,
            "--",
            *limit,
        )
        return added_paths(output)

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
                file.write(os.fsencode(f"{mode} {blob}\t{path}") + b"\0")
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
            self._run("update-ref", "--no-deref", ref, new, old or NOTHING)
        except GitFault as error:
            if self.resolve(ref) == old:
                raise
            raise RefMoved(ref) from error

    def set(self, ref: str, new: str) -> None:
        self._run("update-ref", "--no-deref", ref, new)

    def _run(self, *arguments: str, **options: Any) -> bytes:
        """Raises GitFault."""
        return bytes(self._execute(*arguments, **options))

    def _ask_remote(self, *arguments: str) -> tuple[bytes, str]:
        """(stdout, stderr). Raises RemoteFault."""
        try:
            _, output, said = self._execute(
                *arguments, seconds=REMOTE_SECONDS, with_extended_output=True
            )
        except GitFault as error:
            raise as_remote(error) from error
        return bytes(output), str(said)

    def _execute(
        self,
        *arguments: str,
        extra: dict[str, str] | None = None,
        seconds: int = LOCAL_SECONDS,
        **options: Any,
    ) -> Any:
        try:
            return self._git.execute(
                [*_clean(extra or {}), "git", *OPTIONS, *arguments],
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                env={**self._environment, **(extra or {})},
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
                env=self._environment,
            )
            try:
                yield process.proc.stdout
            finally:
                process.proc.stdout.close()
                process.proc.stderr.close()
                process.proc.wait()


def _upload_pack(remote: str) -> str:
    """The operator named a local folder, so its owner need not be the server's user."""
    if not remote.startswith("/"):
        return "git-upload-pack"
    trusted = (remote, f"{remote.rstrip('/')}/.git")
    return shlex.join(
        ["git", *(o for path in trusted for o in ("-c", f"safe.directory={path}")), "upload-pack"]
    )


def _clean(extra: Mapping[str, str]) -> list[str]:
    """A server that was started from a hook has variables of Git's that are not meant for us."""
    kept = OURS | extra.keys()
    stray = sorted(name for name in os.environ if name.startswith("GIT_") and name not in kept)
    return ["env", *(part for name in stray for part in ("-u", name))] if stray else []
