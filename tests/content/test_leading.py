"""Where old addresses lead, from the rows alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.content.entries import Alias, Entry
from apps.content.index import Index
from apps.content.index_writer import IndexWriter
from apps.content.leading import STEPS
from apps.content.renderings import connect
from tests.content.entries import files, page, write

NOW = "2026-06-01T00:00:00Z"
CONFIG = "config.toml"


class Rows:
    def __init__(self, folder: Path) -> None:
        self._files = files(folder)
        connect(self._files.renderings).close()
        self.writer = IndexWriter(self._files)

    def lead(self, key: str) -> str | None:
        with Index(self._files).snapshot(lambda *_: None, NOW) as reader:
            return reader.alias(key)

    def circles(self) -> set[str]:
        found = (p for p in self.writer.clashes() if p.code == "redirect.loop")
        return {p.reason.partition(" ")[0].rstrip("/") for p in found}


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    made = Rows(tmp_path)
    yield made
    made.writer.close()


def redirects(**targets: str) -> Entry:
    aliases = tuple(Alias(CONFIG, f"/{k}", t, 1) for k, t in sorted(targets.items()))
    return Entry(source=CONFIG, aliases=aliases)


def test_a_way_has_a_longest_length(rows: Rows) -> None:
    chain = {f"s{n}": f"/s{n + 1}/" for n in range(STEPS)}
    write(rows.writer, redirects(**chain), page(f"s{STEPS}"), whole=True)
    assert rows.lead("/s0") == f"/s{STEPS}/"
    write(rows.writer, redirects(s="/s0/", **chain), page(f"s{STEPS}"), whole=True)
    assert rows.lead("/s") is None
    assert rows.lead("/s1") == f"/s{STEPS}/"


def test_the_configuration_comes_before_documents_and_the_lowest_source_first(rows: Rows) -> None:
    write(rows.writer, page("b", aliases=("/x",)), page("a", aliases=("/x",)), whole=True)
    assert rows.lead("/x") == "/a/"
    write(rows.writer, redirects(x="/b/"), commit="c2")
    assert rows.lead("/x") == "/b/"


def test_what_is_hidden_leads_nowhere_and_hides_nothing(rows: Rows) -> None:
    over = page("b", aliases=("/x",), shown_until=NOW)
    write(rows.writer, over, page("a", aliases=("/x",)), whole=True)
    assert rows.lead("/x") == "/a/"
    write(rows.writer, replace(over, aliases=(Alias(over.source, "/y"),)), commit="c2")
    assert rows.lead("/y") is None


def test_a_page_that_goes_can_close_a_circle_of_redirects_that_stay(rows: Rows) -> None:
    redirected = redirects(a="/b/", b="/a/")
    write(rows.writer, redirected, page("b"), whole=True)
    assert rows.circles() == set()
    write(rows.writer, removed=(page("b").source,), commit="c2")
    assert rows.circles() == {"/a", "/b"}
    write(rows.writer, page("b"), commit="c3")
    assert rows.circles() == set()


NAMES = st.sampled_from("abcde")
TABLES = st.dictionaries(NAMES, NAMES, max_size=5)


def ends(table: dict[str, str], pages: set[str], start: str) -> str | None:
    """The rule in plain words: follow until a page, or until nothing or the same comes again."""
    seen, at = {start}, table.get(start)
    while at is not None:
        if at in pages or at not in table:
            return f"/{at}/"
        if at in seen:
            return None
        seen.add(at)
        at = table[at]
    return None


def circle(table: dict[str, str], pages: set[str], start: str) -> bool:
    at = table.get(start)
    for _ in table:
        if at is None or at in pages:
            return False
        if at == start:
            return True
        at = table.get(at)
    return False


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(TABLES, TABLES, st.sets(NAMES, max_size=2), st.sets(NAMES, max_size=2))
def test_circles_are_found_by_the_change_alone(
    rows: Rows,
    first: dict[str, str],
    second: dict[str, str],
    before: set[str],
    after: set[str],
) -> None:
    """Whatever came before, what is told is what a rebuild would tell."""

    def entry(table: dict[str, str]) -> Entry:
        return redirects(**{name: f"/{target}/" for name, target in table.items()})

    write(rows.writer, entry(first), *map(page, sorted(before)), whole=True)
    gone = tuple(page(name).source for name in "abcde")
    write(rows.writer, *map(page, sorted(after)), removed=gone)
    assert rows.circles() == {f"/{n}" for n in first if circle(first, after, n)}
    write(rows.writer, *map(page, sorted(before)), removed=gone)
    write(rows.writer, entry(second), *map(page, sorted(after)), removed=(*gone, CONFIG))
    assert rows.circles() == {f"/{n}" for n in second if circle(second, after, n)}
    assert {n: rows.lead(f"/{n}") for n in second} == {n: ends(second, after, n) for n in second}
