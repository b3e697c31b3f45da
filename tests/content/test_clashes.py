import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content import clashes
from apps.content.entries import Entry
from apps.content.index_writer import IndexWriter
from apps.content.schema import connect
from tests.content.entries import asset, files, page, write

SOURCES = [f"content/{name}.md" for name in "abcd"]
URLS = ["/x/", "/X/", "/y/"]
STATE = st.one_of(
    st.none(),
    st.sampled_from(URLS).map(lambda url: lambda source: page("p", source=source, url=url)),
    st.sampled_from(URLS).map(lambda url: lambda source: asset(source, url=url)),
)
COMMIT = st.fixed_dictionaries({}, optional=dict.fromkeys(SOURCES, STATE))


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[IndexWriter]:
    with closing(IndexWriter(files(tmp_path))) as made:
        yield made


def two(url: str = "/x/") -> tuple[Entry, Entry]:
    return page("p", source=SOURCES[0], url="/x/"), page("p", source=SOURCES[1], url=url)


def test_a_clash_ends_when_either_side_goes(writer: IndexWriter) -> None:
    for gone in SOURCES[:2]:
        write(writer, *two())
        assert [problem.path for problem in writer.clashes()] == [SOURCES[1]]
        write(writer, removed=(gone,))
        assert writer.clashes() == []
        write(writer, whole=True)


def test_a_clash_follows_the_one_that_moves_away(writer: IndexWriter) -> None:
    write(writer, *two())
    write(writer, page("p", source=SOURCES[0], url="/elsewhere/"))
    assert writer.clashes() == []
    write(writer, page("p", source=SOURCES[2], url="/X/"))
    assert [(p.path, p.code) for p in writer.clashes()] == [(SOURCES[2], "document.url-case")]


def test_a_change_that_fails_leaves_the_clashes_too(writer: IndexWriter) -> None:
    write(writer, *two())
    before = writer.clashes()
    twice = page("q", source=SOURCES[2])
    with pytest.raises(sqlite3.IntegrityError):
        write(writer, twice, twice, removed=(SOURCES[0],))
    assert writer.clashes() == before


@settings(max_examples=60, deadline=None)
@given(st.lists(COMMIT, min_size=1, max_size=6))
def test_what_is_kept_is_what_would_be_found_anew(commits: list[dict[str, object]]) -> None:
    with TemporaryDirectory() as folder, closing(IndexWriter(files(Path(folder)))) as writer:
        for commit in commits:
            entries = [make(source) for source, make in commit.items() if callable(make)]
            write(writer, *entries, removed=tuple(commit))
        kept = writer.clashes()
        with closing(connect(files(Path(folder)).index)) as connection:
            clashes.settle_all(connection)
            assert clashes.listed(connection) == kept
