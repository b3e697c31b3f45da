"""What Git says of a merge, read and sorted by what is contested."""

import pytest

from apps.gitsync.git.output import TreeItem
from apps.gitsync.merging.contests import Contest, Kind, Version, contests, merged_mode
from apps.gitsync.merging.output import Message, TreeMerge, tree_merge
from tests.gitsync.repositories import FILE, LINK, PROGRAM, SUBMODULE
from tests.tables import each_of

CONTENTS = "CONFLICT (contents)"


def said(*stages: tuple[int, str, str], messages: tuple[Message, ...] = ()) -> list[Contest]:
    """Stages are number, path and mode; the blob is named after the number."""
    found: dict[bytes, dict[int, TreeItem]] = {}
    for number, path, mode in stages:
        item = TreeItem(path.encode(), mode, str(number))
        found.setdefault(path.encode(), {})[number] = item
    return contests(TreeMerge("tree", found, messages))


def message(kind: str, *paths: str) -> Message:
    return Message(f"CONFLICT ({kind})", tuple(path.encode() for path in paths), f"{kind} it is")


def test_what_git_prints_is_read() -> None:
    fields = ["f9da", "100644 aa 1\ta b", "100644 bb 2\ta b", "120000 cc 3\tx\ty\n", ""]
    fields += ["2", "a b", "c", "CONFLICT (rename/delete)", "CONFLICT: said\n"]
    fields += ["1", "a b", "Auto-merging", "Auto\n", ""]
    output = "\0".join(fields).encode()
    assert tree_merge(output) == TreeMerge(
        "f9da",
        {
            b"a b": {1: TreeItem(b"a b", FILE, "aa"), 2: TreeItem(b"a b", FILE, "bb")},
            b"x\ty\n": {3: TreeItem(b"x\ty\n", LINK, "cc")},
        },
        (
            Message("CONFLICT (rename/delete)", (b"a b", b"c"), "CONFLICT: said"),
            Message("Auto-merging", (b"a b",), "Auto"),
        ),
    )
    assert tree_merge(b"f9da\0\0") == TreeMerge("f9da", {}, ())


@each_of(
    ("stages", "messages", "kind"),
    [
        ([(1, "a", FILE), (2, "a", FILE), (3, "a", FILE)], (CONTENTS,), Kind.CONTENT),
        ([(2, "a", FILE), (3, "a", PROGRAM)], (CONTENTS,), Kind.CONTENT),
        ([(1, "a", LINK), (2, "a", LINK), (3, "a", LINK)], (), Kind.CONTENT),
        ([(2, "a", FILE), (3, "a", LINK)], (), Kind.TYPE),
        ([(1, "a", FILE), (2, "a", FILE), (3, "a", SUBMODULE)], (), Kind.TYPE),
        ([(1, "a", FILE), (3, "a", FILE)], ("CONFLICT (modify/delete)",), Kind.REMOVED),
        ([(1, "a", FILE), (2, "a", FILE)], ("CONFLICT (rename/delete)",), Kind.REMOVED),
        ([(1, "a", FILE), (2, "a", FILE)], ("CONFLICT (file/directory)",), Kind.PLACE),
        ([(2, "a", FILE)], ("CONFLICT (file/directory)",), Kind.PLACE),
        ([(2, "a", FILE), (3, "a", FILE)], ("CONFLICT (rename/rename)",), Kind.PLACE),
        ([(1, "a", FILE)], ("CONFLICT (rename/rename)",), Kind.PLACE),
    ],
)
def test_a_file_is_sorted_by_its_versions_and_what_git_says(
    stages: list[tuple[int, str, str]], messages: tuple[str, ...], kind: Kind
) -> None:
    told = tuple(Message(name, (b"a",), "told") for name in messages)
    (found,) = said(*stages, messages=told)
    assert (found.kind, found.path, found.paths) == (kind, "a", ("a",))
    there = {number for number, _, _ in stages}
    assert [version is not None for version in found.versions] == [n in there for n in (1, 2, 3)]


def test_a_file_put_aside_keeps_its_name() -> None:
    (found,) = said(
        *((2, "t", LINK), (1, "t~abc", FILE), (3, "t~abc", FILE)),
        messages=(message("distinct modes", "t", "t~abc"),),
    )
    assert (found.kind, found.path, found.paths) == (Kind.TYPE, "t", ("t", "t~abc"))
    assert [v.path for v in found.versions if v] == ["t", "t", "t"]


def test_two_files_put_aside_stay_two() -> None:
    found = said(
        *((2, "t", FILE), (2, "t~abc", FILE)), messages=(message("file/directory", "t~abc", "t"),)
    )
    assert [each.path for each in found] == ["t", "t~abc"]


def test_a_file_renamed_twice_is_one() -> None:
    told = message("rename/rename", "a", "b", "c")
    (found,) = said((1, "a", FILE), (2, "b", FILE), (3, "c", FILE), messages=(told,))
    assert (found.kind, found.path, found.paths) == (Kind.RENAMED, "a", ("a", "b", "c"))
    assert [v.path for v in found.versions if v] == ["a", "b", "c"]


def test_a_file_renamed_twice_to_where_others_stand_is_all_of_them() -> None:
    told = message("rename/rename", "a", "b", "c")
    stages = [(1, "a", FILE), (2, "b", FILE), (3, "b", FILE), (3, "c", FILE)]
    found = said(*stages, messages=(told,))
    assert [(each.path, each.kind) for each in found] == [
        ("a", Kind.PLACE),
        ("b", Kind.PLACE),
        ("c", Kind.PLACE),
    ]


def test_what_no_file_shows_is_told_all_the_same() -> None:
    told = message("directory rename unclear split", "old", "new 1", "new 2")
    (found,) = said(messages=(told,))
    assert (found.kind, found.path, found.reason) == (Kind.NOTICE, "old", told.text)
    assert found.versions == (None, None, None)
    assert said(messages=(message("file/directory", "a~abc", "a"),)) == []


def test_the_old_name_of_a_file_that_met_another_is_known() -> None:
    told = message("rename involved in collision", "new", "old")
    (found,) = said((2, "new", FILE), (3, "new", FILE), messages=(told,))
    assert (found.kind, found.old) == (Kind.CONTENT, "old")


@pytest.mark.parametrize(
    ("modes", "expected"),
    [
        ((FILE, FILE, FILE), FILE),
        ((FILE, PROGRAM, FILE), PROGRAM),
        ((PROGRAM, PROGRAM, FILE), FILE),
        ((None, FILE, FILE), FILE),
        ((None, FILE, PROGRAM), None),
    ],
)
def test_a_mode_is_that_of_the_side_that_changed_it(
    modes: tuple[str | None, ...], expected: str | None
) -> None:
    versions = [Version("a", mode, "blob") if mode else None for mode in modes]
    (found,) = said((2, "a", FILE), (3, "a", FILE))
    assert merged_mode(type(found.versions)(*versions)) == expected
