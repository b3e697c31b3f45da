import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from apps.content import renderings
from apps.content.entries import Entry
from apps.content.files import ContentFiles
from apps.content.index import Index
from apps.content.index_writer import IndexWriter
from apps.content.listings import IndexedDocument, Listing, ListQuery, Section
from apps.content.queries.names import order_named
from apps.content.queries.tree import has_term
from apps.content.reader import NotAsked
from apps.content.renderings import Body, Rendering, Source
from tests.content.entries import RENDERER, asset, files, kept, page, section, write

Facts = list[tuple[str, str, str]]


class Made:
    """An index with these entries, to ask, and the facts of what was asked."""

    def __init__(self, folder: Path) -> None:
        self.files = files(folder)
        self.writer = IndexWriter(self.files)
        renderings.connect(self.files.renderings).close()
        self.index = Index(self.files)
        self.facts: Facts = []

    def write(self, *entries: Entry, commit: str = "c1", removed: tuple[str, ...] = ()) -> None:
        write(self.writer, *entries, commit=commit, removed=removed or None)

    def render(self, entry: Entry, html: str, *links: str) -> None:
        assert entry.document
        with closing(renderings.connect(self.files.renderings)) as connection:
            key = (entry.document.blob, entry.document.markup, RENDERER)
            renderings.store(connection, [Rendering(*key, Body(html, links))])

    def record(self, kind: str, asked: str, answer: str) -> None:
        self.facts.append((kind, asked, answer))

    def document(self, url: str) -> IndexedDocument | None:
        with self.index.snapshot(self.record) as reader:
            return reader.document(url, RENDERER)

    def ask(self, kind: str, asked: str) -> str:
        with self.index.snapshot(self.record) as reader:
            return reader.ask(kind, asked)

    def alias(self, key: str) -> str | None:
        with self.index.snapshot(self.record) as reader:
            return reader.alias(key)

    def asset(self, url: str) -> tuple[str, int] | None:
        with self.index.snapshot(self.record) as reader:
            return reader.asset(url)

    def listing(self, page: int = 1, **query: Any) -> Listing:
        with self.index.snapshot(self.record) as reader:
            return reader.listing(ListQuery(**query), page)

    def titles(self, **query: Any) -> list[str]:
        return [item.title for item in self.listing(**query).items]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    site = Made(tmp_path)
    yield site
    site.writer.close()


def test_a_document_answers_at_its_url_with_all_that_a_page_needs(made: Made) -> None:
    made.write(
        page("posts/a", tags=("Rust", "cms"), authors='["Ada"]', front='{"x": [1]}', updated="u")
    )
    found = made.document("/posts/a/")
    assert found is not None
    assert (found.source, found.kind, found.section) == ("content/posts/a.md", "page", "posts")
    assert (found.authors, found.front, found.updated) == (("Ada",), {"x": [1]}, "u")
    assert found.terms == (("tags", "rust", "Rust"), ("tags", "cms", "cms"))
    assert found.body is None


def test_a_body_that_is_rendered_comes_with_the_document(made: Made) -> None:
    entry = page("a")
    made.write(entry)
    made.render(entry, "<p>x", "b.md")
    found = made.document("/a/")
    assert found is not None
    assert found.body == Body("<p>x", ("b.md",))


@pytest.mark.parametrize("url", ["/a", "/A/", "/b/", "", "/a/ ", "/%"])
def test_only_the_exact_url_answers(made: Made, url: str) -> None:
    made.write(page("a"))
    assert made.document(url) is None


def test_of_two_documents_for_one_url_the_lowest_source_answers(made: Made) -> None:
    made.write(page("a", source="content/b.md"), page("a", source="content/a.md"))
    found = made.document("/a/")
    assert found is not None
    assert found.source == "content/a.md"


def test_everything_handed_out_is_recorded_and_absence_too(made: Made) -> None:
    made.write(page("a"), asset("content/x.png"))
    made.document("/a/")
    made.document("/b/")
    made.alias("/c")
    made.asset("/x.png")
    made.asset("/y.png")
    assert made.facts == [
        ("document", "/a/", made.ask("document", "/a/")),
        ("document", "/b/", ""),
        ("alias", "/c", ""),
        ("asset", "/x.png", f"{'a' * 40}:3"),
        ("asset", "/y.png", ""),
    ]


