"""A parsed source file as the rows that the index keeps of it. Pure; the input is hostile.

Stands between the worker, which parses, and the index, which stores.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from typing import Any

from apps.content import dates, layouts
from apps.content.addresses import AddressError, alias_key
from apps.content.configuration import Configuration
from apps.content.problems import Problem
from apps.content.slugs import slugify

MODULUS = 2**256
TITLE = 500
DESCRIPTION = 5_000
NAME = 200
MANY = 200
TITLE_KEY = re.compile(r"^[\s{\"']*title\b", re.M)
TITLE_HEADING = re.compile(r"^# .*[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", re.M)
PUBLIC, DRAFT, PRIVATE = "public", "draft", "private"
ALWAYS, NEVER = "", "~"
"""Since when visitors may read a row, beside UTC text (`dates`): as text, all are in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document. Dates are UTC text (`dates`), empty where unknown; `front` is JSON text;
    `shown_from` is when visitors may read it, as policy decides."""

    source: str
    blob: str
    markup: str
    url: str
    kind: str
    section: str
    title: str
    description: str
    date: str
    updated: str
    date_from: str
    visibility: str
    authors: str
    front: str
    shown_from: str = NEVER


@dataclass(frozen=True, slots=True)
class Term:
    source: str
    taxonomy: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Alias:
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that is served as it is; its bytes are kept by `blob`."""

    source: str
    blob: str
    url: str
    size: int
    shown_from: str = NEVER


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that other apps read: configuration, manifests, templates, policies."""

    source: str
    blob: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Original:
    """A document's own bytes, from which its body is rendered when somebody asks for it."""

    source: str
    blob: str
    content: bytes = field(repr=False)


Row = Document | Alias | Term | Asset | KeptFile | Original | Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """All that the index keeps of one source file."""

    source: str
    document: Document | None = None
    aliases: tuple[Alias, ...] = ()
    terms: tuple[Term, ...] = ()
    asset: Asset | None = None
    kept: KeptFile | None = None
    original: Original | None = None
    problems: tuple[Problem, ...] = ()

    def rows(self) -> Iterable[Row]:
        single = (self.document, self.asset, self.kept, self.original)
        yield from (row for row in single if row is not None)
        yield from self.aliases
        yield from self.terms
        yield from self.problems


def row_digest(row: object) -> int:
    """SHA-256 of a row's kind and values. Where there are bytes, their blob stands for them."""
    values = astuple(row)  # type: ignore[call-overload]
    plain = [type(row).__name__, *(v for v in values if not isinstance(v, bytes))]
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())


def read_document(
    configuration: Configuration,
    *,
    source: str,
    blob: str,
    content: bytes,
    parsed: Mapping[str, Any],
) -> Entry:
    """`parsed` is the worker's answer. A document that only Git can date has no date yet.

    A document that cannot have a URL is left out, with its problem.
    """
    front = parsed["front"]
    problems = [Problem(source, p["line"], p["code"], p["reason"]) for p in parsed["problems"]]
    if any(problem.code.startswith("front-matter.") for problem in problems):
        return Entry(source=source, problems=tuple(problems))
    try:
        placement = layouts.place(configuration, source, front)
    except AddressError as error:
        problems.append(Problem(source, 0, "document.address", str(error)))
        return Entry(source=source, problems=tuple(problems))
    problems += _title_problem(front, source, content)
    date = _own_date(front, source, problems)
    document = _document(
        configuration, placement, source=source, blob=blob, parsed=parsed, own_date=date
    )
    return Entry(
        source=source,
        document=document,
        aliases=_aliases(front, document, problems),
        terms=_terms(configuration, front, source),
        original=Original(source, blob, content),
        problems=tuple(sorted(set(problems))),
    )


def _document(
    configuration: Configuration,
    placement: layouts.Placement,
    *,
    source: str,
    blob: str,
    parsed: Mapping[str, Any],
    own_date: str,
) -> Document:
    front = parsed["front"]
    date, date_from = _date(own_date, placement)
    return Document(
        source=source,
        blob=blob,
        markup=layouts.markup(configuration, source),
        url=placement.url,
        kind=placement.kind,
        section=placement.section,
        title=_line(parsed["title"])[:TITLE] or _fallback_title(placement.url, source),
        description=_line(front.get("description") or front.get("summary"))[:DESCRIPTION],
        date=date,
        updated=_first_date(front, "updated", "lastmod", "modified"),
        date_from=date_from,
        visibility=visibility_of(front),
        authors=_json(_names(front.get("authors") or front.get("author"))),
        front=_json(front),
    )


