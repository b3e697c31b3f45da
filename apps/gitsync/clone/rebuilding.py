"""Commits that are not whole, made again of what can be read of them: what is lost of a history is
then a path, and not all that came after it.
"""

import hashlib
import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from apps.gitsync.clone.certainty import is_sure, readable
from apps.gitsync.git.output import TreeItem, tree_items
from apps.gitsync.git.repository import Repository

OBJECT: Final = re.compile(r"\b[0-9a-f]{40}\b")
DAMAGE: Final = re.compile(r"missing|corrupt|mismatch|unable|broken|inflate|bad|could not|cannot")
LOOK_SECONDS: Final = 300
FOLDER: Final = "040000"
ROLES: Final = ("author", "committer")
KEYS: Final = ("NAME", "EMAIL", "DATE")
WHO: Final = re.compile(r"([^<>]+) <([^<>]*)> (\d{1,10} [+-]\d{4})")
NOBODY: Final = ("unknown", "", "@0 +0000")
"""Of a line that nobody can read."""
ALL: Final = "all of its files"
Files = dict[bytes, tuple[str, str]]
"""path → (mode, blob)"""


@dataclass(slots=True)
class Rebuilt:
    """`tip` is the newest of the new commits, None when there was nothing to make one of; `lost`
    are commit → paths that cannot be read in it, where they first cannot."""

    tip: str | None = None
    lost: dict[str, list[str]] = field(default_factory=dict)


def rebuild(view: Repository, commits: Sequence[str], base: str | None) -> Rebuilt:
    """`commits` are a chain of first parents, the newest first, that come after `base`, which is
    whole. A path that cannot be read is as it was before. The new commits name the same people and
    times, and have no signatures. Raises GitFault."""
    trees = _Trees(view, broken_objects(view))
    done, above, told = Rebuilt(), base, set[str]()
    files = trees.of(base)[0] if base else {}
    for commit in reversed([each for each in commits if _got(view, "cat-file", "commit", each)]):
        now, lost = trees.of(commit)
        if new := sorted(lost - told):
            done.lost[commit] = new
        told = lost
        files = {**_before(files, lost), **now}
        tree = view.write_tree([(m, o, os.fsdecode(p)) for p, (m, o) in sorted(files.items())])
        if files and (above is None or tree != view.resolve(f"{above}^{{tree}}")):
            above = done.tip = _again(view, commit, tree, above)
    return done


def broken_objects(view: Repository) -> frozenset[str]:
    """What Git's own look at every object names, and of that what really cannot be read."""
    said = view.heard("fsck", "--full", "--no-dangling", "--no-progress", seconds=LOOK_SECONDS)
    lines = [line for line in said.splitlines() if DAMAGE.search(line)]
    named = sorted({name for line in lines for name in OBJECT.findall(line)})
    return frozenset(name for name in named if not _is_whole(view, name))


def _is_whole(view: Repository, name: str) -> bool:
    kind = (_got(view, "cat-file", "-t", name) or b"").strip()
    content = _got(view, "cat-file", kind.decode(), name) if kind else None
    if content is None:
        return False
    head = kind + b" %d\0" % len(content)
    return hashlib.sha1(head + content, usedforsecurity=False).hexdigest() == name


def _got(view: Repository, *command: str) -> bytes | None:
    return readable(lambda: view.plumb(*command), proof=is_sure)


class _Trees:
    """Each tree is read once."""

    def __init__(self, view: Repository, broken: Collection[str]) -> None:
        self._view, self._broken = view, broken
        self._read: dict[str, list[TreeItem] | None] = {}

    def of(self, commit: str) -> tuple[Files, set[str]]:
        """What can be read of a commit, and the paths of the files and folders that cannot."""
        top = (_got(self._view, "rev-parse", f"{commit}^{{tree}}") or b"").decode().strip()
        files: Files = {}
        lost: set[str] = set()
        waiting = [(b"", top)]
        for above, tree in waiting:
            items = self._items(tree)
            if items is None:
                lost.add(os.fsdecode(above.rstrip(b"/")) or ALL)
            for item in items or ():
                path = above + item.path
                if item.mode == FOLDER:
                    waiting.append((path + b"/", item.blob))
                elif item.blob in self._broken:
                    lost.add(os.fsdecode(path))
                else:
                    files[path] = (item.mode, item.blob)
        return files, lost

    def _items(self, tree: str) -> list[TreeItem] | None:
        if tree not in self._read:
            fine = tree and tree not in self._broken
            listed = _got(self._view, "ls-tree", "-z", tree) if fine else None
            self._read[tree] = None if listed is None else tree_items(listed)
        return self._read[tree]


def _before(files: Files, lost: Collection[str]) -> Files:
    """Those of the commit before that cannot be read in this one."""
    if ALL in lost:
        return files
    names = {os.fsencode(path) for path in lost}
    return {path: entry for path, entry in files.items() if not names.isdisjoint(_above(path))}


def _above(path: bytes) -> list[bytes]:
    """The path and every folder that it is in."""
    parts = path.split(b"/")
    return [b"/".join(parts[: n + 1]) for n in range(len(parts))]


def _again(view: Repository, commit: str, tree: str, above: str | None) -> str:
    """Of the commit's own bytes, as Git would look for its parents, which may be lost."""
    content = view.plumb("cat-file", "commit", commit).decode("utf-8", "replace")
    head, _, message = content.partition("\n\n")
    lines = dict(line.partition(" ")[::2] for line in reversed(head.split("\n")))
    who: dict[str, str] = {}
    for role in ROLES:
        found = WHO.fullmatch(lines.get(role, ""))
        names = found.groups() if found else NOBODY
        who |= {f"GIT_{role.upper()}_{key}": text for key, text in zip(KEYS, names, strict=True)}
    return view.write_commit(tree, [above] if above else [], message, who)
