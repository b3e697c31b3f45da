"""Whatever a visitor types is a query: never an error, never the syntax of FTS5 or SQL, and
bounded."""

import re
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.content.search import matching
from apps.content.search.bounds import MARKED, PREFIXES, TERMS, TEXT, WORD
from apps.content.search.decoding import decode, taxonomies_in, words_of
from apps.content.search.finding import find
from tests.content.entries import write
from tests.content.search.finding import NOW, Searched, connection, said, writer
from tests.tables import each_of

SIGNS = [
    *("AND", "OR", "NOT", "NEAR", "NEAR(", "NEAR(a b)", "NEAR/3", 'NEAR("a" "b", 3)', "a AND", "^"),
    *('"', '""', '"""', "'", "''", '"a', 'a"', '"a" "', "(", ")", "((", "a)", "{a b} : c", "{"),
    *(
        "title:",
        "title : a",
        "-title:a",
        "body:a",
        "search:a",
        "rank:1",
        "rowid:1",
        "* ",
        "*a",
        "**",
    ),
    *("+", "a + b", "a+b", "^a", "a^", "-", "--", "---", "- a", "-*", "-(", ":", "::", ":a", "a:"),
    *(";", "--;", "/*", "*/", "%", "_", "\\", "`", "\x00", "a\x00b", "\x1a", "\ud800", "\udfff a"),
    *(
        "\u202e\u202d",
        "\u2028",
        "\ufeff",
        "\u200b",
        "\ufdd0",
        "\u0301",
        "e\u0301\u0301",
        "\U0001f44d",
    ),
    *(
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u0627\u0644\u0646\u0647\u0631",
        "\u05e0\u05d4\u05e8",
    ),
    *("'; DROP TABLE search; --", "1 OR 1=1", "UNION SELECT", "x' OR 'x'='x", "search MATCH 'a'"),
    *(
        "tag:",
        "tag:-",
        'tag:"',
        "tag:\x00",
        "before:",
        "before:9999",
        "before:0000",
        "before:2024-13",
    ),
    *(
        "before:2024-02-30",
        "after:\u0662\u0660\u0662\u0664",
        "in:",
        "in:,",
        "in:title,body,nothing",
        "lang:",
    ),
    *(
        "section:../..",
        "section:%",
        "path:%",
        "path:\x00",
        'path:"',
        "type:'",
        "author:*",
        "author:-",
    ),
    *(
        "type:post tag:rust author:a before:2024",
        "a" * 10_000,
        "a " * 5_000,
        '"' * 10_000,
        "*" * 999,
    ),
    *("-" * 10_000, "a:" * 5_000, "(" * 10_000, "\u6771" * 10_000, "ab* " * 200, "tag:x " * 2_000),
]
PIECES = st.one_of(
    st.sampled_from(SIGNS),
    st.text(max_size=12),
    st.text(st.characters(categories=["P", "S", "Z", "C", "M"]), max_size=6),
    st.sampled_from(["river", "mill", "tag:", "-", '"', "*", "in:title", "path:", "author:"]),
)
QUERIES = st.lists(PIECES, max_size=8).map("".join) | st.lists(PIECES, max_size=8).map(" ".join)
SAFE = re.compile(r'(?:(?:\{[a-z ]+\} : )?"[^"]+"\*?(?: (?:AND|OR) |$))*')


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder = tmp_path_factory.mktemp("index")
    with writer(folder) as made:
        write(made, said("a", "a river b", tags=("x",)), said("b", "mill"), removed=())
    with connection(folder) as opened:
        yield opened


def look(index: sqlite3.Connection, text: str) -> None:
    query = decode(text, taxonomies_in(text), "en")
    assert len(query.terms) + len(query.without) <= TERMS
    for match in (matching.wanted(query), matching.unwanted(query)):
        assert SAFE.fullmatch(match), match
    for now in (NOW, None):
        hits, _ = find(index.execute, text, now=now)
        assert hits.total <= 2
        assert len(words_of(query.terms)) <= MARKED


@each_of("text", SIGNS)
def test_no_sign_is_syntax(index: sqlite3.Connection, text: str) -> None:
    for query in (text, f"river {text}", f"{text} river", f'-{text} "river {text}'):
        look(index, query)


@given(QUERIES)
@settings(max_examples=50, deadline=None)
def test_no_text_is_an_error(index: sqlite3.Connection, text: str) -> None:
    look(index, text)


@pytest.mark.long
@given(QUERIES)
@settings(max_examples=2_000, deadline=None)
def test_none_of_thousands_of_texts_is_an_error(index: sqlite3.Connection, text: str) -> None:
    look(index, text)


@given(QUERIES)
@settings(max_examples=50, deadline=None)
def test_the_same_text_is_the_same_query_and_no_word_of_it_is_long(text: str) -> None:
    query = decode(text)
    assert query == decode(text)
    assert all(len(word) <= WORD for term in query.terms for word in term.words.split())


def test_operators_are_words(index: sqlite3.Connection) -> None:
    searched = Searched(index)
    assert searched.found("river AND mill") == searched.found("river OR mill") == []
    assert searched.found("NOT river") == searched.found("NEAR(river") == []
    assert searched.found("{title} : river") == searched.found("rowid:1") == []


def test_what_is_more_than_the_bounds_is_not_read(index: sqlite3.Connection) -> None:
    searched = Searched(index)
    within = " ".join(["river", *(f"-w{n}" for n in range(TERMS - 1))])
    assert searched.found(within) == searched.found(f"{within} mill") == ["a"]
    assert searched.found(within.replace(f"-w{TERMS - 2}", "mill")) == []
    padded = "river".ljust(TEXT - 4)
    assert searched.found(f"{padded}mill") == []
    assert searched.found(f"{padded}    mill") == ["a"]
    assert len(decode("x" * (WORD + 1)).terms[0].words) == WORD
    stars = decode(" ".join(f"abc{n}*" for n in range(PREFIXES + 1))).terms
    assert [term.prefix for term in stars] == [True] * PREFIXES + [False]
    assert [term.prefix for term in decode("ab* abc*").terms] == [False, True]