def _title_problem(front: Mapping[str, Any], source: str, content: bytes) -> Iterator[Problem]:
    """A title that holds what no person typed is shown without it, and its author is told."""
    own = front.get("title")
    hidden = isinstance(own, str) and any(c != "\t" and not c.isprintable() for c in own)
    if not hidden and own is not None:
        return
    text = content.decode("utf-8", "replace")
    found = (TITLE_KEY if hidden else TITLE_HEADING).search(text)
    if hidden or found:
        line = text.count("\n", 0, found.end()) + 1 if found else 1
        reason = "the title has a control character, which is left out; type it again"
        yield Problem(source, line, "document.title", reason)


def _own_date(front: Mapping[str, Any], source: str, problems: list[Problem]) -> str:
    value = front.get("date")
    if value is None:
        return dates.NONE
    read = dates.read_date(value)
    if read is None:
        reason = f"date is {_json(value)[:80]}; write it as 2026-03-26 or 2026-03-26T10:00:00Z"
        problems.append(Problem(source, 1, "document.date", reason))
    return read or dates.NONE


def _date(own: str, placement: layouts.Placement) -> tuple[str, str]:
    """Front matter, then the file's name, then the URL, then Git; sections have no date."""
    if own:
        return own, "front matter"
    if placement.kind == "section":
        return dates.NONE, ""
    if placement.name_date:
        return placement.name_date, "name"
    if found := dates.in_url(placement.url):
        return found, "url"
    return dates.NONE, "git"


def _first_date(front: Mapping[str, Any], *keys: str) -> str:
    found = (dates.read_date(front.get(key)) for key in keys)
    return next((date for date in found if date), dates.NONE)


def visibility_of(front: Mapping[str, Any]) -> str:
    """Anything that is not plainly public stays hidden."""
    if front.get("draft") not in (None, False):
        return DRAFT
    said = front.get("visibility", PUBLIC)
    return said if said in (PUBLIC, DRAFT) else PRIVATE


def _aliases(
    front: Mapping[str, Any], document: Document, problems: list[Problem]
) -> tuple[Alias, ...]:
    source, own = document.source, document.url.rstrip("/")
    found: set[Alias] = set()
    for text in _names(front.get("aliases"), length=None):
        try:
            found.add(Alias(source, alias_key(text)))
        except AddressError as error:
            problems.append(Problem(source, 1, "document.alias", str(error)))
    return tuple(sorted((a for a in found if a.url != own), key=lambda alias: alias.url))


def _terms(configuration: Configuration, front: Mapping[str, Any], source: str) -> tuple[Term, ...]:
    """Terms stand at the top of the front matter or in Zola's table `taxonomies`."""
    nested = front.get("taxonomies")
    tables = (nested if isinstance(nested, dict) else {}, front)
    found: dict[tuple[str, str], Term] = {}
    for taxonomy in configuration.taxonomies:
        for table in tables:
            for name in _names(table.get(taxonomy)):
                if slug := slugify(name):
                    found.setdefault((taxonomy, slug), Term(source, taxonomy, slug, name))
    return tuple(found[key] for key in sorted(found))


def _names(value: object, *, length: int | None = NAME) -> list[str]:
    """A list of texts from a text or a list; anything else in it is left out."""
    listed = value if isinstance(value, list) else [value]
    texts = (_line(item)[:length] for item in listed[:MANY] if isinstance(item, str | int))
    return [text for text in texts if text]


def _line(value: object) -> str:
    """One line without control characters, which neither XML nor headers may hold."""
    text = str(value) if isinstance(value, str | int | float) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _fallback_title(url: str, source: str) -> str:
    last = url.rstrip("/").rpartition("/")[2] or source.rpartition("/")[2].partition(".")[0]
    return last.replace("-", " ").replace("_", " ").strip().capitalize() or "Untitled"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