def test_a_fact_can_be_asked_again_and_has_the_same_answer_until_something_of_it_changes(
    made: Made,
) -> None:
    made.write(page("a", tags=("x",)), page("posts/b", aliases=("/old",)), asset("content/x.png"))
    made.document("/a/")
    made.alias("/old")
    made.asset("/x.png")
    made.listing(where=has_term("tags", "x"), page_size=2)
    made.listing(section="posts", order=(order_named("title"),))
    with made.index.snapshot(made.record) as reader:
        reader.sections()
        reader.targets(["content/a.md", "content/none.md"])
    facts = list(made.facts)
    assert [made.ask(kind, asked) for kind, asked, _ in facts] == [answer for *_, answer in facts]
    assert made.facts == facts, "asking again is no reading"
    made.write(page("a", tags=("y",)), removed=("content/a.md",))
    moved = {(kind, asked) for kind, asked, answer in facts if made.ask(kind, asked) != answer}
    assert moved == {("document", "/a/"), *((k, a) for k, a, _ in facts if "tags" in a)}


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other"},
        {"description": "other"},
        {"date": "2026-02-02T00:00:00Z"},
        {"updated": "2026-02-02T00:00:00Z"},
        {"authors": '["Eve"]'},
        {"front": '{"x": 2}'},
        {"tags": ("other",)},
        {"text": "another text"},
        {"visibility": "draft"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_fact_of_a_document_covers_whatever_a_page_can_show(
    made: Made, change: dict[str, Any]
) -> None:
    made.write(page("a"))
    before = made.ask("document", "/a/")
    made.write(page("a", **change), removed=("content/a.md",))
    assert made.ask("document", "/a/") != before


def test_what_is_no_fact_of_the_index_cannot_be_asked(made: Made) -> None:
    with pytest.raises(NotAsked):
        made.ask("header", "accept-language")


def test_a_moment_is_when_something_more_can_be_read(made: Made) -> None:
    def around(now: str) -> tuple[str | None, str | None]:
        with made.index.snapshot(made.record, now) as reader:
            return reader.last_moment(), reader.next_moment()

    later, latest = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"
    made.write(
        page("a"),
        page("b", shown_from=later),
        page("c", shown_from=latest),
        page("d", shown_from="~"),
    )
    assert around("2026-01-15T00:00:00Z") == (None, later)
    assert around(later) == (later, latest)
    assert around(latest) == (latest, None)


def test_an_alias_leads_to_the_document_of_the_lowest_source(made: Made) -> None:
    made.write(page("b", aliases=("/old",)), page("a", aliases=("/old",)))
    assert made.alias("/old") == "/a/"
    assert made.alias("/old/") is None


@pytest.mark.parametrize("visibility", ["draft", "private"])
def test_an_alias_does_not_tell_of_a_hidden_document(made: Made, visibility: str) -> None:
    made.write(page("a", aliases=("/old",), visibility=visibility))
    assert made.alias("/old") is None


def test_an_asset_is_found_by_its_url(made: Made) -> None:
    made.write(asset("content/posts/x.png", blob="f" * 40, size=7))
    assert made.asset("/posts/x.png") == ("f" * 40, 7)
    assert made.asset("/x.png") is None


def test_an_asset_of_a_bundle_answers_below_its_document_too(made: Made) -> None:
    made.write(
        page("hello", source="content/posts/2024-03-01-hello/index.md", url="/posts/hello/"),
        asset("content/posts/2024-03-01-hello/x.png", size=7),
    )
    assert made.asset("/posts/hello/x.png") == ("a" * 40, 7)
    assert made.asset("/posts/hello/") is None


def test_a_list_shows_public_pages_newest_first(made: Made) -> None:
    made.write(
        page("old", date="2020"),
        page("new", date="2024"),
        page("hidden", visibility="draft"),
        section("posts"),
    )
    assert made.titles() == ["New", "Old"]
    assert made.titles(order=(order_named("date"),)) == ["Old", "New"]
    assert made.titles(order=(order_named("title"),)) == ["New", "Old"]


@pytest.mark.parametrize("order", ["-date", "date", "title", "url"])
def test_among_equals_the_source_decides(made: Made, order: str) -> None:
    same = [page("x", source=f"content/{n}.md", description=n) for n in "cab"]
    made.write(*same)
    listed = made.listing(order=(order_named(order),)).items
    assert [item.description for item in listed] == ["a", "b", "c"]


def test_a_list_has_pages(made: Made) -> None:
    made.write(*(page(f"p{n}", date=f"{n}") for n in range(5)))
    first, last = made.listing(page_size=2), made.listing(3, page_size=2)
    assert [item.title for item in first.items] == ["P4", "P3"]
    assert [item.title for item in last.items] == ["P0"]
    assert (first.pages, first.total, last.page) == (3, 5, 3)
    assert made.listing(4, page_size=2).items == ()


def test_an_empty_list_has_one_page(made: Made) -> None:
    made.write(page("a"))
    empty = made.listing(section="nowhere")
    assert (empty.items, empty.page, empty.pages, empty.total) == ((), 1, 1, 0)


def test_a_section_lists_its_own_pages(made: Made) -> None:
    made.write(page("posts/a"), page("posts/deep/b"), page("c"), page("posts-2/d"))
    assert made.titles(section="posts") == ["A"]
    assert made.titles(section="") == ["C"]


def test_a_section_without_pages_of_its_own_lists_all_below(made: Made) -> None:
    made.write(page("posts/2024/a"), page("posts/2025/b"), page("posts2/c"), page("posts/-/d"))
    assert sorted(made.titles(section="posts")) == ["A", "B", "D"]
    assert len(made.titles(section="")) == 4


@pytest.mark.parametrize("name", ["x%", "x_", "x'", 'x"', "日本"])
def test_signs_that_sql_knows_mean_nothing_in_a_section(made: Made, name: str) -> None:
    made.write(page(f"{name}/deep/a"), page("xy/deep/b"))
    assert made.titles(section=name) == ["A"]


def test_a_term_lists_its_documents_under_the_name_they_give_it(made: Made) -> None:
    made.write(page("a", tags=("Rust",)), page("b", tags=("rust", "x")), page("c"))
    found = made.listing(where=has_term("tags", "rust"))
    assert (sorted(item.title for item in found.items), found.name) == (["A", "B"], "Rust")
    assert made.listing(where=has_term("topics", "rust")).total == 0


def test_a_hidden_document_does_not_name_a_term(made: Made) -> None:
    made.write(page("a", tags=("RUST",), visibility="draft"), page("b", tags=("Rust",)))
    assert made.listing(where=has_term("tags", "rust")).name == "Rust"


def test_the_fact_of_a_list_changes_when_anything_on_it_does(made: Made) -> None:
    answers = set()
    for number, entry in enumerate(
        [
            page("a", tags=("t",)),
            page("a", tags=("t",), title="Other"),
            page("a", tags=("t",), front='{"x":1}'),
            page("a", tags=("T",)),
            page("a", tags=("t",), date="2030"),
        ]
    ):
        made.write(entry, commit=f"c{number}")
        made.listing(where=has_term("tags", "t"))
        answers.add(made.facts[-1])
    assert len(answers) == 5


def test_links_are_resolved_to_documents_and_assets(made: Made) -> None:
    made.write(page("a"), asset("content/x.png"))
    with made.index.snapshot(made.record) as reader:
        found = reader.targets(["content/a.md", "content/x.png", "content/none.md"])
        assert reader.targets([]) == {}
    assert found == {"content/a.md": "/a/", "content/x.png": "/x.png"}
    assert ("link", "content/none.md", "") in made.facts


def test_a_document_may_have_more_links_than_sqlite_has_variables(made: Made) -> None:
    made.write(page("a"))
    many = [f"content/{n}.md" for n in range(20_000)]
    with made.index.snapshot(made.record) as reader:
        assert reader.targets(["content/a.md", *many]) == {"content/a.md": "/a/"}


def test_sections_are_those_with_a_visible_document(made: Made) -> None:
    made.write(section("b"), section("a"), section("hidden", visibility="draft"), page("x"))
    with made.index.snapshot(made.record) as reader:
        assert reader.sections() == [Section("A", "/a/", "a"), Section("B", "/b/", "b")]


def test_the_front_page_is_no_section(made: Made) -> None:
    made.write(section("a"), page("", source="content/_index.md", kind="section", url="/"))
    with made.index.snapshot(made.record) as reader:
        assert [each.url for each in reader.sections()] == ["/a/"]


def test_one_snapshot_sees_one_commit(made: Made) -> None:
    made.write(page("a"), commit="c1")
    with made.index.snapshot(made.record) as reader:
        assert reader.commit() == "c1"
        made.write(page("b"), commit="c2")
        assert reader.commit() == "c1"
        assert reader.document("/b/", RENDERER) is None
    with made.index.snapshot(made.record) as reader:
        assert reader.commit() == "c2"


def test_a_question_that_fails_leaves_the_connection_usable(made: Made) -> None:
    made.write(page("a"))

    def refuse(*fact: str) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError), made.index.snapshot(refuse) as reader:
        reader.document("/a/", RENDERER)
    assert made.document("/a/") is not None


