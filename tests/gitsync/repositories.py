"""Repositories as hostile as Git allows, made with Git itself and none of our own code."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

FILE, PROGRAM, LINK, SUBMODULE = "100644", "100755", "120000", "160000"
NOWHERE = "1" * 40
"""An object that no repository here has."""
DAY = 86_400
NONE: Mapping[str, str] = {}
START = 1_577_836_800
"""2020-01-01T00:00:00Z"""


@dataclass(frozen=True, slots=True)
class At:
    """An entry with a mode of its own: content, or the object that a submodule names."""

    mode: str
    content: bytes | str = b""


class Made:
    """A bare repository; each commit is a day after the one before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--bare", "--initial-branch=main", "--template=")
        self._days = 0

    def git(
        self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] = NONE
    ) -> str:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        fixed = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env={**plain, **fixed, **environment},
            input=stdin,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def commit(
        self,
        files: Mapping[bytes, bytes | At],
        *,
        branch: str = "main",
        parents: Sequence[str] | None = None,
        date: str = "",
    ) -> str:
        """`files` are all the files of the commit. Without `parents` it follows its branch."""
        before = self.tip(branch)
        above = parents if parents is not None else [before] if before else []
        moment = date or f"{START + self._days * DAY} +0000"
        self._days += 1
        who = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (("NAME", "Ada"), ("EMAIL", "a@b.c"), ("DATE", moment))
        }
        options = [part for parent in above for part in ("-p", parent)]
        made = self.git("commit-tree", *options, "-m", "Edit", self.tree(files), environment=who)
        self.git("update-ref", f"refs/heads/{branch}", made)
        return made

    def tree(self, files: Mapping[bytes, bytes | At]) -> str:
        entries = {
            path: each if isinstance(each, At) else At(FILE, each) for path, each in files.items()
        }
        contents = [each.content for each in entries.values() if isinstance(each.content, bytes)]
        objects: dict[bytes | str, str] = dict(zip(contents, self._blobs(contents), strict=True))
        lines = b"".join(
            f"{each.mode} {objects.get(each.content) or each.content!s}\t".encode() + path + b"\0"
            for path, each in entries.items()
        )
        own = {"GIT_INDEX_FILE": str(self.path / "made.index")}
        Path(own["GIT_INDEX_FILE"]).unlink(missing_ok=True)
        self.git("update-index", "-z", "--index-info", stdin=lines, environment=own)
        return self.git("write-tree", environment=own)

    def blob(self, content: bytes) -> str:
        return self.git("hash-object", "-w", "--stdin", stdin=content)

    def tip(self, branch: str = "main") -> str:
        return self.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")

    def _blobs(self, contents: Sequence[bytes]) -> list[str]:
        """By one Git."""
        with TemporaryDirectory() as folder:
            files = [Path(folder) / str(number) for number in range(len(contents))]
            for file, content in zip(files, contents, strict=True):
                file.write_bytes(content)
            names = "".join(f"{file}\n" for file in files).encode()
            return self.git(
                "hash-object", "-w", "--no-filters", "--stdin-paths", stdin=names
            ).split()
