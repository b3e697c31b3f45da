import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from apps.content import renderings
from apps.content.renderings import Body, Rendering, decode


def rendering(html: str, *, blob: str = "b1", links: tuple[str, ...] = ()) -> Rendering:
    return Rendering(blob, "commonmark", "r1", Body(html, links))


def stored(path: Path) -> list[tuple[str, Body]]:
    with closing(renderings.connect(path)) as connection:
        rows = connection.execute("SELECT blob, html, links FROM rendering ORDER BY blob")
        return [(blob, decode(html, links)) for blob, html, links in rows]


def test_a_body_is_found_again_with_its_links(tmp_path: Path) -> None:
    with closing(renderings.connect(tmp_path / "new" / "cache")) as connection:
        renderings.store(connection, [rendering("<p>é", links=("a.md", "b c.png"))])
    assert stored(tmp_path / "new" / "cache") == [("b1", Body("<p>é", ("a.md", "b c.png")))]


def test_of_one_blob_the_last_rendering_stays(tmp_path: Path) -> None:
    with closing(renderings.connect(tmp_path / "cache")) as connection:
        renderings.store(connection, [rendering("old"), rendering("x", blob="b2")])
        renderings.store(connection, [rendering("new")])
        renderings.store(connection, [])
    assert stored(tmp_path / "cache") == [("b1", Body("new")), ("b2", Body("x"))]


def test_all_are_stored_or_none(tmp_path: Path) -> None:
    with closing(renderings.connect(tmp_path / "cache")) as connection:
        with pytest.raises(UnicodeEncodeError):
            renderings.store(connection, [rendering("fine"), rendering("\ud800", blob="b2")])
        renderings.store(connection, [rendering("after", blob="b3")])
    assert stored(tmp_path / "cache") == [("b3", Body("after"))]


@pytest.mark.parametrize("content", [b"", b"not a database" * 500])
def test_a_damaged_cache_is_replaced_by_an_empty_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cache").write_bytes(content)
    assert stored(tmp_path / "cache") == []


def test_a_cache_that_somebody_is_writing_to_is_not_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderings, "BUSY_SECONDS", 0.01)
    path = tmp_path / "cache"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE precious (x)")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError):
            renderings.connect(path)
        other.execute("COMMIT")
    with closing(sqlite3.connect(path)) as after:
        assert after.execute("SELECT count(*) FROM precious").fetchone() == (0,)
