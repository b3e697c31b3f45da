"""Saves what can be read of a damaged clone into a new one. The damaged one is only read.

Git's own refs code gives up at the first broken file, so refs are read here, as the files they are.
"""

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from apps.gitsync.clone.certainty import readable
from apps.gitsync.clone.rebuilding import rebuild
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository

OURS: Final = ("refs/heads/", "refs/whispercms/")
THEIRS: Final = "refs/whispercms/fetched/"
"""Comes from the remote, like its branches."""
RECOVERED: Final = "refs/whispercms/recovered/"
"""Commits that no ref named any more, in a clone whose refs were damaged."""
NOTHING: Final = "nothing of it can be read whole"
ASIDE: Final = "refs/heads/salvage"
OBJECT: Final = re.compile(r"[0-9a-f]{40}")
NAME: Final = re.compile(r"refs/[^\x00-\x20\x7f~^:?*\[\\]+")
STEPS: Final = 1000
"""So many commits back the newest whole one of a ref is looked for, and made again if need be."""
SHORT: Final = 10
TOLD: Final = 20
"""Lost paths of a ref that are told by name."""
LOOSE: Final = 1000
"""So many commits without a ref are looked at."""
REF_BYTES: Final = 1024


@dataclass(slots=True)
class Salvage:
    """`saved` are refs as they were; `losses` are told to a person; `found` are commits that no ref
    named, and those that were made again of what can be read."""

    saved: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)


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
    refs = {ref: name for ref, name in stored_refs(old).items() if _is_ours(ref)}
    done = Salvage()
    with _View(old, fresh) as view:
        for ref, target in sorted(refs.items()):
            told = _save(view, fresh, ref, target) if target else [f"{ref}: {NOTHING}"]
            done.losses += told
            done.saved += [] if told else [ref]
        if done.losses:
            for tip in _unnamed(view, fresh, set(refs.values())):
                told = _save(view, fresh, RECOVERED + tip, tip)
                done.losses += told
                done.found += [] if told else [tip]
    return done


def salvage_late(old: Path, fresh: Repository, seen: Mapping[str, str | None]) -> Salvage:
    """What `old` got after `seen` was read of it: beside, as `fresh` may have moved on as well."""
    done, known = Salvage(), set(fresh.plumb("rev-list", "--all").decode().split())
    late = {
        name for ref, name in stored_refs(old).items() if _is_ours(ref) and seen.get(ref) != name
    }
    with _View(old, fresh) as view:
        for commit in sorted(filter(None, late - known)):
            told = _save(view, fresh, RECOVERED + commit, commit)
            done.losses += told
            done.found += [] if told else [commit]
    return done


def _is_ours(ref: str) -> bool:
    return ref.startswith(OURS) and not ref.startswith(THEIRS)


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


def _save(view: Repository, fresh: Repository, ref: str, target: str) -> list[str]:
    """What is lost, in words; nothing when `ref` is there as it was. Else it is at the newest whole
    commit before, if there is one. Raises GitFault."""
    chain = _chain(view, target)
    kept = _newest_whole(view, fresh, ref, chain)
    if kept == 0:
        return []
    how = NOTHING if kept == len(chain) else f"{kept} commits cannot be read whole"
    return [f"{ref}: {how}", *_made_again(view, fresh, ref, chain[:kept])]


def _newest_whole(view: Repository, fresh: Repository, ref: str, chain: list[str]) -> int:
    """Its place in the chain; the length of that when none is."""
    least, most = 0, len(chain)
    middle = 0  # The first is whole almost always.
    while least < most:  # What is before a whole one is whole as well.
        whole = _is_copied(view, fresh, chain[middle], ref)
        least, most = (least, middle) if whole else (middle + 1, most)
        middle = (least + most) // 2
    return least


def _is_copied(view: Repository, fresh: Repository, commit: str, ref: str) -> bool:
    return readable(lambda: _copy(view, fresh, commit, ref)) is not None


def _copy(view: Repository, fresh: Repository, commit: str, ref: str) -> str:
    view.set(ASIDE, commit)
    fresh.fetch(str(view.path), refspecs=(f"+{ASIDE}:{ref}",))
    return commit


def _chain(view: Repository, commit: str) -> list[str]:
    """A commit and its first parents, as far as they can be read."""
    wanted = ("rev-list", "--first-parent", f"--max-count={STEPS}", commit)

    def listed() -> list[str]:
        return view.plumb(*wanted, most=255).decode().split()

    return [commit, *(name for name in readable(listed) or () if name != commit)]


def _made_again(view: Repository, fresh: Repository, ref: str, commits: list[str]) -> list[str]:
    """What is told of them."""
    try:
        made = rebuild(view, commits, fresh.resolve(ref))
        if made.tip:
            _copy(view, fresh, made.tip, RECOVERED + made.tip)
    except GitFault as error:
        return [f"{ref}: what can be read of them was not saved ({error.reason})"]
    lost = [f"{ref}: {path} of {c[:SHORT]}" for c, paths in made.lost.items() for path in paths]
    more = [f"{ref}: and {len(lost) - TOLD} more files"] if len(lost) > TOLD else []
    saved = [f"{ref}: the rest of them is at {RECOVERED}{made.tip}"] if made.tip else []
    return [*(f"{each} cannot be read" for each in lost[:TOLD]), *more, *saved]


def _unnamed(view: Repository, fresh: Repository, named: set[str | None]) -> list[str]:
    """The tips among the commits that nothing in `fresh` leads to."""
    listed = ("cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)")
    lines = view.plumb(*listed, most=255).decode("utf-8", "replace").splitlines()
    commits = {line.partition(" ")[2] for line in lines if line.startswith("commit ")}
    unknown = commits - set(fresh.plumb("rev-list", "--all").decode().split())
    above: set[str] = set()
    for commit in sorted(unknown)[:LOOSE]:
        above |= set(view.plumb("rev-parse", f"{commit}^@", most=255).decode().split())
    return sorted(unknown - above - named)[:LOOSE]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_bytes()[: REF_BYTES * REF_BYTES].decode("utf-8", "replace").splitlines()
    except OSError:
        return []
