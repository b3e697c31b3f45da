"""Merges of real repositories: what is clean, what is kept as a conflict, how it is resolved."""

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from apps.content.merging.three_way import Side
from apps.gitsync.errors import GitFault, RefMoved
from apps.gitsync.git.commits import Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.merging.commands import move_together, refs_below
from apps.gitsync.merging.conflicts import MergeConflict, as_json, decode, encode
from apps.gitsync.merging.contests import Kind
from apps.gitsync.merging.merge import CONFLICTS, Outcome, merge_into
from apps.gitsync.merging.resolving import (
    Decision,
    forget,
    is_current,
    list_conflicts,
    read_conflict,
    resolve,
)
from apps.gitsync.merging.trees import merge
from tests.gitsync.merges import LINES, MEANT, OPEN, Clean, Files, Open, page, text
from tests.gitsync.repositories import FILE, NOWHERE, At, Made
from tests.scribes import OWN

MAIN = "refs/heads/main"
ADA = Author("Ada Lovelace", "ada@example.org", "1577836800 +0100")
Tree = dict[str, tuple[str, bytes]]


def tree(files: Files, folder: str = "") -> Tree:
    """path → mode and bytes."""
    found = {}
    for path, file in files.items():
        mode, content = (file.mode, file.content) if isinstance(file, At) else (FILE, file)
        assert isinstance(content, bytes)
        found[folder + path] = (mode, content)
    return found


def tree_at(made: Made, commit: str) -> Tree:
    here = Repository(made.path)
    items = here.tree(commit)
    blobs = dict(here.read([item.blob for item in items]))
    return {item.path.decode(): (item.mode, blobs[item.blob]) for item in items}


def together(plays: Iterable[Clean | Open], side: int) -> dict[bytes, At]:
    """One commit of all, each in a folder of its own."""
    found = [tree((p.base, p.ours, p.theirs)[side], f"{p.name}/") for p in plays]
    return {
        path.encode(): At(mode, content)
        for files in found
        for path, (mode, content) in files.items()
    }


def branched(
    path: Path, base: Mapping[bytes, At], ours: Mapping[bytes, At], theirs: Mapping[bytes, At]
) -> Made:
    """Ours on main, theirs on the branch of that name."""
    made = Made(path)
    first = made.commit(base)
    made.commit(theirs, branch="theirs", parents=[first])
    made.commit(ours)
    return made


def played(path: Path, *plays: Clean | Open) -> Made:
    return branched(path, *(together(plays, side) for side in range(3)))


def merged(made: Made, message: str = "Merge theirs\n") -> Outcome:
    return merge_into(
        Repository(made.path), MAIN, made.tip("theirs"), message=message, author=ADA, merges=OWN
    )


def by_git(made: Made, ours: str, theirs: str) -> str | None:
    """The tree that `git merge` makes, if it makes one."""
    options = ("-c", "merge.directoryRenames=true")
    try:
        return made.git(*options, "merge-tree", "--write-tree", ours, theirs)
    except CalledProcessError:
        return None


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, Outcome]:
    made = played(tmp_path_factory.mktemp("clean"), *LINES, *MEANT)
    made.git("update-ref", "refs/heads/before", made.tip())
    return made, merged(made)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, MergeConflict]:
    made = played(tmp_path_factory.mktemp("open"), *OPEN, *MEANT)
    before = made.tip()
    conflict = merged(made).conflict
    assert conflict is not None
    assert made.tip() == before
    return made, conflict


