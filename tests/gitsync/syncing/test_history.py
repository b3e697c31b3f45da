import itertools
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from apps.content.index_writer import IndexWriter
from apps.gitsync.git.commits import Author
from apps.gitsync.git.output import TreeItem
from apps.gitsync.git.repository import Repository
from apps.gitsync.syncing.history import added_again, first_seen, span
from apps.gitsync.syncing.sync import sync
from tests.content.entries import files, page, write
from tests.gitsync.repositories import Made
from tests.sites import CONFIG, Site, SiteRepository

A, B = "content/a.md", "content/b.md"
DAYS = [f"2020-01-{day:02}T00:00:00Z" for day in range(1, 9)]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made.git")


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[IndexWriter]:
    with closing(IndexWriter(files(tmp_path / "node"))) as opened:
        yield opened


def indexed(writer: IndexWriter, made: Made, **dates: str) -> None:
    """The index has these documents (`a="2020…"`), dated by Git."""
    for name, date in dates.items():
        write(writer, page(name, date=date, date_from="git", blob=made.blob(b"1")))


def dates(
    made: Made, writer: IndexWriter, commit: str, *sources: str, since: str | None = None
) -> dict[str, str]:
    here = Repository(made.path)
    between = span(here, since, commit) if since else None
    found = first_seen(here, writer, sources, commit=commit, between=between)
    with here.at_hand():
        if since:
            between = span(here, since, commit, here.difference(since, commit)[1])
        assert first_seen(here, writer, sources, commit=commit, between=between) == found
    return found


def again(made: Made, writer: IndexWriter, since: str, commit: str) -> list[TreeItem]:
    here = Repository(made.path)
    known = {item.path for item in here.changes(since, commit)}
    found = added_again(here, writer, span(here, since, commit), known)
    with here.at_hand():
        between = span(here, since, commit, here.difference(since, commit)[1])
        assert added_again(here, writer, between, known) == found
    return found


def test_without_an_index_the_whole_history_is_asked(made: Made, writer: IndexWriter) -> None:
    made.commit({A.encode(): b"1"})
    made.commit({A.encode(): b"2", B.encode(): b"1"})
    last = made.commit({A.encode(): b"3", B.encode(): b"1"})
    assert dates(made, writer, last, A, B) == {A: DAYS[0], B: DAYS[1]}


def test_nothing_is_asked_for_nothing(made: Made, writer: IndexWriter) -> None:
    assert dates(made, writer, "no commit at all") == {}


def test_an_edit_leaves_the_date_that_the_index_knows(made: Made, writer: IndexWriter) -> None:
    first = made.commit({A.encode(): b"1"})
    indexed(writer, made, a="1999-01-01T00:00:00Z")
    second = made.commit({A.encode(): b"2"})
    assert dates(made, writer, second, A, since=first) == {A: "1999-01-01T00:00:00Z"}


def test_a_document_that_came_since_has_the_date_of_its_commit(
    made: Made, writer: IndexWriter
) -> None:
    first = made.commit({A.encode(): b"1"})
    indexed(writer, made, a=DAYS[0])
    second = made.commit({A.encode(): b"1", B.encode(): b"1"})
    assert dates(made, writer, second, A, B, since=first) == {A: DAYS[0], B: DAYS[1]}


def test_a_document_that_named_its_date_before_is_looked_up(
    made: Made, writer: IndexWriter
) -> None:
    first = made.commit({A.encode(): b"1"})
    write(writer, page("a", date_from="front matter"))
    second = made.commit({A.encode(): b"2"})
    assert dates(made, writer, second, A, since=first) == {A: DAYS[0]}


def test_a_document_that_was_removed_and_came_back_is_named_again(
    made: Made, writer: IndexWriter
) -> None:
    first = made.commit({A.encode(): b"1", B.encode(): b"1"})
    indexed(writer, made, a=DAYS[0], b=DAYS[0])
    made.commit({B.encode(): b"1"})
    last = made.commit({A.encode(): b"1", B.encode(): b"1"})
    assert again(made, writer, first, last) == [TreeItem(A.encode(), "100644", made.blob(b"1"))]
    assert dates(made, writer, last, A, since=first) == {A: DAYS[2]}


def test_what_a_diff_shows_is_not_named_twice(made: Made, writer: IndexWriter) -> None:
    first = made.commit({A.encode(): b"1"})
    indexed(writer, made, a=DAYS[0])
    made.commit({})
    last = made.commit({A.encode(): b"2"})
    assert again(made, writer, first, last) == []


