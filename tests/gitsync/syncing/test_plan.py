import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.configuration import read_configuration
from apps.gitsync.git.output import NOTHING, TreeItem
from apps.gitsync.syncing.plan import Plan, SourceFile, plan
from tests.gitsync.repositories import FILE, LINK, PROGRAM, SUBMODULE

SITE = read_configuration("[whispercms]\n", frozenset({"config.toml", "content"}))
BLOB = "b" * 40


def item(path: str | bytes, mode: str = FILE, blob: str = BLOB) -> TreeItem:
    return TreeItem(path.encode() if isinstance(path, str) else path, mode, blob)


def planned(*items: TreeItem) -> Plan:
    return plan(SITE, items)


def code(path: str | bytes, mode: str = FILE) -> str:
    found = planned(item(path, mode))
    assert (found.documents, found.assets, found.kept) == ((), (), ())
    (problem,) = found.problems
    assert problem.path == found.touched[0]
    return problem.code


def test_files_are_sorted_by_what_they_are_to_the_server() -> None:
    found = planned(
        item("media/x.png"), item("content/b.md"), item("config.toml"), item("content/a.md")
    )
    assert found.documents == (SourceFile("content/a.md", BLOB), SourceFile("content/b.md", BLOB))
    assert found.assets == (SourceFile("media/x.png", BLOB),)
    assert found.kept == (SourceFile("config.toml", BLOB),)
    assert found.touched == ("config.toml", "content/a.md", "content/b.md", "media/x.png")
    assert found.problems == ()


def test_what_was_removed_is_only_touched() -> None:
    found = planned(item("content/a.md", "000000", NOTHING))
    assert found.touched == ("content/a.md",)
    assert (found.documents, found.problems) == ((), ())


def test_what_is_ignored_is_touched_for_it_may_have_been_something_before() -> None:
    found = planned(item("README.md"))
    assert found.touched == ("README.md",)
    assert (found.documents, found.assets, found.problems) == ((), (), ())


def test_a_program_is_a_file() -> None:
    assert planned(item("content/a.md", PROGRAM)).documents == (SourceFile("content/a.md", BLOB),)


@pytest.mark.parametrize("path", ["content/a.md", "content/a.png", "config.toml", "media/x"])
def test_a_link_is_not_followed_wherever_it_leads(path: str) -> None:
    assert code(path, LINK) == "path.link"


def test_a_submodule_is_not_read() -> None:
    assert code("content/theirs.md", SUBMODULE) == "path.submodule"
    assert code("content/theirs", SUBMODULE) == "path.submodule"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (b"content/a\xff.md", "path.encoding"),
        (b"content/a\xc0\xaf.md", "path.encoding"),
        (b"content/\xed\xa0\x80.md", "path.encoding"),
        ("content/a\nb.md", "path.control"),
        ("content/a\x1b[0m.md", "path.control"),
        ("content/a\u202eb.md", "path.control"),
        ("content/a\u2028b.png", "path.control"),
    ],
)
def test_a_name_that_cannot_be_shown_is_reported(path: str | bytes, expected: str) -> None:
    assert code(path) == expected


def test_a_backslash_in_a_name_is_reported_for_no_url_can_hold_it() -> None:
    assert code("content/a\\b.md").startswith("path.")


def test_nothing_is_said_of_strange_names_outside_the_site() -> None:
    found = planned(item(b"src/a\xff"), item("src/a\nb"), item("vendor", SUBMODULE))
    assert found.problems == ()


NAMES = st.lists(st.binary(min_size=1, max_size=5).filter(lambda n: b"\0" not in n), max_size=6)
MODES = st.sampled_from([FILE, PROGRAM, LINK, SUBMODULE])


@given(NAMES.map(set), MODES)
def test_every_path_is_touched_once_and_has_at_most_one_end(names: set[bytes], mode: str) -> None:
    found = planned(*(item(b"content/" + name + b".md", mode) for name in names))
    assert len(set(found.touched)) == len(names)
    ends = [f.source for f in (*found.documents, *found.assets, *found.kept)]
    ends += [problem.path for problem in found.problems]
    assert len(ends) == len(set(ends))
    assert set(ends) <= set(found.touched)