class TestClean:
    def test_the_merge_has_two_parents_and_says_whose_it_is(
        self, clean: tuple[Made, Outcome]
    ) -> None:
        made, outcome = clean
        assert outcome.conflict is None
        assert made.tip() == outcome.commit
        shown = made.git("log", "-1", "--format=%P|%an|%ae|%ad|%B", "--date=raw", "main")
        parents = f"{made.tip('before')} {made.tip('theirs')}"
        assert shown == f"{parents}|Ada Lovelace|ada@example.org|1577836800 +0100|Merge theirs"
        assert list_conflicts(Repository(made.path)) == []

    @pytest.mark.parametrize("play", [*LINES, *MEANT], ids=lambda play: play.name)
    def test_what_both_did_is_in_it(self, play: Clean, clean: tuple[Made, Outcome]) -> None:
        made, outcome = clean
        found = tree_at(made, outcome.commit)
        own = {path: file for path, file in found.items() if path.startswith(f"{play.name}/")}
        assert own == tree(play.expected, f"{play.name}/")

    def test_what_git_merges_is_merged_the_same(self, tmp_path: Path) -> None:
        made = played(tmp_path, *LINES)
        tree = by_git(made, made.tip(), made.tip("theirs"))
        assert tree is not None
        assert made.git("rev-parse", f"{merged(made).commit}^{{tree}}") == tree


class TestOpen:
    @pytest.fixture
    def made(self, kept: tuple[Made, MergeConflict], tmp_path: Path) -> Made:
        """A copy, for each resolution."""
        shutil.copytree(kept[0].path, tmp_path, dirs_exist_ok=True)
        return Made(tmp_path)

    @pytest.mark.parametrize("play", OPEN, ids=lambda play: play.name)
    def test_what_is_open_is_told_with_all_versions(
        self, play: Open, kept: tuple[Made, MergeConflict]
    ) -> None:
        (file,) = [f for f in kept[1].files if f.path.startswith(f"{play.name}/")]
        assert file.kind is play.kind
        numbers = [""] if file.is_open else []
        assert numbers + [f".{n + 1}" for n in range(len(file.places))] == play.numbers
        contents = dict(Repository(kept[0].path).read([v.blob for v in file.versions if v]))
        for version, files in zip(file.versions, (play.base, play.ours, play.theirs), strict=True):
            there = [content for path, (_, content) in tree(files).items() if "/" not in path]
            assert version is None or contents[version.blob] in there

    def test_it_is_kept_with_all_versions_and_both_commits(
        self, kept: tuple[Made, MergeConflict]
    ) -> None:
        made, conflict = kept
        here = Repository(made.path)
        assert list_conflicts(here) == [conflict] == [read_conflict(here, conflict.id)]
        ref = CONFLICTS + conflict.id
        parents = made.git("log", "-1", "--format=%P", ref)
        assert parents == f"{made.tip()} {made.tip('theirs')}"
        held = {item.blob for item in here.tree(ref)}
        assert {v.blob for file in conflict.files for v in file.versions if v} <= held
        text = made.git("cat-file", "blob", f"{ref}:conflict.json")
        assert json.loads(text) == json.loads(json.dumps(as_json(conflict)))
        assert text.encode() + b"\n" == encode(conflict)

    def test_the_same_merge_is_kept_once(self, made: Made) -> None:
        before = made.git("for-each-ref")
        assert merged(made, "Try again\n").conflict is not None
        assert made.git("for-each-ref") == before

    @pytest.mark.parametrize("side", list(Side))
    def test_a_side_decides_all_that_is_open(self, made: Made, side: Side) -> None:
        here = Repository(made.path)
        (conflict,) = list_conflicts(here)
        assert is_current(here, conflict)
        numbers = [str(n + 1) for n in range(len(conflict.files))]
        every = Decision(choices=dict.fromkeys(numbers, side))
        commit = resolve(here, conflict, every, author=ADA, merges=OWN)
        found = tree_at(made, commit)
        for play in OPEN:
            if side in play.by:
                own = {p: file for p, file in found.items() if p.startswith(f"{play.name}/")}
                assert own == tree(play.by[side], f"{play.name}/"), play.name
        for clean in MEANT:
            assert tree(clean.expected, f"{clean.name}/").items() <= found.items()
        parents = f"{conflict.theirs} {conflict.ours}"
        assert made.git("log", "-1", "--format=%P|%B", "main") == f"{parents}|Merge theirs"
        assert list_conflicts(here) == []

    def test_nothing_is_resolved_before_all_is_chosen(self, made: Made) -> None:
        here = Repository(made.path)
        (conflict,) = list_conflicts(here)
        numbers = [
            number
            for n, file in enumerate(conflict.files, start=1)
            for number in (
                ([str(n)] if file.is_open else [])
                + [f"{n}.{m + 1}" for m in range(len(file.places))]
            )
        ]
        for missing in numbers:
            chosen = {number: Side.OURS for number in numbers if number != missing}
            top = missing.partition(".")[0]
            if top in chosen:
                continue
            with pytest.raises(GitFault, match=rf"chosen yet for {missing}\b") as caught:
                resolve(here, conflict, Decision(choices=chosen), author=ADA, merges=OWN)
            assert caught.value.code == "conflict.open"
        assert here.resolve(MAIN) == conflict.ours