def test_strange_names_in_the_history_are_passed_over(made: Made, writer: IndexWriter) -> None:
    first = made.commit({A.encode(): b"1", b"\xff": b"1", b"\n\x01": b"1", b"a\\b": b"1"})
    indexed(writer, made, a=DAYS[0])
    made.commit({A.encode(): b"1"})
    last = made.commit({A.encode(): b"1", b"\xff": b"1", b"\n\x01": b"1", b"a\\b": b"1"})
    assert again(made, writer, first, last) == []


def test_what_one_commit_added_is_known_from_the_difference(made: Made) -> None:
    first = made.commit({A.encode(): b"1"})
    second = made.commit({A.encode(): b"2", B.encode(): b"1"})
    made.commit({B.encode(): b"1"})
    last = made.commit({A.encode(): b"2", B.encode(): b"1"})
    added = frozenset({B.encode()})
    with Repository(made.path).at_hand() as here:
        one = span(here, first, second, added)
        assert one.added == here.added(second, first, ())
        assert span(here, second, last, frozenset()).added is None
        assert (span(here, second, first, frozenset()).added) is None


def test_a_date_beyond_the_calendar_is_no_date(made: Made, writer: IndexWriter) -> None:
    commit = made.commit({A.encode(): b"1"}, date="@999999999999 +0000")
    assert dates(made, writer, commit, A) == {A: ""}


def test_backwards_what_was_added_since_is_looked_up_and_the_rest_keeps_its_date(
    made: Made, writer: IndexWriter
) -> None:
    first = made.commit({A.encode(): b"1", B.encode(): b"1"})
    made.commit({A.encode(): b"1"})
    last = made.commit({A.encode(): b"2", B.encode(): b"1"})
    indexed(writer, made, a="1999-01-01T00:00:00Z", b=DAYS[2])
    assert dates(made, writer, first, A, B, since=last) == {A: "1999-01-01T00:00:00Z", B: DAYS[0]}
    assert [item.path for item in again(made, writer, last, first)] == [B.encode()]


def test_beside_the_index_both_ways_count(made: Made, writer: IndexWriter) -> None:
    base = made.commit({A.encode(): b"1"})
    theirs = made.commit({A.encode(): b"1", B.encode(): b"1"})
    ours = made.commit({A.encode(): b"2"}, parents=[base], branch="other")
    merged = made.commit({A.encode(): b"2", B.encode(): b"1"}, parents=[ours, theirs])
    indexed(writer, made, a="1999-01-01T00:00:00Z", b=DAYS[1])
    assert span(Repository(made.path), theirs, merged).base == base
    assert dates(made, writer, merged, A, B, since=theirs) == {
        A: "1999-01-01T00:00:00Z",
        B: DAYS[3],
    }


def test_histories_that_never_meet_have_no_base(made: Made) -> None:
    one = made.commit({A.encode(): b"1"})
    other = made.commit({A.encode(): b"2"}, parents=[], branch="other")
    assert span(Repository(made.path), one, other).base is None


@pytest.mark.long
def test_from_any_commit_to_any_other_the_index_ends_where_a_rebuild_does(
    repository: SiteRepository, site: Site
) -> None:
    """Removed and added again, renamed, merged from a side branch, and all of it backwards."""
    at = [repository.commit({"config.toml": CONFIG, A: "# A\n", B: "# B\n"})]
    for change in ({A: None}, {A: "# A\n"}, {B: None, "content/c.md": "# B\n"}, {B: "# B\n"}):
        at.append(repository.commit(change))
    repository.git.set("refs/heads/side", at[1])
    at.append(repository.commit({"content/d.md": "# D\n"}, branch="side"))
    tree = repository.git.resolve(f"{at[4]}^{{tree}}")
    assert tree
    who = Author("Ada", "a@b.c", "1600000000 +0000").as_environment()
    at.append(repository.git.write_commit(tree, [at[5], at[4]], "Merge", who))
    digests = {}
    for commit in at:
        repository.git.set("refs/heads/main", commit)
        digests[commit] = sync(site.local, rebuild=True, accept_rewritten=True).digest
    for old, new in itertools.permutations(at, 2):
        for commit in (old, new):
            repository.git.set("refs/heads/main", commit)
            assert sync(site.local, accept_rewritten=True).digest == digests[commit]
