"""Looks at one answer at once, by asking the disk, Git and the remote: what is so, or what is wrong
and how it is mended."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from apps.gitsync.errors import GitFault
from apps.gitsync.git.access import Access
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import checked_branch, checked_remote
from whispercms import own_files
from whispercms.setup.answers import Answers, BadAnswer

FREE_BYTES: Final = 200 * 1024 * 1024
GIT_LEAST: Final = (2, 38)
"""The first whose merge-tree writes trees."""
FEW: Final = 10
KEYS: Final = ("ssh_key", "known_hosts", "https_credentials")
PASSWORD: Final = re.compile(r"https://[^/@]*:[^/@]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`field` is the answer that it is about; `remedy` is empty where all is well."""

    name: str
    field: str
    told: str
    remedy: str = ""

    @property
    def is_well(self) -> bool:
        return not self.remedy

    def as_json(self) -> dict[str, Any]:
        return {"check": self.name, "ok": self.is_well, "reason": self.told, "remedy": self.remedy}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """What an existing repository has: its branches, and the one it names itself."""

    branches: tuple[str, ...]
    default: str | None


def all_checks(answers: Answers, state: Path) -> list[Found]:
    """In the order in which a person would mend them; the remote is asked when nothing before it
    is wrong. Takes as long as the remote may take."""
    found = [disk(state), git(state), *keys(answers)]
    if all(each.is_well for each in found):
        found += [new_place(answers)] if answers.is_new else list(_existing(answers))
    return found


def disk(state: Path) -> Found:
    name, place = "disk", f"the folder {state}"
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=state):
            free = shutil.disk_usage(state).free
    except OSError as error:
        told, remedy = f"{place} cannot be written to ({error.strerror})", "Set WHISPERCMS_STATE"
        return Found(name=name, field="", told=told, remedy=f"{remedy} to one that can")
    if free < FREE_BYTES:
        told = f"{place} has {free // 1024**2} MB left, {FREE_BYTES // 1024**2} are the least"
        return Found(name=name, field="", told=told, remedy="Make room, or set WHISPERCMS_STATE")
    return Found(name=name, field="", told=f"{place} has {free // 1024**2} MB left")


def git(state: Path) -> Found:
    least = ".".join(map(str, GIT_LEAST))
    remedy = f"Install Git {least} or newer"
    try:
        told = Repository(state).plumb("version").decode("utf-8", "replace").strip()[:80]
    except (GitFault, OSError) as error:
        return Found(name="git", field="", told=f"Git does not start ({error})", remedy=remedy)
    number = re.search(r"(\d+)\.(\d+)", told)
    is_old = number is None or (int(number[1]), int(number[2])) < GIT_LEAST
    return Found(name="git", field="", told=told, remedy=remedy if is_old else "")


def keys(answers: Answers) -> Iterator[Found]:
    """The files that prove to the remote who this is; nothing of what is in them is told."""
    for name in KEYS:
        if path := getattr(answers, name):
            try:
                own_files.check_file(name, Path(path).expanduser())
            except own_files.UnfitFile as error:
                yield Found(name=name, field=name, told=error.problem, remedy=error.remedy)
            else:
                yield Found(name=name, field=name, told=f"{path} can be used")


def new_place(answers: Answers) -> Found:
    place = Path(answers.where).expanduser()
    if not place.is_absolute():
        return _place(f"{answers.where!r} is no whole path", "Write one that begins with /")
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        return _place(
            f"there is something at {place} already", "Name another, or use what is there"
        )
    parent = next(each for each in place.parents if each.exists())
    if not os.access(parent, os.W_OK | os.X_OK):
        return _place(f"{parent} may not be written to", "Name another place, or give it the right")
    return _place(f"a new repository at {place}")


def _place(told: str, remedy: str = "") -> Found:
    return Found(name="repository", field="where", told=told, remedy=remedy)


def _existing(answers: Answers) -> Iterator[Found]:
    try:
        heads = remote_heads(answers)
    except (BadAnswer, GitFault) as error:
        yield _place(error.reason, error.remedy)
        return
    yield _place(f"its branches: {', '.join(heads.branches[:FEW]) or 'none'}")
    yield branch(answers, heads)


def branch(answers: Answers, heads: Heads) -> Found:
    wanted, few = answers.branch or heads.default, ", ".join(heads.branches[:FEW])
    if not heads.branches:
        told, remedy = "the repository is empty", "Begin a new one, and push it there"
    elif wanted is None:
        told, remedy = "it names no branch of its own", f"Choose one of {few}"
    elif wanted not in heads.branches:
        told, remedy = f"it has no branch {wanted!r}", f"Choose one of {few}"
    else:
        told, remedy = f"the branch {wanted} is served", ""
    return Found(name="branch", field="branch", told=told, remedy=remedy)


def remote_heads(answers: Answers) -> Heads:
    """Raises GitFault, and BadAnswer for what would write a password down."""
    if PASSWORD.match(answers.where):
        reason = "this address has a password in it, which would be written down"
        raise BadAnswer("where", reason, "Leave it out, and name a file with https_credentials")
    if answers.branch:
        checked_branch(answers.branch)
    remote = checked_remote(located(answers.where))
    with tempfile.TemporaryDirectory(prefix="whispercms-") as folder:
        repository = Repository(Path(folder) / "asking.git")
        repository.create()
        default, branches = repository.heads(remote, access(answers))
    return Heads(branches=tuple(branches), default=default)


def access(answers: Answers) -> Access:
    return Access(
        ssh_key=_file(answers.ssh_key),
        known_hosts=_file(answers.known_hosts),
        https_credentials=_file(answers.https_credentials),
    )


def _file(text: str) -> Path | None:
    return Path(text).expanduser() if text else None


def located(where: str) -> str:
    """A path is whole from here on; a URL is left to Git."""
    if "://" in where or re.match(r"[\w.-]+@[\w.-]+:", where):
        return where
    return str(Path(where).expanduser().absolute())
