"""Saves what can be read of a damaged clone into a new one. The damaged one is only read.

Git's own refs code gives up at the first broken file, so refs are read here, as the files they are.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository

T = TypeVar("T")

TRIES: Final = 3
UNREADABLE: Final = frozenset({"git.damaged", "git.missing-object", "remote.damaged"})
OURS: Final = ("refs/heads/", "refs/whispercms/")
THEIRS: Final = "refs/whispercms/fetched/"
"""Comes from the remote, like its branches."""
RECOVERED: Final = "refs/whispercms/recovered/"
"""Commits that no ref named any more, in a clone whose refs were damaged."""
ASIDE: Final = "refs/heads/salvage"
OBJECT: Final = re.compile(r"[0-9a-f]{40}")
NAME: Final = re.compile(r"refs/[^\x00-\x20\x7f~^:?*\[\\]+")
STEPS: Final = 100
"""So many commits back the newest readable one of a ref is looked for."""
LOOSE: Final = 1000
"""So many commits without a ref are looked at."""
REF_BYTES: Final = 1024


@dataclass(slots=True)
class Salvage:
    """`saved` are refs as they were; `shortened` says how many commits of a ref are lost; `lost`
    are refs of which nothing can be read; `found` are commits that no ref named."""

    saved: list[str] = field(default_factory=list)
    shortened: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    @property
    def losses(self) -> list[str]:
        short = (f"{ref}: {n} commits cannot be read" for ref, n in self.shortened.items())
        return [*short, *(f"{ref}: nothing of it can be read" for ref in self.lost)]


def stored_refs(path: Path) -> dict[str, str | None]:
    """ref → object, None for a file that names none."""
    found: dict[str, str | None] = {}
    for line in _lines(path / "packed-refs"):
        target, _, ref = line.partition(" ")
        if NAME.fullmatch(ref):
            found[ref] = target if OBJECT.fullmatch(target) else None
    for file in sorted((path / "refs").rglob("*")):
        ref = file.relative_to(path).as_posix()
        if file.is_file() and not ref.endswith(".lock") and NAME.fullmatch(ref):
            text = "\n".join(_lines(file))
            if not text.startswith("ref: "):
                found[ref] = text if OBJECT.fullmatch(text) else None
    return found


def salvage(old: Path, fresh: Repository) -> Salvage:
    """`fresh` has what the remote has by now. Raises GitFault when `fresh` cannot be written."""
    stored = stored_refs(old).items()
    refs = {ref: o for ref, o in stored if ref.startswith(OURS) and not ref.startswith(THEIRS)}
    done = Salvage()
    with _View(old, fresh) as view:
        for ref, target in sorted(refs.items()):
            lost = _save(view, fresh, ref, target) if target else None
            if lost is None:
                done.lost.append(ref)
            elif lost:
                done.shortened[ref] = lost
            else:
                done.saved.append(ref)
        if done.losses:
            done.found += _recover(view, fresh)
    return done


def salvage_late(old: Path, fresh: Repository, seen: dict[str, str | None]) -> list[str]:
    """What `old` got after `seen` was read of it: beside, as `fresh` may have moved on as well."""
    late = {object for ref, object in stored_refs(old).items() if seen.get(ref) != object}
    commits = sorted(filter(None, late))
    with _View(old, fresh) as view:
        return [each for each in commits if _save(view, fresh, f"{RECOVERED}{each}", each) == 0]


class _View:
    """A clone without refs of its own that reads the objects of both, the good ones first."""

    def __init__(self, old: Path, fresh: Repository) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="view-", dir=fresh.path.parent))
        self._objects = (fresh.path / "objects", old / "objects")

    def __enter__(self) -> Repository:
        view = Repository(self._folder)
        view.create()
        lines = "".join(f"{path}\n" for path in self._objects)
        (self._folder / "objects" / "info").mkdir(exist_ok=True)
        (self._folder / "objects" / "info" / "alternates").write_text(lines)
        return view

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _save(view: Repository, fresh: Repository, ref: str, target: str) -> int | None:
    """How many of the newest commits are lost; None when all are. Raises GitFault."""
    for steps, commit in enumerate(_back(view, target)):
        if _readable(partial(_copy, view, fresh, commit, ref)):
            return steps
    return None


def _copy(view: Repository, fresh: Repository, commit: str, ref: str) -> bool:
    view.set(ASIDE, commit)
    fresh.fetch(str(view.path), refspecs=(f"+{ASIDE}:{ref}",))
    return True


def _back(view: Repository, commit: str) -> Iterator[str]:
    """A commit and its first parents, as far as they can be read. Raises GitFault."""
    found: str | None = commit
    for _ in range(STEPS):
        if not found:
            return
        yield found
        wanted = ("rev-list", "--max-count=1", "--format=%P", "--no-commit-header", found)
        parents = (_readable(partial(view.plumb, *wanted)) or b"").decode().split()
        found = parents[0] if parents else None


def _readable(read: Callable[[], T]) -> T | None:
    """None for what is damaged. That a Git fails is no proof of it, as it may have been killed:
    so it has to say so itself, and again. Raises GitFault for everything else."""
    for left in reversed(range(TRIES)):
        try:
            return read()
        except GitFault as error:
            if not left and error.code not in UNREADABLE:
                raise
    return None


def _recover(view: Repository, fresh: Repository) -> list[str]:
    """The tips among the commits that nothing in `fresh` leads to."""
    listed = ("cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)")
    lines = view.plumb(*listed, most=255).decode("utf-8", "replace").splitlines()
    commits = {line.partition(" ")[2] for line in lines if line.startswith("commit ")}
    unknown = commits - set(fresh.plumb("rev-list", "--all").decode().split())
    above: set[str] = set()
    for commit in sorted(unknown)[:LOOSE]:
        above |= set(view.plumb("rev-parse", f"{commit}^@", most=255).decode().split())
    tips = sorted(unknown - above)[:LOOSE]
    return [each for each in tips if _save(view, fresh, f"{RECOVERED}{each}", each) == 0]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_bytes()[: REF_BYTES * REF_BYTES].decode("utf-8", "replace").splitlines()
    except OSError:
        return []
