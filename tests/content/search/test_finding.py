"""Words, phrases and qualifiers find what they say, best first, and nothing that is hidden."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.content.search.bounds import PAGE_SIZE, PAGES
from apps.content.search.finding import find
from tests.content.entries import section, write
from tests.content.search.finding import NOW, Searched, connection, said, writer
from tests.tables import each_of

RIVER = "The river runs past the old mill, and the miller\u2019s caf\u00e9 is on the bank."
ENTRIES = (
    said("posts/river", RIVER, tags=("Rust Belt", "Water"), authors='["Ada Lovelace"]'),
    said("posts/mill", "A mill.", title="Mill", date="2024-05-01T00:00:00Z", type="essay"),
    said("notes/stream", "River, river, river.", headings="Of a river", front='{"lang": "de"}'),
    said("notes/city", "\u6771\u4eac\u90fd\u306b\u4f4f\u3093\u3067\u3044\u307e\u3059\u3002"),
    said("notes/garden", "\u092c\u0917\u0940\u091a\u093e \u0938\u0941\u0902\u0926\u0930", date=""),
    said("draft", "River draft.", visibility="draft"),
    said("later", "River later.", shown_from="2026-07-01T00:00:00Z"),
    said("gone", "River gone.", shown_until="2026-05-01T00:00:00Z"),
    section("notes"),
)
FOUND = {
    "river": ["notes/stream", "posts/river"],
    "RIVER": ["notes/stream", "posts/river"],
    "river mill": ["posts/river"],
    '"old mill"': ["posts/river"],
    '"mill old"': [],
    '"old mill': ["posts/river"],
    "mill": ["posts/mill", "posts/river"],
    "mill -river": ["posts/mill"],
    'mill -"old mill"': ["posts/mill"],
    "riv*": ["notes/stream", "posts/river"],
    "cafe": ["posts/river"],
    "CAF\u00c9": ["posts/river"],
    "\u4eac\u90fd": ["notes/city"],
    "\u4f4f\u3093": ["notes/city"],
    "\u90fd\u4eac": [],
    "\u0938\u0941\u0902\u0926\u0930": ["notes/garden"],
    "tag:water": ["posts/river"],
    'tag:"rust belt" river': ["posts/river"],
    "tags:Water": ["posts/river"],
    "river -tag:water": ["notes/stream"],
    "colour:water": [],
    "author:ada": ["posts/river"],
    "river -author:lovelace": ["notes/stream"],
    "type:essay": ["posts/mill"],
    "before:2025": ["posts/mill"],
    "before:2024-05-01": [],
    "after:2024-05 before:2024-06": ["posts/mill"],
    "river after:2026": ["notes/stream", "posts/river"],
    "section:notes river": ["notes/stream"],
    "section:note river": [],
    "path:posts/mill": ["posts/mill"],
    "river -path:notes": ["posts/river"],
    "in:title mill": ["posts/mill"],
    "in:headings river": ["notes/stream"],
    "lang:de river": ["notes/stream"],
    "lang:en river": ["posts/river"],
    "type:section": ["notes/_index"],
    "draft": [],
    "later": [],
    "gone": [],
    "": [],
    "   ": [],
    "-": [],
    "*": [],
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder = tmp_path_factory.mktemp("index")
    with writer(folder) as made:
        write(made, *ENTRIES, removed=())
    with connection(folder) as opened:
        yield opened


@pytest.fixture
def searched(index: sqlite3.Connection) -> Searched:
    return Searched(index)


@each_of("text", FOUND)
def test_a_query_finds_what_it_says(searched: Searched, text: str) -> None:
    assert searched.found(text, language="en") == FOUND[text]
    assert searched.hits(text, language="en").total == len(FOUND[text])


def test_what_is_not_found_is_looked_for_as_the_beginning_of_a_word(searched: Searched) -> None:
    hits = searched.hits("riv")
    assert hits.widened and hits.total == 2
    assert not searched.hits("river").widened
    assert not searched.hits("zebra").widened


def test_whoever_may_see_everything_finds_everything(searched: Searched) -> None:
    names = {"notes/stream", "posts/river", "draft", "later", "gone"}
    assert set(searched.found("river", None)) == names
    assert searched.hits("river -draft", None).total == 4


def test_a_moment_shows_what_is_scheduled_and_hides_what_ends(searched: Searched) -> None:
    assert searched.found("later", "2026-07-01T00:00:00Z") == ["later"]
    assert searched.found("gone", "2026-04-30T00:00:00Z") == ["gone"]


def test_what_is_never_shown_does_not_count_in_the_order(tmp_path: Path) -> None:
    open_ = [said(f"p{n}", "one two three four" if n % 2 else "one one two") for n in range(6)]
    drafts = [said(f"d{n}", "one " * n, visibility="draft") for n in range(1, 30)]
    found = []
    for number, entries in enumerate((open_, [*open_, *drafts])):
        with writer(tmp_path / str(number)) as made:
            write(made, *entries, removed=())
        with connection(tmp_path / str(number)) as opened:
            query = "SELECT rowid, bm25(search) FROM search WHERE search MATCH 'one' ORDER BY rowid"
            found.append(opened.execute(query).fetchall())
    assert found[0] == found[1]


def test_the_pages_of_what_was_found_follow_each_other(searched: Searched) -> None:
    pages = [searched.hits("river", page=n, page_size=1) for n in (1, 2, 3)]
    assert [each.total for each in pages] == [2, 2, 2]
    assert [len(each.hits) for each in pages] == [1, 1, 0]
    assert [each.pages for each in pages] == [2, 2, 2]
    assert searched.hits("river", page=PAGES + 1).page == PAGES
    assert len(searched.hits("river", page_size=PAGE_SIZE + 1).hits) == 2


def test_a_hit_shows_where_the_words_stand(searched: Searched) -> None:
    (first, second) = searched.hits("river mill*").hits[:1] + searched.hits("cafe").hits
    assert ("mill", True) in first.snippet and ("river", True) in first.snippet
    assert ("caf\u00e9", True) in second.snippet
    assert searched.hits("\u4eac\u90fd").hits[0].snippet[1] == ("\u4eac\u90fd", True)
    assert searched.hits("mill").hits[0].title == (("Mill", True),)


def test_among_equals_the_newest_comes_first_and_then_the_path(tmp_path: Path) -> None:
    dates = {"b": "2025", "a": "2025", "c": "2026"}
    entries = [said(n, "same", title="Same", date=f"{y}-01-01T00:00:00Z") for n, y in dates.items()]
    with writer(tmp_path) as made:
        write(made, *entries, removed=())
    with connection(tmp_path) as opened:
        assert Searched(opened).found("same") == ["c", "a", "b"]


@pytest.fixture
def three_words(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Documents that have one, two and three; the fewer of the three words, the later by path."""
    bodies = {name: f"one two three {'three ' * n}{'two ' * n}" for n, name in enumerate("dcba")}
    entries = [said(name, body, title="Same") for name, body in bodies.items()]
    frequent = [said(f"x{n}", "one one one one one one") for n in range(5)]
    with writer(tmp_path) as made:
        write(made, *entries, *frequent, said("y", "one two"), removed=())
    with connection(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("text", ["one two three", "three two one", "three one two -zebra"])
def test_of_many_that_have_all_words_the_rarest_make_the_order(
    three_words: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    searched = Searched(three_words)
    thorough = searched.found(text)
    monkeypatch.setattr("apps.content.search.finding.EASY", 3)
    assert searched.found(text) == thorough == ["a", "b", "c", "d"]
    assert searched.hits(text, page_size=2).total == 4
    assert searched.found("in:title one two three") == []
    everything = searched.found(text, None)
    assert sorted(everything) == ["a", "b", "c", "d"]


def test_words_are_weighed_as_few_as_a_bound_says(
    three_words: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, tuple[str, ...]]] = []

    def execute(sql: str, values: tuple[str, ...] = ()) -> sqlite3.Cursor:
        asked.append((sql, values))
        return three_words.execute(sql, values)

    def ranked() -> set[str]:
        asked.clear()
        find(execute, "one two three", now=NOW)
        return {str(values[0]) for sql, values in asked if "bm25" in sql}

    monkeypatch.setattr("apps.content.search.finding.EASY", 4)
    assert ranked() == {'"one" AND "two" AND "three"'}
    monkeypatch.setattr("apps.content.search.finding.EASY", 3)
    assert ranked() == {'"two" AND "three"'}


def test_an_answer_is_told_apart_by_all_that_is_shown_of_it(index: sqlite3.Connection) -> None:
    texts = ("river", "river mill", "riv", "zebra")
    answers = [find(index.execute, text, now=NOW)[1] for text in texts]
    assert len(set(answers)) == len(texts)
    assert answers[0] == find(index.execute, "RIVER", now=NOW)[1]