def test_nothing_can_be_written_through_it(made: Made) -> None:
    made.write(page("a"))
    with made.index.snapshot(made.record) as reader:
        for table in ("document", "cache.rendering"):
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                reader._execute(f"DELETE FROM {table}")


def test_every_thread_has_a_connection_of_its_own(made: Made) -> None:
    made.write(page("a"))
    found: list[IndexedDocument | None] = []
    ask: Callable[[], None] = lambda: found.append(made.document("/a/"))  # noqa: E731
    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.source for each in found if each] == ["content/a.md"] * 4


def gone(places: ContentFiles) -> None:
    for path in places.index.parent.glob("index.sqlite3*"):
        path.unlink()


def test_an_index_that_was_replaced_is_opened_again(made: Made) -> None:
    made.write(page("a"))
    assert made.document("/a/") is not None
    made.writer.close()
    gone(made.files)
    made.writer = IndexWriter(made.files)
    made.write(page("b"))
    assert made.document("/a/") is None
    assert made.document("/b/") is not None


def test_a_reader_gets_over_an_index_that_was_missing_for_a_while(made: Made) -> None:
    made.write(page("a"))
    assert made.document("/a/") is not None
    made.writer.close()
    gone(made.files)
    with pytest.raises(sqlite3.OperationalError):
        made.document("/a/")
    for _ in range(20):
        made.writer = IndexWriter(made.files)
        made.write(page("b"))
        assert made.document("/b/") is not None
        made.writer.close()
        gone(made.files)
        with pytest.raises(sqlite3.OperationalError):
            made.document("/b/")
    made.writer = IndexWriter(made.files)


