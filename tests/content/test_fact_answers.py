"""Whatever column of the index is handed out is part of what stands for it as a fact: a response
that is kept by its facts would show an old value of one that was forgotten."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from django.db.models import IntegerField

from apps.content import models, renderings
from apps.content.entries import Entry
from apps.content.files import ContentFiles
from apps.content.index_writer import IndexWriter
from apps.content.listings import ListQuery
from apps.content.queries.tree import has_term
from apps.content.reader import Kind, NotAsked, Reader
from tests.content.entries import RENDERER, asset, files, page, section, write

NOW = "2026-06-01T00:00:00Z"
TABLES = (models.Document, models.MenuItem, models.Alias, models.Term, models.Asset)
"""All that a page can show; an original is named by its document's blob."""
OTHER = {"authors": '["Eve"]', "front": '{"x": 2}', "shown_from": "~", "shown_until": "2026-05-01"}
Question = Callable[[Reader], object]


def listed(query: ListQuery) -> Question:
    def ask(reader: Reader) -> object:
        listing = reader.listing(query, 1)
        return listing, reader.bodies([item.source for item in listing.items], RENDERER)

    return ask


def looked(text: str) -> Question:
    return lambda reader: reader.search(text, 1, 10, "en")


def beside(question: Callable[[Reader, Any], object]) -> Question:
    def ask(reader: Reader) -> object:
        document = reader.document("/posts/b/", RENDERER)
        return question(reader, document) if document else None

    return ask


QUESTIONS: dict[str, tuple[Question, ...]] = {
    "document": (
        lambda reader: reader.document("/posts/a/", RENDERER),
        lambda reader: reader.document("/posts/", RENDERER),
    ),
    "alias": (lambda reader: reader.alias("/old"), lambda reader: reader.alias("/older")),
    "asset": (
        lambda reader: reader.asset("/posts/a.png"),
        lambda reader: reader.asset("/bundle/b.png"),
    ),
    "targets": (lambda reader: reader.targets(["content/posts/a.md", "content/posts/a.png"]),),
    "listing": (
        listed(ListQuery()),
        listed(ListQuery(section="posts")),
        listed(ListQuery(section="")),
        listed(ListQuery(where=has_term("tags", "x"))),
        listed(ListQuery(brief=True)),
    ),
    "sections": (lambda reader: reader.sections(),),
    "pictures": (lambda reader: reader.pictures(["content/posts/a.png", "/posts/a.png"]),),
    "pictures_of": (lambda reader: reader.pictures_of("a" * 40),),
    "neighbours": (beside(lambda reader, document: reader.neighbours(document)),),
    "related": (beside(lambda reader, document: reader.related(document, 5)),),
    "below": (lambda reader: reader.below(""), lambda reader: reader.below("posts")),
    "filed": (lambda reader: reader.filed("tags"),),
    "search": tuple(
        map(looked, ("a", "tag:x", "section:posts path:b", "author:ada", "no such word", "lang:en"))
    ),
}
"""By the method of the reader that answers."""
NO_QUESTIONS = {
    "ask": "asks again",
    "commit": "which index it is",
    "original": "named by the blob of a document, whose fact is there",
    "bodies": "asked together with lists, whose facts are there",
    "menu_lines": "on every page alike: another version of the site where one differs",
    "next_moment": "ends what is shown alike",
    "last_moment": "tells the date of what is shown alike",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ContentFiles:
    found = files(tmp_path_factory.mktemp("index"))
    renderings.connect(found.renderings).close()
    write(IndexWriter(found), *entries(), removed=())
    return found


def entries() -> Iterator[Entry]:
    yield page("posts/a", tags=("X", "Y"), aliases=("/old",), authors='["Ada"]', front='{"x": 1}')
    for name in ("posts/b", "posts/c", "posts/deep/d"):
        yield page(name, tags=("X",))
    yield page("bundle", source="content/bundle/index.md")
    yield section("posts")
    yield section("posts/deep")
    yield page("away", aliases=("/older",))
    yield asset("content/posts/a.png")
    yield asset("content/bundle/b.png", blob="b" * 40)


@pytest.fixture
def connection(made: ContentFiles) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(made.index, isolation_level=None)) as opened:
        opened.execute("ATTACH DATABASE ? AS cache", (str(made.renderings),))
        yield opened


def answered(connection: sqlite3.Connection, question: Question) -> tuple[object, dict[Any, str]]:
    """What is handed out, and the facts that stand for it."""
    facts: dict[Any, str] = {}

    def record(kind: str, asked: str, answer: str) -> None:
        facts[kind, asked] = answer

    return question(Reader(connection, record, NOW)), facts


def test_every_question_and_every_kind_of_fact_is_looked_at_here(
    connection: sqlite3.Connection,
) -> None:
    asked = {name for name in vars(Reader) if not name.startswith("_")}
    assert asked == QUESTIONS.keys() | NO_QUESTIONS.keys()
    kinds = {
        kind for each in QUESTIONS.values() for q in each for kind, _ in answered(connection, q)[1]
    }
    assert kinds == set(Kind)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_fact_asked_again_has_the_same_answer(connection: sqlite3.Connection, name: str) -> None:
    for question in QUESTIONS[name]:
        handed, facts = answered(connection, question)
        assert handed and facts
        again = Reader(connection, lambda *_: None, NOW)
        assert {key: again.ask(*key) for key in facts} == facts


def test_what_nobody_knows_to_ask_is_said() -> None:
    with closing(sqlite3.connect(":memory:")) as empty, pytest.raises(NotAsked):
        Reader(empty, lambda *_: None, NOW).ask("phase of the moon", "")


COLUMNS = [
    pytest.param(model, field, id=f"{model._meta.db_table}.{field.column}")
    for model in TABLES
    for field in model._meta.concrete_fields
    if not field.primary_key
]


@pytest.mark.parametrize(("model", "field"), COLUMNS)
def test_no_column_changes_what_is_shown_without_a_fact(
    connection: sqlite3.Connection, model: Any, field: Any
) -> None:
    table, column = model._meta.db_table, field.column
    before = {name: [answered(connection, q) for q in each] for name, each in QUESTIONS.items()}
    other: Any = 7 if isinstance(field, IntegerField) else OTHER.get(column, "other")
    for (row,) in connection.execute(f"SELECT id FROM {table}").fetchall():
        connection.execute("BEGIN")
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (other, row))
        for name, each in QUESTIONS.items():
            for (handed, facts), question in zip(before[name], each, strict=True):
                now, _ = answered(connection, question)
                again = Reader(connection, lambda *_: None, NOW)
                held = all(again.ask(*key) == answer for key, answer in facts.items())
                assert now == handed or not held, f"{name} shows {table}.{column}, its facts do not"
        connection.execute("ROLLBACK")