Titles = tuple[Made, Repository, MergeConflict]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, MergeConflict]:
    """One file with a title and a line in conflict, and one that was removed and edited."""
    base = {b"a.md": At(FILE, page("one", "title: A", last="a")), b"b": At(FILE, text("two"))}
    ours = {b"a.md": At(FILE, page("one", "title: B", last="b")), b"c": At(FILE, b"c")}
    theirs = {
        b"a.md": At(FILE, page("one", "title: C", last="c")),
        b"b": At(FILE, text("two", last="x")),
    }
    made = branched(tmp_path_factory.mktemp("titles"), base, ours, theirs)
    conflict = merged(made).conflict
    assert conflict is not None
    return made, conflict


@pytest.fixture
def titles(once: tuple[Made, MergeConflict], tmp_path: Path) -> Titles:
    """A copy, to resolve."""
    shutil.copytree(once[0].path, tmp_path, dirs_exist_ok=True)
    return Made(tmp_path), Repository(tmp_path), once[1]


def test_each_place_may_have_a_side_of_its_own(titles: Titles) -> None:
    made, here, conflict = titles
    choices = {"1.1": Side.THEIRS, "1.2": Side.BASE, "2": Side.OURS}
    commit = resolve(here, conflict, Decision(choices=choices), author=ADA, merges=OWN)
    assert tree_at(made, commit) == tree({"a.md": page("one", "title: C", last="a"), "c": b"c"})


def test_a_side_for_a_file_leaves_its_places_to_their_own(titles: Titles) -> None:
    made, here, conflict = titles
    choices = {"1": Side.THEIRS, "1.2": Side.OURS, "2": Side.THEIRS}
    found = tree_at(
        made, resolve(here, conflict, Decision(choices=choices), author=ADA, merges=OWN)
    )
    assert found["a.md"][1] == page("one", "title: C", last="b")
    assert found["b"][1] == text("two", last="x")


def test_a_whole_file_needs_no_choice_and_others_may_come_with_it(titles: Titles) -> None:
    made, here, conflict = titles
    contents = {"a.md": page("one", "title: D"), "b": None, "kept/b": text("two")}
    found = tree_at(
        made, resolve(here, conflict, Decision(contents=contents), author=ADA, merges=OWN)
    )
    given = {path: content for path, content in contents.items() if content is not None}
    assert found == tree({**given, "c": b"c"})


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"choices": {"1": Side.OURS}}, "conflict.open"),
        ({"choices": {"1": Side.OURS, "2": Side.OURS, "3": Side.OURS}}, "conflict.choice"),
        ({"choices": {"1": Side.OURS, "1.3": Side.OURS, "2": Side.OURS}}, "conflict.choice"),
        ({"contents": {"a.md": b"---\na: [\n---\n", "b": None}}, "conflict.unreadable"),
        ({"contents": {"a.md": b"x", "b": None, "../x": b"x"}}, "path.form"),
    ],
)
def test_what_resolves_nothing_changes_nothing(
    titles: Titles, options: dict[str, dict[str, object]], code: str
) -> None:
    made, here, conflict = titles
    before = made.git("for-each-ref")
    with pytest.raises(GitFault) as caught:
        resolve(here, conflict, Decision(**options), author=ADA, merges=OWN)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert made.git("for-each-ref") == before


