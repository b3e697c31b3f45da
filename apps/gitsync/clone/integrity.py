"""Whether a clone is whole, as Git itself finds it, and what of its damage heals in place."""

import os
import re
from pathlib import Path
from typing import Final

from apps.gitsync.git.repository import Repository

CHECK_SECONDS: Final = 60
FULL_SECONDS: Final = 300
FINDINGS: Final = 20
HEAD: Final = "ref: refs/heads/main\n"
CONFIG: Final = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"
NO_DAMAGE: Final = re.compile(
    r"(hint|notice|dangling|warning in|error in (commit|tree|blob|tag)|Checking)\b|$"
    r"|error: refs/remotes/origin/HEAD: invalid sha1 pointer 0{40}"
)
"""What a person may have committed, such as a date that is none, is as it was sent; and a remote
may have lost its default branch."""


def check(repository: Repository, *, full: bool = False) -> tuple[str, ...]:
    """What is damaged; nothing when it is whole. Reads every object when `full`, else only follows
    what names what. Raises GitFault when it takes too long."""
    how = ("--full",) if full else ("--connectivity-only",)
    seconds = FULL_SECONDS if full else CHECK_SECONDS
    said = repository.heard("fsck", *how, "--no-dangling", "--no-progress", seconds=seconds)
    return found_damage(said)


def found_damage(said: str) -> tuple[str, ...]:
    """Of what `git fsck` says. Pure."""
    lines = (line.strip() for line in said.splitlines())
    return tuple([line for line in lines if not NO_DAMAGE.match(line)][:FINDINGS])


def settle(repository: Repository) -> list[str]:
    """Puts back what is the same in every clone of ours, and returns what was not as it should be:
    so no configuration that somebody put into the clone counts. Raises OSError."""
    if not (repository.path / "objects").is_dir():
        return []
    (repository.path / "refs").mkdir(exist_ok=True)
    wrong = []
    for name, content in (("HEAD", HEAD), ("config", CONFIG)):
        path = repository.path / name
        if _text(path) != content:
            draft = path.with_name(f".{name}.{os.getpid()}")
            draft.write_text(content)
            draft.replace(path)
            wrong.append(name)
    return wrong


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
