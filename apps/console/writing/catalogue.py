"""What the index of the served commit knows that helps to write: terms, sections, neighbours."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

from apps.console.node import ConsoleNode
from apps.console.writing.bounds import SUGGESTED
from apps.content.index import read_only
from apps.content.search.finding import find
from apps.content.slices import marks

SEARCHED = 200
"""Characters of a question."""


@dataclass(frozen=True, slots=True)
class Section:
    """`folder` is where its documents lie in the repository."""

    folder: str
    count: int


@contextmanager
def reading(node: ConsoleNode) -> Iterator[sqlite3.Connection]:
    """Raises sqlite3.Error where there is no index."""
    with closing(read_only(node.site().files)) as connection:
        yield connection


def terms(node: ConsoleNode, taxonomies: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """By taxonomy, the most used first."""
    found: dict[str, list[str]] = {each: [] for each in taxonomies}
    with reading(node) as connection:
        rows = connection.execute(
            f"SELECT taxonomy, min(name) FROM term WHERE taxonomy IN ({marks(taxonomies)})"  # noqa: S608
            " GROUP BY taxonomy, slug ORDER BY count(*) DESC, slug LIMIT ?",
            (*taxonomies, SUGGESTED),
        )
        for taxonomy, name in rows:
            found[taxonomy].append(name)
    return {each: tuple(names) for each, names in found.items()}


def folders(node: ConsoleNode) -> tuple[Section, ...]:
    """In which documents lie, the fullest first; of a bundle, the one that it lies in."""
    with reading(node) as connection:
        rows = connection.execute(
            "SELECT folder, count(*) FROM (SELECT CASE WHEN source LIKE '%/index.%'"
            " THEN rtrim(rtrim(dir, '/'), replace(rtrim(dir, '/'), '/', '')) ELSE dir END folder"
            " FROM (SELECT source, rtrim(source, replace(source, '/', '')) dir FROM document))"
            " GROUP BY folder ORDER BY count(*) DESC, folder LIMIT ?",
            (SUGGESTED,),
        ).fetchall()
    return tuple(Section(str(folder).rstrip("/"), int(count)) for folder, count in rows)


def neighbours(node: ConsoleNode, folder: str, most: int = 20) -> tuple[str, ...]:
    """Sources of documents in a folder or in a bundle of it, the newest first."""
    begin = f"{folder}/" if folder else ""
    with reading(node) as connection:
        rows = connection.execute(
            "SELECT source FROM document WHERE substr(source, 1, ?) = ?"
            " AND instr(replace(substr(source, ?), '/index.', ''), '/') = 0"
            " AND source NOT LIKE '%\\_index.%' ESCAPE '\\' ORDER BY date DESC, source LIMIT ?",
            (len(begin), begin, len(begin) + 1, most),
        ).fetchall()
    return tuple(str(row[0]) for row in rows)


def sources_below(node: ConsoleNode, folder: str) -> frozenset[str]:
    """Of all documents and files in a folder, whatever is below it."""
    begin = f"{folder}/"
    with reading(node) as connection:
        rows = connection.execute(
            "SELECT source FROM document WHERE substr(source, 1, ?1) = ?2"
            " UNION SELECT source FROM asset WHERE substr(source, 1, ?1) = ?2",
            (len(begin), begin),
        ).fetchall()
    return frozenset(str(row[0]) for row in rows)


def nameable(node: ConsoleNode, root: str) -> tuple[str, ...]:
    """What a field can name: pictures by their paths, then documents as `@/` has them."""
    with reading(node) as connection:
        pictures = connection.execute(
            "SELECT source FROM asset WHERE type LIKE 'image/%' OR source LIKE '%.svg'"
            " ORDER BY source LIMIT ?",
            (SUGGESTED,),
        ).fetchall()
        documents = connection.execute(
            "SELECT source FROM document WHERE substr(source, 1, ?) = ? ORDER BY source LIMIT ?",
            (len(root), root, SUGGESTED),
        ).fetchall()
    named = (f"@/{str(source)[len(root) :]}" for (source,) in documents)
    return (*(str(source) for (source,) in pictures), *named)


def branch(node: ConsoleNode) -> str:
    """That the index is of; empty where it is of none."""
    with suppress(sqlite3.Error), reading(node) as connection:
        row = connection.execute("SELECT branch FROM pointer").fetchone()
        return str(row[0]) if row else ""
    return ""


def searched(node: ConsoleNode, text: str) -> tuple[str, ...]:
    """Sources of the documents that have the words, whoever may read them; the best ones."""
    with reading(node) as connection:
        found, _ = find(connection.execute, text[:SEARCHED])
        return tuple(hit.document.source for hit in found.hits)


def anywhere(node: ConsoleNode) -> tuple[str, ...]:
    """Sources of the newest documents."""
    with reading(node) as connection:
        rows = connection.execute("SELECT source FROM document ORDER BY date DESC, source LIMIT 5")
        return tuple(str(row[0]) for row in rows)
