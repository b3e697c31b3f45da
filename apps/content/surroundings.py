"""What stands around a document: what comes before and after it, what is related to it, what is
below its section, the terms of a taxonomy. Asked only where a theme's route wants it.

Each question is one statement over indexes; each is told as a text, so that it can be asked again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from apps.content.entries import UNWEIGHTED
from apps.content.listings import IndexedDocument
from apps.content.moments import Execute, shown
from apps.content.rows import digest

RELATED_TERMS: Final = 12
"""Of one document that are looked at."""
RELATED_EACH: Final = 300
"""Documents of one term that are looked at, those with the last names."""
TERMS: Final = 5_000
"""Of one taxonomy that are listed."""

_BRIEF: Final = "d.title, d.url, d.date, d.description"
_LIST: Final = f"d.section = :section AND d.kind = 'page' AND {shown('d')}".replace("?", ":now")
_SEEKS: Final = (
    (
        "d.sticky = :sticky AND d.weight = :weight AND d.date = :date AND d.source > :source",
        "d.source",
    ),
    ("d.sticky = :sticky AND d.weight = :weight AND d.date < :date", "d.date DESC, d.source"),
    ("d.sticky = :sticky AND d.weight > :weight", "d.weight, d.date DESC, d.source"),
    ("d.sticky < :sticky", "d.sticky DESC, d.weight, d.date DESC, d.source"),
)
"""What comes after a document in its section's list, the nearest first."""
_MIRROR: Final = str.maketrans("<>", "><")


@dataclass(frozen=True, slots=True)
class Near:
    """Another document, briefly. The date may be empty."""

    title: str
    url: str
    date: str
    description: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Before and after a document in its section's list."""

    previous: Near | None = None
    next: Near | None = None


@dataclass(frozen=True, slots=True)
class Below:
    """A section right below another, as URLs show it, with the pages in and below it."""

    section: str
    total: int


@dataclass(frozen=True, slots=True)
class Filed:
    """A term as its documents write it, with how many of them there are."""

    slug: str
    name: str
    total: int


def beside(document: IndexedDocument) -> str:
    """The question for its neighbours."""
    place = [document.section, document.sticky, document.weight, document.date, document.source]
    return json.dumps(place, ensure_ascii=False)


def neighbours(execute: Execute, asked: str, now: str) -> tuple[Neighbours, str]:
    """By the order of a section's list: sticky ones, then by weight, then the newest."""
    section, sticky, weight, date, source = json.loads(asked)
    values = {"section": section, "sticky": sticky, "weight": weight, "date": date}
    rows = execute(_NEIGHBOURS, {**values, "source": source, "now": now}).fetchall()
    found: dict[int, Near] = {}
    for side, _, *brief in sorted(rows, key=lambda row: row[:2]):
        found.setdefault(side, Near(*brief))
    return Neighbours(found.get(0), found.get(1)), digest(rows)


def like(document: IndexedDocument, most: int) -> str:
    """The question for what is related to it."""
    terms = sorted({(taxonomy, slug) for taxonomy, slug, _ in document.terms})[:RELATED_TERMS]
    return json.dumps([document.source, most, terms], ensure_ascii=False)


def related(execute: Execute, asked: str, now: str) -> tuple[tuple[Near, ...], str]:
    """Pages that have most terms in common with it; of as many the newest."""
    source, most, terms = json.loads(asked)
    if not terms:
        return (), ""
    each = (
        "SELECT source FROM (SELECT source FROM term WHERE taxonomy = ? AND slug = ?"  # noqa: S608
        f" ORDER BY source DESC LIMIT {RELATED_EACH})"
    )
    among = " UNION ALL ".join([each] * len(terms))
    rows = execute(
        f"SELECT {_BRIEF} FROM"  # noqa: S608
        f" (SELECT source, count(*) AS shared FROM ({among}) GROUP BY source) t"
        f" CROSS JOIN document d ON d.source = t.source"
        f" WHERE d.kind = 'page' AND d.source != ? AND {shown('d')}"
        " ORDER BY t.shared DESC, d.date DESC, d.source LIMIT ?",
        (*(part for term in terms for part in term), source, now, now, most),
    ).fetchall()
    return tuple(Near(*row) for row in rows), digest(rows)


def below(execute: Execute, section: str, now: str) -> tuple[tuple[Below, ...], str]:
    """The sections right below one, or below the site where it is empty."""
    above = f"{section}/" if section else ""
    # The unary plus keeps SQLite from walking all pages of the site by their kind.
    rows = execute(
        "SELECT section, count(*) FROM document WHERE +kind = 'page'"  # noqa: S608
        f" AND section > ? AND section < ? AND {shown()} GROUP BY section",
        (above, f"{section}0" if section else "\U0010ffff", now, now),
    ).fetchall()
    totals: dict[str, int] = {}
    for name, total in rows:
        child = above + name[len(above) :].partition("/")[0]
        totals[child] = totals.get(child, 0) + total
    found = tuple(Below(name, totals[name]) for name in sorted(totals))
    return found, digest([[each.section, each.total] for each in found])


def filed(execute: Execute, taxonomy: str, now: str) -> tuple[tuple[Filed, ...], str]:
    """The terms of a taxonomy that have something to show, by their names."""
    rows = execute(
        "SELECT t.slug, min(t.name), count(*) FROM term t CROSS JOIN document d"  # noqa: S608
        " ON d.source = t.source"
        f" WHERE t.taxonomy = ? AND d.kind = 'page' AND {shown('d')}"
        f" GROUP BY t.slug ORDER BY t.slug LIMIT {TERMS}",
        (taxonomy, now, now),
    ).fetchall()
    return tuple(Filed(*row) for row in rows), digest(rows) if rows else ""


def weight_of(document: IndexedDocument) -> int | None:
    return None if document.weight == UNWEIGHTED else document.weight


def _seek(side: int, rank: int, condition: str, order: str) -> str:
    if side == 0:
        condition = condition.translate(_MIRROR)
        parts = [part.strip() for part in order.split(",")]
        turned = (p.removesuffix(" DESC") if p.endswith(" DESC") else f"{p} DESC" for p in parts)
        order = ", ".join(turned)
    return (
        f"SELECT * FROM (SELECT {side} AS side, {rank} AS rank, {_BRIEF} FROM document d"  # noqa: S608
        f" WHERE {_LIST} AND {condition} ORDER BY {order} LIMIT 1)"
    )


def _neighbours() -> str:
    seeks: Sequence[Any] = [
        _seek(side, rank, *seek) for side in (0, 1) for rank, seek in enumerate(_SEEKS)
    ]
    return " UNION ALL ".join(seeks)


_NEIGHBOURS: Final = _neighbours()
