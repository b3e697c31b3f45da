"""What a visitor typed, as a query. Pure, and never an error: what is not understood is words."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from apps.content.dates import read_date
from apps.content.queries.bounds import KEY
from apps.content.queries.tree import (
    Among,
    Either,
    Field,
    Filter,
    Kind,
    Not,
    Present,
    Range,
    Than,
    both,
    column,
)
from apps.content.search.bounds import LANGUAGE, MARKED, PREFIX, PREFIXES, TERMS
from apps.content.search.query import Query, Term
from apps.content.search.splitting import Part, parts, words_in
from apps.content.searched import COLUMNS
from apps.content.slugs import slugify

LANGUAGES: Final = ("lang", "language")
"""Keys of front matter."""
_DAY: Final = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_ONE_OF_MANY: Final = (("", "s"), ("y", "ies"), ("", "es"))


@dataclass(slots=True)
class _Found:
    """What the parts came to so far."""

    terms: list[Term] = field(default_factory=list)
    without: list[Term] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    paths: list[tuple[str, bool]] = field(default_factory=list)
    prefixes: int = 0

    def is_full(self) -> bool:
        named = len(self.columns) + len(self.filters) + len(self.paths)
        return len(self.terms) + len(self.without) >= TERMS or named >= TERMS


def taxonomies_in(text: str) -> tuple[str, ...]:
    """Names of what may be taxonomies in a query: `tag` is one of `tags`."""
    keys = {part.key for part in parts(text) if part.key and part.key not in QUALIFIERS}
    return tuple(sorted({name for key in keys for name in _many(key) if _NAME.fullmatch(name)}))


def decode(text: str, taxonomies: Collection[str] = (), language: str = "") -> Query:
    """`taxonomies` are those of the site; its `language` is that of documents which say none."""
    found = _Found()
    for part in parts(text):
        if found.is_full():
            break
        known = sorted(set(_many(part.key)) & set(taxonomies), key=len) if part.key else []
        if known and part.key not in QUALIFIERS and (filter_ := _filed(known[0], part.value)):
            found.filters.append(_signed(filter_, part))
        elif not _qualified(part, found, language):
            _words(part, found)
    return Query(
        terms=tuple(found.terms),
        without=tuple(found.without),
        columns=tuple(name for name in COLUMNS if name in found.columns),
        where=both(*found.filters),
        paths=tuple(found.paths),
    )


def _qualified(part: Part, found: _Found, language: str) -> bool:
    """Whether it is a qualifier that says something."""
    value = part.value.strip()
    if not value or part.key not in QUALIFIERS:
        return False
    if part.key == "path":
        found.paths.append((value, part.negated))
    elif part.key == "in":
        return _within(part, found)
    elif part.key == "author":
        _term(words_in(value), part, found, "authors")
        return bool(words_in(value))
    elif part.key == "lang":
        found.filters.append(_signed(_language(value[:LANGUAGE], language), part))
    elif filter_ := FILTERS[part.key](value):
        found.filters.append(_signed(filter_, part))
    else:
        return False
    return True


def _within(part: Part, found: _Found) -> bool:
    names = [PLACES.get(name, name) for name in part.value.lower().split(",")]
    if part.negated or not set(names) <= set(COLUMNS):
        return False
    found.columns += names
    return True


def _words(part: Part, found: _Found) -> None:
    """A dash before letters leaves out; a star after them lets the word go on."""
    whole = part.whole[1:] if part.negated else part.whole
    words = words_in(part.value if part.quoted and not part.key else whole)
    _term(words, part, found)


def _term(words: str, part: Part, found: _Found, column_: str = "") -> None:
    if not words:
        return
    is_long = len(words.rpartition(" ")[2]) >= PREFIX
    prefix = part.value.endswith("*") and not part.quoted and is_long
    prefix = prefix and found.prefixes < PREFIXES
    found.prefixes += prefix
    kept = found.without if part.negated else found.terms
    term = Term(words, prefix, column_)
    if term not in kept:
        kept.append(term)


def _signed(filter_: Filter, part: Part) -> Filter:
    return Not(filter_) if part.negated else filter_


def _many(key: str) -> Iterator[str]:
    """The key itself, and its plural."""
    yield key
    for one, many in _ONE_OF_MANY:
        if key.endswith(one):
            yield f"{key.removesuffix(one) if one else key}{many}"


def _filed(taxonomy: str, value: str) -> Filter | None:
    """A term by its name, or as it stands in addresses."""
    slugs = _each(value.strip().lower(), slugify(value))
    return Among(Field(Kind.TERMS, taxonomy), slugs) if slugs else None


def _type(value: str) -> Filter:
    """A content type, or what every site has."""
    names = _each(value, value.lower())
    return Either((Among(column("type"), names), Among(column("kind"), names)))


def _section(value: str) -> Filter:
    """It, and all below it."""
    name = value.strip("/")
    below = both(
        Range(column("section"), Than.GREATER_OR_EQUAL, f"{name}/"),
        Range(column("section"), Than.LESS, f"{name}0"),
    )
    return Either((Among(column("section"), (name,)), below))


def _language(value: str, own: str) -> Filter:
    names = _each(value, value.lower())
    keys = [Field(Kind.META, key) for key in LANGUAGES]
    said = tuple[Filter, ...](Among(each, names) for each in keys)
    if value.lower() != own.lower():
        return Either(said)
    return Either((*said, Not(Either(tuple(Present(each) for each in keys)))))


def _before(value: str) -> Filter | None:
    moment = _moment(value)
    return Range(column("date"), Than.LESS, moment) if moment else None


def _after(value: str) -> Filter | None:
    """From the first moment on."""
    moment = _moment(value)
    return Range(column("date"), Than.GREATER_OR_EQUAL, moment) if moment else None


def _moment(value: str) -> str | None:
    """The first one of a year, a month or a day."""
    if not _DAY.fullmatch(value):
        return None
    return read_date(f"{value}-01-01"[:10] if len(value) == 4 else f"{value}-01"[:10])


def _each(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value[:KEY] for value in values if value))


FILTERS: Final[Mapping[str, Callable[[str], Filter | None]]] = {
    "type": _type,
    "section": _section,
    "before": _before,
    "after": _after,
}
QUALIFIERS: Final = frozenset({*FILTERS, "author", "path", "in", "lang"})
PLACES: Final = {
    "heading": "headings",
    "summary": "description",
    "text": "body",
    "term": "terms",
    "author": "authors",
}
"""Other words for the columns."""


def widened(query: Query) -> Query | None:
    """With the last word as the beginning of one; None where that is nothing else."""
    if not query.terms or query.terms[-1].prefix or len(query.terms[-1].words) < PREFIX:
        return None
    *first, last = query.terms
    wider = Term(last.words, True, last.column)
    return Query(
        terms=(*first, wider),
        without=query.without,
        columns=query.columns,
        where=query.where,
        paths=query.paths,
    )


def words_of(terms: Iterable[Term]) -> tuple[tuple[str, bool], ...]:
    """Every word that is looked for, and whether it may go on."""
    found = []
    for term in terms:
        *first, last = term.words.split()
        found += [(word, False) for word in first] + [(last, term.prefix)]
    return tuple(dict.fromkeys(found))[:MARKED]
