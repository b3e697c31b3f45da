"""A bare repository, read in bulk and written by plumbing."""

import os
import re
import shlex
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from apps.gitsync.errors import GitFault, RefMoved
from apps.gitsync.git.access import Access
from apps.gitsync.git.object_reading import ObjectReading
from apps.gitsync.git.output import (
    NOTHING,
    TreeItem,
    added_paths,
    changed_items,
    tree_items,
)
from apps.gitsync.git.pushes import (
    BRANCHES,
    Pushed,
    RefUpdate,
    all_or_nothing,
    not_forward,
    outcomes,
    push_arguments,
    refspecs,
)
from apps.gitsync.git.refusals import explain_remote
from apps.gitsync.git.signing import NEVER_ASK, CommitKey, SealedKey

FEW = 50
ANYBODY = Access()
VISITED = "refs/whispercms/visited"
FETCH = (
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-recurse-submodules",
    "--no-auto-maintenance",
)
ALL_BRANCHES = (
    "+refs/heads/*:refs/remotes/origin/*",
    "+refs/whispercms/releases/*:refs/whispercms/fetched/*",
)


class Repository(ObjectReading):
    """A bare repository on this disk."""

    def exists(self) -> bool:
        return (self.path / "HEAD").is_file() and (self.path / "objects").is_dir()

    def create(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self._run("init", "--quiet", "--bare", "--initial-branch=main", "--template=")

    def fetch(
        self, remote: str, access: Access = ANYBODY, refspecs: Sequence[str] = ALL_BRANCHES
    ) -> None:
        """Brings all branches here as `refs/remotes/origin/*`, and all releases, or what `refspecs`
        say, of which nothing is ever removed. Raises RemoteFault."""
        prune = ("--prune",) if refspecs is ALL_BRANCHES else ()
        options = (f"--upload-pack={_upload_pack(remote)}", *FETCH, *prune)
        said = self._ask_remote(("fetch", *options), remote, access, refspecs)[1]
        if "shallow" in said:  # Git leaves such refs out and calls it a success.
            raise explain_remote("shallow", "fetch")

    def fetch_one(self, remote: str, wanted: str, access: Access = ANYBODY) -> None:
        """Brings one commit here as VISITED, without what came before it. `wanted` is a whole id or
        a ref. Raises RemoteFault."""
        options = (f"--upload-pack={_upload_pack(remote)}", *FETCH, "--depth=1")
        self._ask_remote(("fetch", *options), remote, access, (f"+{wanted}:{VISITED}",))

    def push(
        self, remote: str, updates: Sequence[RefUpdate], access: Access = ANYBODY
    ) -> list[Pushed]:
        """All or nothing where the server can; a branch is never forced. An answer for each
        update, in their order. Raises RemoteFault when the remote gave none."""
        arguments = push_arguments(updates)
        if back := [not_forward(each) for each in updates if not self._is_forward(each)]:
            return all_or_nothing(back, updates)
        for atomic in (("--atomic",), ()):
            output, said, status = self._ask_remote(
                ("push", *atomic, *arguments), remote, access, refspecs(updates), check=False
            )
            if "does not support --atomic" not in said:
                break
        answers = outcomes(updates, output, said)
        if answers is None or (status and all(each.fault is None for each in answers)):
            raise access.explain(said, "push")
        return answers

    def _is_forward(self, update: RefUpdate) -> bool:
        if update.expected is None or not update.ref.startswith(BRANCHES):
            return True
        return self.is_ancestor(update.expected, update.new)

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether everything of the commit `old` is in the history of `new`."""
        if self.steps(old, new):
            return True
        fault, _ = self._answer("merge-base", "--is-ancestor", old, new)
        if fault and fault.code == "git.damaged":
            raise fault
        return fault is None

    def default_branch(self, remote: str, access: Access = ANYBODY) -> str | None:
        """What the remote's HEAD names; None when it is detached or the repository is empty."""
        default, answer = self._ask_heads(remote, access, "HEAD")
        if default is None and Path(remote).is_file():
            return self._branch_at(answer[:40])
        return default

    def heads(self, remote: str, access: Access = ANYBODY) -> tuple[str | None, list[str]]:
        """The default branch and all branches of a remote, without fetching. Raises RemoteFault."""
        default, answer = self._ask_heads(remote, access, "HEAD", "refs/heads/*")
        return default, re.findall(r"^\w+\trefs/heads/(.+)$", answer, re.M)

    def _ask_heads(self, remote: str, access: Access, *refs: str) -> tuple[str | None, str]:
        """The branch that HEAD is, and all that was said of these references."""
        command = ("ls-remote", f"--upload-pack={_upload_pack(remote)}", "--symref")
        answer = self._ask_remote(command, remote, access, refs)[0].decode("utf-8", "replace")
        default = re.match(r"ref: refs/heads/(.+)\tHEAD", answer)
        return default[1] if default else None, answer

    def _branch_at(self, head: str) -> str | None:
        """A bundle lists its HEAD without a name: the branch of the same commit is meant."""
        if not head:
            return None
        query = ("for-each-ref", f"--points-at={head}", "--format=%(refname)")
        names = self._run(*query, "refs/remotes/origin/").decode("utf-8", "replace").split()
        return names[0].removeprefix("refs/remotes/origin/") if names else None

    def resolve(self, ref: str) -> str | None:
        """Raises GitFault for a Git that was killed alone."""
        fault, answer = self._answer("rev-parse", "--verify", "--quiet", "--end-of-options", ref)
        return None if fault else answer.decode().strip() or None

    def symbolic(self, ref: str, target: str | None = None) -> str | None:
        """Reads a symbolic ref, or points it at `target` first."""
        if target is not None:
            self._run("symbolic-ref", ref, target)
            return target
        fault, answer = self._answer("symbolic-ref", "--quiet", ref)
        return None if fault else answer.decode().strip() or None

    def branches(self) -> list[str]:
        """The remote's branches as they were fetched last."""
        listed = self._run("for-each-ref", "--format=%(refname)", "refs/remotes/origin/")
        return listed.decode("utf-8", "replace").split()

    def refs(self, *prefixes: str) -> dict[str, str]:
        """ref → object, of all below the prefixes, which end with a slash."""
        listed = self._run("for-each-ref", "--format=%(objectname) %(refname)", *prefixes)
        lines = listed.decode("utf-8", "replace").splitlines()
        return {ref: found for found, _, ref in (line.partition(" ") for line in lines)}

    def tree(self, commit: str) -> list[TreeItem]:
        """All files of a commit."""
        return tree_items(self._run("ls-tree", "-r", "-z", "--full-tree", commit))

    def changes(self, old: str, new: str) -> list[TreeItem]:
        """The paths that differ between two commits, as they are in `new`."""
        return self.difference(old, new)[0]

    def difference(self, old: str, new: str) -> tuple[list[TreeItem], frozenset[bytes]]:
        """The same, and those of them that `old` does not have."""
        return changed_items(self._run("diff-tree", "-r", "-z", "--raw", "--no-renames", old, new))

    def is_first_parent_ancestor(self, old: str, new: str) -> bool:
        """Whether `old` is on the chain of first parents that leads to `new`."""
        if self.steps(old, new):
            return True
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
        return self._write_object("blob", content)

    def _write_object(self, kind: str, content: bytes) -> str:
        with tempfile.TemporaryFile() as file:
            file.write(content)
            file.seek(0)
            options = ("-t", kind, "-w", "--stdin")
            return self._run("hash-object", *options, istream=file).decode().strip()

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
        self,
        tree: str,
        parents: Sequence[str],
        message: str,
        author: Mapping[str, str],
        *,
        key: CommitKey | None = None,
    ) -> str:
        """`author` holds Git's variables, GIT_AUTHOR_NAME and so on. Signed with `key`, if any."""
        if isinstance(key, SealedKey):
            plain = self.write_commit(tree, parents, message, author)
            return self._write_object("commit", key.signed(self.plumb("cat-file", "commit", plain)))
        options = [part for parent in parents for part in ("-p", parent)]
        signing = key.configuration if key else ()
        with tempfile.TemporaryFile() as file:
            file.write(message.encode())
            file.seek(0)
            return (
                self._run(
                    "commit-tree",
                    *(("-S",) if key else ()),
                    *options,
                    *("-F", "-", tree),
                    istream=file,
                    configuration=signing,
                    extra={**author, **(NEVER_ASK if key else {})},
                )
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

    def move_together(self, updates: Sequence[RefUpdate]) -> None:
        """All of them by compare-and-swap, or none. Raises RefMoved."""
        lines = [f"update {u.ref} {u.new} {u.expected or NOTHING}\n" for u in updates]
        with tempfile.TemporaryFile() as file:
            file.write("".join(["start\n", *lines, "prepare\n", "commit\n"]).encode())
            file.seek(0)
            try:
                self._run("update-ref", "--no-deref", "--stdin", istream=file)
            except GitFault as error:
                moved = [u.ref for u in updates if self.resolve(u.ref) != u.expected]
                if not moved:
                    raise
                raise RefMoved(moved[0]) from error

    def remove(self, ref: str, old: str) -> None:
        """Compare-and-swap. Raises RefMoved, also where the ref is gone already."""
        try:
            self._run("update-ref", "--no-deref", "-d", ref, old)
        except GitFault as error:
            if self.resolve(ref) == old:
                raise
            raise RefMoved(ref) from error

    def set(self, ref: str, new: str) -> None:
        self._run("update-ref", "--no-deref", ref, new)

    def set_together(self, refs: Mapping[str, str]) -> None:
        """All of them or none."""
        lines = "".join(f"update {ref} {new}\n" for ref, new in refs.items())
        self.plumb("update-ref", "--no-deref", "--stdin", stdin=lines.encode())


def _upload_pack(remote: str) -> str:
    """The operator named a local folder, so its owner need not be the server's user."""
    if not remote.startswith("/"):
        return "git-upload-pack"
    trusted = (remote, f"{remote.rstrip('/')}/.git")
    return shlex.join(
        ["git", *(o for path in trusted for o in ("-c", f"safe.directory={path}")), "upload-pack"]
    )
