"""Random histories: what `git merge` does alone is done here too, and nothing is lost."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.content.frontmatter import split
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.merging.merge import merge_into
from apps.gitsync.merging.resolving import list_conflicts, read_conflict
from tests.gitsync.merges import page, text
from tests.gitsync.repositories import FILE, LINK, PROGRAM, At, Made
from tests.scribes import OWN

ADA = Author("Ada Lovelace", "ada@example.org", "1577836800 +0100")
NAMES = ("a.md", "c/d.md", "c/e.txt", "c/f.md")
NEW = ("new.md", "c/new.md", "c", "a.md/in.md", "x/y.md")
EDITS = st.lists(
    st.tuples(
        st.sampled_from(
            ("title", "tag", "line", "top", "remove", "rename", "folder", "mode", "add", "link")
        ),
        st.sampled_from(NAMES),
        st.sampled_from(NEW),
        st.integers(1, 9),
    ),
    min_size=2,
    max_size=7,
)
Tree = dict[str, At]


def first() -> Tree:
    pages = {name: page(name, "title: A", "tags: [a]") for name in NAMES if name.endswith(".md")}
    return {name: At(FILE, pages.get(name, text(name))) for name in NAMES}


def edited(files: Tree, edits: list[tuple[str, str, str, int]], side: str) -> Tree:
    made = dict(files)
    for kind, name, new, number in edits:
        if kind == "folder":
            moved = f"{side[0]}{number % 2}/"
            made = {re.sub("^c/", moved, path): file for path, file in made.items()}
        elif kind == "add":
            made[new] = At(FILE, f"added {number}\n".encode())
        elif name in made:
            file = made.pop(name)
            if kind != "remove":
                path = f"{side[number % 2]}/{name[-4:]}" if kind == "rename" else name
                made[path] = changed(file, kind, f"{side} {number}")
    return {
        path: file
        for path, file in made.items()
        if not any(other.startswith(f"{path}/") for other in made)
    }


def changed(file: At, kind: str, mark: str) -> At:
    assert isinstance(file.content, bytes)
    content = file.content
    if kind == "mode":
        return At(PROGRAM, content)
    if kind == "link":
        return At(LINK, mark.encode())
    own = mark.encode()
    number = own[-1:]
    edits = {
        "title": (b"title: A", b"title: " + own),
        "tag": (b"[a", b"[a, " + own),
        "line": (b"says " + number, own + b" says " + number),
        "top": (b"tags", b"new-" + number + b": 1\ntags"),
    }
    old, new = edits.get(kind, (b"", b""))
    return At(file.mode, content.replace(old, new, 1) if old else content)


def by_git(made: Made, folder: Path) -> dict[str, tuple[str, bytes]] | None:
    """The files that `git merge` leaves, if it is clean."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C"}

    def git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        own = ("-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "merge.directoryRenames=true")
        return subprocess.run(
            ["git", *own, *arguments], cwd=folder, env=environment, capture_output=True, check=False
        )

    git("clone", "--quiet", str(made.path), ".")
    if git("merge", "--no-edit", "--no-ff", "origin/theirs").returncode:
        return None
    done = Made(folder / ".git").git("rev-parse", "HEAD")
    return tree_at(Repository(folder / ".git"), done)


def tree_at(here: Repository, commit: str) -> dict[str, tuple[str, bytes]]:
    items = here.tree(commit)
    blobs = dict(here.read([item.blob for item in items]))
    return {item.path.decode(): (item.mode, blobs[item.blob]) for item in items}


def meaning(content: bytes) -> Any:
    parts = split(content.decode())
    tags = parts.front.get("tags")
    return {
        **parts.front,
        "tags": sorted(set(tags)) if isinstance(tags, list) else tags,
    }, parts.body


@pytest.mark.long
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(EDITS, EDITS)
def test_what_git_merges_is_merged_and_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory, one: Any, other: Any
) -> None:
    made = Made(tmp_path_factory.mktemp("made"))
    base, ours, theirs = first(), edited(first(), one, "ours"), edited(first(), other, "theirs")
    start = made.commit({path.encode(): file for path, file in base.items()})
    tip = made.commit({p.encode(): f for p, f in theirs.items()}, branch="theirs", parents=[start])
    made.commit({path.encode(): file for path, file in ours.items()})
    here, before = Repository(made.path), made.tip()
    plain = by_git(made, tmp_path_factory.mktemp("git"))
    outcome = merge_into(here, "refs/heads/main", tip, message="Merge\n", author=ADA, merges=OWN)
    conflict = outcome.conflict
    if plain is not None:
        assert conflict is None, conflict
        found = tree_at(here, outcome.commit)
        assert found.keys() == plain.keys()
        for path, (mode, content) in found.items():
            assert mode == plain[path][0]
            assert content == plain[path][1] or meaning(content) == meaning(plain[path][1])
    if conflict is not None:
        assert list_conflicts(here) == [read_conflict(here, conflict.id)]
    kept = f"refs/whispercms/conflicts/{conflict.id}" if conflict else outcome.commit
    there = {item.blob for item in here.tree(kept)}
    for side, other in ((before, tip), (tip, before)):
        also = {item.path for item in here.changes(start, other)}
        alone = [item for item in here.changes(start, side) if item.path not in also]
        plain_edits = [item for item in alone if item.path.decode() in base and not item.removed]
        assert {item.blob for item in plain_edits} <= there
