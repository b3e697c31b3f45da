"""What stands around a page, held against plain Python over the same documents."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.content.entries import UNWEIGHTED
from apps.content.index import Index
from apps.content.index_writer import IndexWriter
from apps.content.listings import IndexedDocument
from apps.content.reader import Kind, Reader
from apps.content.renderings import connect
from apps.content.surroundings import Filed
from tests.content.entries import RENDERER, files, page, section, write

NOW = "2026-06-01T00:00:00Z"


class Site:
    def __init__(self, folder: Path) -> None:
        self.files = files(folder)
        connect(self.files.renderings).close()
        self.writer = IndexWriter(self.files)
        self.facts: list[tuple[str, str, str]] = []

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        self.facts.clear()
        with Index(self.files).snapshot(lambda *fact: self.facts.append(fact), NOW) as reader:
            yield reader

    def at(self, url: str) -> IndexedDocument:
        with self.reader() as reader:
            found = reader.document(url, RENDERER)
        assert found
        return found


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.writer.close()


PAGES = st.lists(
    st.fixed_dictionaries(
        {
            "sticky": st.sampled_from([0, 0, 1]),
            "weight": st.sampled_from([UNWEIGHTED, UNWEIGHTED, -1, 2]),
            "date": st.sampled_from(["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", ""]),
            "shown_until": st.sampled_from(["~", "~", NOW, "2027-01-01T00:00:00Z"]),
        }
    ),
    min_size=1,
    max_size=8,
)


def in_order(pages: list[dict[str, Any]]) -> list[int]:
    """By the rule as people are told it; only what is shown."""
    shown = [n for n, each in enumerate(pages) if each["shown_until"] > NOW]
    by_date = sorted(shown, key=lambda n: pages[n]["date"], reverse=True)
    return sorted(by_date, key=lambda n: (-pages[n]["sticky"], pages[n]["weight"]))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(PAGES)
def test_neighbours_are_those_of_the_sections_list(site: Site, pages: list[dict[str, Any]]) -> None:
    entries = [page(f"a/{n}", **each) for n, each in enumerate(pages)]
    write(site.writer, page("b/1"), page("a/sub/1"), *entries, whole=True)
    order = [f"/a/{n}/" for n in in_order(pages)]
    with site.reader() as reader:
        for position, url in enumerate(order):
            document = reader.document(url, RENDERER)
            assert document
            found = reader.neighbours(document)
            sides = [each and each.url for each in (found.previous, found.next)]
            before = order[position - 1] if position else None
            after = order[position + 1] if position + 1 < len(order) else None
            assert sides == [before, after]


def test_what_shares_most_terms_is_nearest_then_the_newest(site: Site) -> None:
    write(
        site.writer,
        page("one", tags=("a", "b", "c")),
        page("two", tags=("a", "b"), date="2020-01-01T00:00:00Z"),
        page("new", tags=("a",), date="2026-02-01T00:00:00Z"),
        page("old", tags=("c",), date="2019-01-01T00:00:00Z"),
        page("hidden", tags=("a", "b"), visibility="draft"),
        page("over", tags=("a", "b"), shown_until=NOW),
        page("other", tags=("d",)),
        section("a", tags=("a",)),
        whole=True,
    )
    with site.reader() as reader:
        one = reader.document("/one/", RENDERER)
        assert one
        assert [each.url for each in reader.related(one, 5)] == ["/two/", "/new/", "/old/"]
        assert [each.url for each in reader.related(one, 1)] == ["/two/"]
    bare = site.at("/other/")
    with site.reader() as reader:
        assert reader.related(bare, 5) == ()


def test_sections_right_below_are_counted_with_all_in_them(site: Site) -> None:
    write(
        site.writer,
        *(page(name) for name in ("a/1", "a/b/1", "a/b/2", "a/b/c/1", "a/d/e/1", "ab/1", "a-b/1")),
        page("a/z/1", shown_from="2026-06-01T00:00:01Z"),
        section("a/empty"),
        whole=True,
    )
    with site.reader() as reader:
        assert [(each.section, each.total) for each in reader.below("a")] == [
            ("a/b", 3),
            ("a/d", 1),
        ]
        assert [(e.section, e.total) for e in reader.below("")] == [("a", 5), ("a-b", 1), ("ab", 1)]
        assert reader.below("a/d/e") == reader.below("none") == ()


def test_a_taxonomy_has_the_terms_that_lead_somewhere(site: Site) -> None:
    write(
        site.writer,
        page("a", tags=("Rust", "Go")),
        page("b", tags=("Rust",)),
        page("c", tags=("Hidden",), visibility="draft"),
        whole=True,
    )
    with site.reader() as reader:
        assert reader.filed("tags") == (Filed("go", "Go", 1), Filed("rust", "Rust", 2))
        assert reader.filed("none") == ()
    assert site.facts[-1] == (Kind.FILED, "none", "")


def test_each_is_a_fact_that_can_be_asked_again_and_follows(site: Site) -> None:
    write(site.writer, *(page(f"a/b/{n}", tags=("x",)) for n in range(3)), whole=True)

    def ask() -> list[tuple[str, str, str]]:
        with site.reader() as reader:
            one = reader.document("/a/b/1/", RENDERER)
            assert one
            site.facts.clear()
            reader.neighbours(one)
            reader.related(one, 3)
            reader.below("a")
            reader.filed("tags")
        return list(site.facts)

    before = ask()
    assert [kind for kind, *_ in before] == [
        *(Kind.NEIGHBOURS, Kind.RELATED, Kind.BELOW, Kind.FILED)
    ]
    with site.reader() as reader:
        assert [(kind, asked, reader.ask(kind, asked)) for kind, asked, _ in before] == before
    write(site.writer, page("a/b/2", title="Another", tags=("x",)), commit="c2")
    with site.reader() as reader:
        now = [reader.ask(kind, asked) == answer for kind, asked, answer in before]
    assert now == [False, False, True, True], "a title is in two of them"
    write(site.writer, page("a/b/0", shown_until=NOW, tags=("x",)), commit="c3")
    with site.reader() as reader:
        now = [reader.ask(kind, asked) == answer for kind, asked, answer in before]
    assert now == [False] * 4


def test_each_question_is_one_statement_by_an_index(site: Site) -> None:
    write(site.writer, *(page(f"a/{n}", tags=("x", "y")) for n in range(3)), whole=True)
    one = site.at("/a/1/")
    with site.reader() as reader:
        for question in (
            lambda: reader.neighbours(one),
            lambda: reader.related(one, 3),
            lambda: reader.below("a"),
            lambda: reader.filed("tags"),
        ):
            asked: list[str] = []
            reader._connection.set_trace_callback(asked.append)
            question()
            reader._connection.set_trace_callback(None)
            (statement,) = asked
            plan = [row[-1] for row in reader._execute(f"EXPLAIN QUERY PLAN {statement}")]
            tables = [
                step for step in plan if re.match(r"(SCAN|SEARCH) (d|document|term|t)\b", step)
            ]
            assert tables
            assert all("USING" in step or step == "SCAN t" for step in tables), plan