def test_a_conflict_of_a_branch_that_moved_on_is_not_resolved(titles: Titles) -> None:
    made, here, conflict = titles
    made.commit({b"other": b"x"})
    before = made.git("for-each-ref")
    assert not is_current(here, conflict)
    with pytest.raises(RefMoved):
        resolve(
            here,
            conflict,
            Decision(choices={"1": Side.OURS, "2": Side.OURS}),
            author=ADA,
            merges=OWN,
        )
    assert made.git("for-each-ref") == before
    forget(here, conflict)
    assert list_conflicts(here) == []
    with pytest.raises(GitFault, match="there is no conflict"):
        forget(here, conflict)


@pytest.mark.parametrize("name", ["", "0" * 16, "../main", "a b", "-h"])
def test_there_is_no_conflict_of_another_name(tmp_path: Path, name: str) -> None:
    made = Made(tmp_path)
    with pytest.raises(GitFault, match="there is no conflict"):
        read_conflict(Repository(made.path), name)


def test_a_branch_that_has_it_all_stays(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({b"a": b"1"})
    made.git("update-ref", "refs/heads/theirs", first)
    second = made.commit({b"a": b"2"})
    assert merged(made) == Outcome(second)


def test_a_branch_that_could_move_forward_gets_a_merge_all_the_same(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({b"a": b"1"})
    second = made.commit({b"a": b"2"}, branch="theirs", parents=[first])
    commit = merged(made).commit
    assert made.git("log", "-1", "--format=%P", "main") == f"{first} {second}"
    assert tree_at(made, commit) == tree({"a": b"2"})


def test_histories_without_a_common_commit_are_not_merged(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.commit({b"a": b"1"})
    made.commit({b"b": b"2"}, branch="theirs", parents=[])
    with pytest.raises(GitFault, match="no history in common"):
        merged(made)


def test_a_base_may_be_given(tmp_path: Path) -> None:
    """As if a change were carried over from elsewhere."""
    made = Made(tmp_path)
    base = made.commit({b"a.md": page("x", "tags: [a]"), b"b": b"1"})
    ours = made.commit({b"a.md": page("x", "tags: [b]"), b"c": b"2"}, parents=[])
    theirs = made.commit({b"a.md": page("x", "tags: [a, c]"), b"b": b"1"}, parents=[base])
    found = merge(Repository(made.path), ours, theirs, base=base, merges=OWN)
    assert found.tree is not None
    assert tree_at(made, found.tree) == tree({"a.md": page("x", "tags: [b, c]"), "c": b"2"})


def crossed(made: Made, name: bytes, one: bytes, other: bytes) -> tuple[str, str]:
    """Two branches that have merged each other, and so have two common ancestors."""
    first = made.commit({name: page("x", "title: A", "tags: [a]")})
    left = made.commit({name: one}, branch="left", parents=[first])
    right = made.commit({name: other}, branch="theirs", parents=[first])
    return left, right


def test_branches_that_merged_each_other_before(tmp_path: Path) -> None:
    made = Made(tmp_path)
    one, other = page("x", "title: B", "tags: [a]"), page("x", "title: A", "tags: [a, b]")
    left, right = crossed(made, b"a.md", one, other)
    both = page("x", "title: B", "tags: [a, b]")
    made.commit({b"a.md": page("x", "title: B", "tags: [a, b, c]")}, parents=[left, right])
    made.commit({b"a.md": both.replace(b"B", b"C")}, branch="theirs", parents=[right, left])
    found = tree_at(made, merged(made).commit)
    assert found == tree({"a.md": page("x", "title: C", "tags: [a, b, c]")})


def test_branches_that_settled_one_conflict_in_two_ways(tmp_path: Path) -> None:
    made = Made(tmp_path)
    one, other = page("x", "title: B", "tags: [a]"), page("x", "title: C", "tags: [a]")
    left, right = crossed(made, b"a.md", one, other)
    made.commit({b"a.md": one}, parents=[left, right])
    made.commit({b"a.md": other}, branch="theirs", parents=[right, left])
    conflict = merged(made).conflict
    assert conflict is not None
    ((place,),) = [file.places for file in conflict.files]
    assert (place.field, place.base, place.ours, place.theirs) == (("title",), b"A", b"B", b"C")


def test_a_ref_that_moves_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = branched(
        tmp_path,
        {b"a": At(FILE, b"1")},
        {b"a": At(FILE, b"2")},
        {b"a": At(FILE, b"1"), b"b": At(FILE, b"")},
    )
    write = Repository.write_commit

    def slow(self: Repository, *arguments: object) -> str:
        made.commit({b"a": b"moved"})
        return write(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Repository, "write_commit", slow)
    with pytest.raises(RefMoved):
        merged(made)
    assert tree_at(made, made.tip()) == tree({"a": b"moved"})


def test_attributes_of_the_site_decide_nothing(tmp_path: Path) -> None:
    made = branched(
        tmp_path,
        {b".gitattributes": At(FILE, b"* merge=union\n"), b"a.txt": At(FILE, b"1\n")},
        {b".gitattributes": At(FILE, b"* merge=union\n"), b"a.txt": At(FILE, b"2\n")},
        {b".gitattributes": At(FILE, b"* merge=union\n"), b"a.txt": At(FILE, b"3\n")},
    )
    assert merged(made).conflict is not None


def test_any_name_may_conflict(tmp_path: Path) -> None:
    names = sorted(["new\nline.md", "tab\there.md", "é 日.md", "-x.md", "a~b.md", "\udcff.md"])
    sides = [
        {os.fsencode(name): At(FILE, page("x", f"title: {title}")) for name in names}
        for title in "ABC"
    ]
    made = branched(tmp_path, *sides)
    here, conflict = Repository(made.path), merged(made).conflict
    assert conflict is not None
    assert [file.path for file in read_conflict(here, conflict.id).files] == names
    choices = {str(n + 1): Side.THEIRS for n in range(len(names))}
    commit = resolve(here, conflict, Decision(choices=choices), author=ADA, merges=OWN)
    theirs = {item.path: item.blob for item in here.tree(made.tip("theirs"))}
    assert {item.path: item.blob for item in here.tree(commit)} == theirs


def test_a_description_is_read_as_it_was_written(once: tuple[Made, MergeConflict]) -> None:
    conflict = once[1]
    assert decode(encode(conflict)) == conflict
    odd = replace(conflict, ref="refs/heads/\udcff", message="\udcff\n")
    assert decode(encode(odd)) == odd


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop("files"),
        lambda told: told.update(format=2),
        lambda told: told.update(id="0"),
        lambda told: told["files"][0].update(kind="x"),
        lambda told: told["files"][0].update(path=5),
        lambda told: told["files"][0]["places"][0].update(line="x"),
        lambda told: told.update(files=[[]]),
    ],
)
def test_a_description_that_is_not_ours_is_a_fault(
    once: tuple[Made, MergeConflict], change: object
) -> None:
    conflict = once[1]
    told = json.loads(encode(conflict))
    change(told)  # type: ignore[operator]
    for content in (json.dumps(told).encode(), b"", b"[]", b"\xff"):
        with pytest.raises(GitFault) as caught:
            decode(content)
        assert caught.value.code == "conflict.form"


def plain(files: Files) -> dict[bytes, At]:
    return {path.encode(): At(*file) for path, file in tree(files).items()}


def test_a_folder_that_was_split_is_told_and_may_be_left_as_it_is(tmp_path: Path) -> None:
    one, two = text("one"), text("two")
    made = branched(
        tmp_path,
        plain({"u/a": one, "u/b": two}),
        plain({"v/a": one, "w/b": two}),
        plain({"u/a": one, "u/b": two, "u/new": b"new"}),
    )
    conflict = merged(made).conflict
    assert conflict is not None
    (file,) = conflict.files
    assert (file.kind, file.is_open) == (Kind.NOTICE, True)
    here = Repository(made.path)
    commit = resolve(here, conflict, Decision(choices={"1": Side.OURS}), author=ADA, merges=OWN)
    assert tree_at(made, commit) == tree({"v/a": one, "w/b": two, "u/new": b"new"})


def renamed_to_another(path: Path, ours: bytes, theirs: bytes) -> tuple[Made, MergeConflict]:
    """Ours renames a file to where theirs adds one, and theirs edits it where it was."""
    made = branched(
        path,
        plain({"a.txt": text("one")}),
        plain({"b.txt": ours}),
        plain({"a.txt": theirs, "b.txt": b"another\n"}),
    )
    conflict = merged(made).conflict
    assert conflict is not None
    return made, conflict


def test_edits_of_a_file_renamed_to_another_are_in_it(tmp_path: Path) -> None:
    edits = text("one", first="ours"), text("one", last="theirs")
    conflict = renamed_to_another(tmp_path, *edits)[1]
    ((place,),) = [file.places for file in conflict.files]
    assert place.ours == text("one", first="ours", last="theirs")
    assert place.theirs == b"another\n"


def test_edits_that_conflict_in_a_file_renamed_to_another_are_kept(tmp_path: Path) -> None:
    edits = text("one", first="ours"), text("one", first="theirs")
    made, conflict = renamed_to_another(tmp_path, *edits)
    (file,) = conflict.files
    assert file.is_open
    assert [(version.path, version.blob) for version in file.others] == [
        ("a.txt", made.blob(edits[1]))
    ]
    held = {item.path: item.blob for item in Repository(made.path).tree(CONFLICTS + conflict.id)}
    assert held[b"files/1/other-0"] == made.blob(edits[1])


def test_a_conflict_that_would_be_another_now_is_not_resolved(titles: Titles) -> None:
    _, here, conflict = titles
    first, *rest = conflict.files
    changed = replace(conflict, files=(replace(first, places=first.places[:1]), *rest))
    with pytest.raises(GitFault) as caught:
        resolve(
            here,
            changed,
            Decision(choices={"1": Side.OURS, "2": Side.OURS}),
            author=ADA,
            merges=OWN,
        )
    assert caught.value.code == "conflict.changed"


def test_there_must_be_a_branch_and_a_base(tmp_path: Path) -> None:
    made = Made(tmp_path)
    here, commit = Repository(tmp_path), made.commit({b"a": b"1"})
    with pytest.raises(GitFault) as caught:
        merge_into(here, "refs/heads/none", commit, message="", author=ADA, merges=OWN)
    assert caught.value.code == "ref.missing"
    with pytest.raises(GitFault):
        merge(here, commit, commit, base=NOWHERE, merges=OWN)


def test_refs_move_together_or_not_at_all(tmp_path: Path) -> None:
    made = Made(tmp_path)
    here, first = Repository(tmp_path), made.commit({b"a": b"1"})
    second = made.commit({b"a": b"2"}, branch="other")
    with pytest.raises(RefMoved, match="other"):
        move_together(here, [(MAIN, second, first), ("refs/heads/other", None, first)])
    assert (made.tip(), made.tip("other")) == (first, second)
    with pytest.raises(GitFault) as caught:
        move_together(here, [(MAIN, "no commit", first)])
    assert not isinstance(caught.value, RefMoved)
    move_together(here, [(MAIN, second, first), ("refs/heads/other", None, second)])
    assert refs_below(here, "refs/heads/") == {MAIN: second}
