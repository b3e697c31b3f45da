import re
import sqlite3
from pathlib import Path

import pytest

from apps.content import schema, searched
from apps.content.models import ALL

OF_FTS5 = re.compile(r"_(config|content|data|docsize|idx)$")


def tables(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {str(name) for (name,) in rows} - {"sqlite_sequence"}


def made(path: Path) -> Path:
    schema.connect(path).close()
    return path


def with_a_row(path: Path) -> Path:
    connection = schema.connect(path)
    connection.execute("INSERT INTO alias (source, url, target, line) VALUES ('s', 'u', '', 1)")
    connection.close()
    return path


def rows(path: Path) -> int:
    connection = schema.connect(path)
    found = connection.execute("SELECT count(*) FROM alias").fetchone()[0]
    connection.close()
    return int(found)


def test_a_new_file_has_a_table_for_every_model_and_those_of_search(tmp_path: Path) -> None:
    connection = schema.connect(tmp_path / "new" / "index.sqlite3")
    found = {name for name in tables(connection) if not OF_FTS5.search(name)}
    assert found == {model._meta.db_table for model in ALL} | set(searched.TABLES)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_current_file_keeps_its_rows(tmp_path: Path) -> None:
    path = with_a_row(tmp_path / "index")
    assert schema.is_current(path)
    assert rows(path) == 1


def test_other_words_of_the_same_documents_make_another_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = searched.definitions()
    monkeypatch.setattr(searched, "VERSION", searched.VERSION + 1)
    assert set(before).isdisjoint(searched.definitions())
    assert set(before) <= set(schema.definitions())


def test_a_file_of_another_shape_is_made_anew(tmp_path: Path) -> None:
    path = with_a_row(tmp_path / "index")
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {schema.version() - 1}")
    connection.close()
    assert not schema.is_current(path)
    assert rows(path) == 0
    assert schema.is_current(path)


@pytest.mark.parametrize(
    "content", [b"", b"not a database" * 500, b"SQLite format 3\0" + b"x" * 99]
)
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "index"
    path.write_bytes(content)
    assert not schema.is_current(path)
    assert rows(path) == 0


def test_a_file_without_tables_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "index"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {schema.version()}")
    connection.execute("CREATE TABLE x (y)")
    connection.close()
    assert not schema.is_current(path)
    assert rows(path) == 0


def test_a_missing_file_is_not_current_and_is_not_made_by_asking(tmp_path: Path) -> None:
    assert not schema.is_current(tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_a_path_with_signs_that_urls_know_is_a_path(tmp_path: Path) -> None:
    path = made(tmp_path / "a ?mode=rw#x%20y" / "index")
    assert schema.is_current(path)


def test_discarding_takes_the_journal_with_it(tmp_path: Path) -> None:
    path = tmp_path / "index"
    for name in ("index", "index-wal", "index-shm"):
        (tmp_path / name).write_bytes(b"x")
    schema.discard(path)
    schema.discard(path)
    assert list(tmp_path.iterdir()) == []


def test_the_version_follows_the_definitions() -> None:
    assert 0 < schema.version() < 2**31
    assert all(text.startswith("CREATE ") for text in schema.definitions())


def test_every_search_of_the_read_half_has_its_index() -> None:
    found = {text.split('"')[1] for text in schema.definitions() if text.startswith("CREATE INDEX")}
    assert {"document_url", "document_section", "document_kind", "term_slug"} <= found
