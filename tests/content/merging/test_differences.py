import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.merging import differences
from apps.content.merging.conflicts import Clash, is_clean
from apps.content.merging.differences import Hunk, hunks
from apps.content.merging.lines import merge_lines
from tests.content.merge_drafts import BODIES, EDITS, edited

SHORT = st.lists(st.sampled_from("abc"), max_size=12)


def applied(old: list[str], new: list[str], changes: list[Hunk]) -> list[str]:
    made, at = [], 0
    for hunk in changes:
        made += old[at : hunk.start] + new[hunk.new_start : hunk.new_end]
        at = hunk.end
    return made + old[at:]


def common(old: list[str], new: list[str]) -> int:
    """The length of a longest common subsequence, by the plain table."""
    row = [0] * (len(new) + 1)
    for a in old:
        before = row
        row = [0]
        for j, b in enumerate(new):
            row.append(before[j] + 1 if a == b else max(before[j + 1], row[j]))
    return row[-1]


@given(SHORT, SHORT)
def test_the_changes_make_the_new_of_the_old_and_are_as_few_as_can_be(
    old: list[str], new: list[str]
) -> None:
    found = hunks(old, new)
    assert applied(old, new, found) == new
    assert sum(hunk.end - hunk.start for hunk in found) == len(old) - common(old, new)
    assert all(one.end < two.start for one, two in pairwise(found))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("abc", "abc", []),
        ("abc", "axc", [Hunk(1, 2, 1, 2)]),
        ("abc", "ac", [Hunk(1, 2, 1, 1)]),
        ("aab", "aaab", [Hunk(2, 2, 2, 3)]),
        ("xaax", "xax", [Hunk(2, 3, 2, 2)]),
    ],
)
def test_a_change_stands_as_low_as_it_can(old: str, new: str, expected: list[Hunk]) -> None:
    assert hunks(old, new) == expected


def test_what_takes_too_long_to_compare_counts_as_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = "abcabba" * 9, "cbabac" * 9
    exact = hunks(old, new)
    monkeypatch.setattr(differences, "MAX_MERGE_STEPS", 10_000)
    assert hunks(old, new) == exact
    monkeypatch.setattr(differences, "MAX_MERGE_STEPS", 10)
    assert len(hunks(old, new)) < len(exact)
    assert applied(list(old), list(new), hunks(old, new)) == list(new)


@pytest.mark.long
@settings(max_examples=1500, deadline=None)
@given(BODIES, EDITS, EDITS)
def test_lines_are_merged_as_git_merges_them(
    tmp_path_factory: pytest.TempPathFactory, base: list[str], one: list[Any], other: list[Any]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    sides = (base, edited(base, one, "1"), edited(base, other, "2"))
    texts = ["\n".join(lines) for lines in sides]
    done = git_merge_file(folder, texts)
    pieces = merge_lines(*texts)
    assert is_clean(pieces) == (done.returncode == 0)
    if is_clean(pieces):
        assert "".join(str(piece) for piece in pieces).encode() == done.stdout
    assert all(isinstance(piece, str | Clash) for piece in pieces)


def git_merge_file(folder: Path, texts: list[str]) -> subprocess.CompletedProcess[bytes]:
    names = ("base", "ours", "theirs")
    for name, text in zip(names, texts, strict=True):
        (folder / name).write_bytes(text.encode())
    command = ["git", "merge-file", "-p", "-q", "ours", "base", "theirs"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False)