def test_the_kept_files_and_the_pointer_can_be_read(made: Made) -> None:
    assert made.index.pointer() is None
    made.write(kept("config.toml", b"x"), page("a"))
    pointer = made.index.pointer()
    assert pointer is not None
    assert (pointer.commit_id, made.index.kept()) == ("c1", {"config.toml": b"x"})


def test_what_is_not_rendered_yet_is_named_newest_first_and_once_a_blob(made: Made) -> None:
    rendered = page("done", date="2029")
    made.write(
        rendered,
        page("old", date="2020", text="é"),
        page("new", date="2024"),
        page("copy", date="2010", blob="blob-of-new-text"),
    )
    made.render(rendered, "x")
    found = made.index.without_rendering(RENDERER, 10)
    assert found == [
        Source("blob-of-new-text", "commonmark", "text"),
        Source("blob-of-old-é", "commonmark", "é"),
    ]
    assert len(made.index.without_rendering(RENDERER, 1)) == 1
    assert len(made.index.without_rendering("another renderer", 10)) == 3


def test_when_nothing_was_missing_only_new_rows_are_looked_at(made: Made) -> None:
    old, new = page("old"), page("new")
    made.write(old)
    made.render(old, "x")
    assert made.index.without_rendering(RENDERER, 10) == []
    made.write(new, page("old", text="edited"), commit="c2")
    assert len(made.index.without_rendering(RENDERER, 10)) == 2
    made.render(new, "x")
    assert [source.path for source in made.index.without_rendering(RENDERER, 10)] == [
        "blob-of-old-edited"
    ]
    assert len(made.index.without_rendering("another renderer", 10)) == 2
