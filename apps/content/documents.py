"""A parsed source file as the rows that the index keeps of it. Pure; the input is hostile.

Stands between the worker, which parses, and the index, which stores.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from apps.content import dates, layouts
from apps.content.addresses import AddressError, alias_key
from apps.content.bounds import MAX_HEADER
from apps.content.configuration import Configuration
from apps.content.entries import (
    DRAFT,
    PAGE,
    PRIVATE,
    PUBLIC,
    REDIRECT,
    Alias,
    Document,
    Entry,
    Original,
    Term,
)
from apps.content.header_places import line_of_key
from apps.content.menus import items_of
from apps.content.problems import Problem
from apps.content.redirects import target_of
from apps.content.timing import FORM, Tell, shown, timing, weight
from apps.content.types import filled, type_of
from apps.content.words import Words

TITLE = 500
UTF8 = 4
"""Bytes of one character at most."""
DESCRIPTION = 5_000
NAME = 200
MANY = 200
JOINERS = "\u200c\u200d"
"""Of Persian words and of emoji: without them both fall apart."""
TITLE_KEY = re.compile(r"^(?:[^\S\n]|[{\"'])*+title\b", re.M)
TITLE_HEADING = re.compile(r"^# .*[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", re.M)


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
    problems = [Problem(source, p["line"], p["code"], p["reason"]) for p in parsed["problems"]]
    if any(problem.code.startswith("front-matter.") for problem in problems):
        return Entry(source=source, problems=tuple(problems))
    meaning = _meaning(configuration, source, parsed["front"], problems)
    if meaning is None:
        return Entry(source=source, problems=tuple(problems))
    front, placement = meaning.front, meaning.placement
    parsed = {**parsed, "front": front}
    problems += _title_problem(front, source, content)
    tell = _teller(source, content, problems)
    document = _document(
        configuration, placement, source=source, blob=blob, parsed=parsed, tell=tell
    )
    aliases = _aliases(front, document, tell, content)
    if any(alias.target for alias in aliases):
        document = replace(document, kind=REDIRECT)
    return Entry(
        source=source,
        document=document,
        aliases=aliases,
        terms=_terms(configuration, front, source),
        menus=tuple(items_of(front, source, document.title, document.weight)),
        original=Original(source, blob, content),
        words=Words(*map(str, parsed.get("words", ()))),
        problems=tuple(sorted(set(problems))),
    )


def _meaning(
    configuration: Configuration, source: str, front: Mapping[str, Any], problems: list[Problem]
) -> layouts.Meaning | None:
    """None for a document that is left out."""
    try:
        found = layouts.meaning(configuration, source, front)
    except AddressError as error:
        problems.append(Problem(source, 0, "document.address", str(error)))
    except layouts.LeftOut as error:
        problems.append(Problem(source, 0, error.code, error.reason))
    else:
        problems += [Problem(source, 1, code, reason) for code, reason in found.told]
        return found
    return None


def _teller(source: str, content: bytes, problems: list[Problem]) -> Tell:
    """Of what is wrong with a key of the header."""

    def tell(key: str, code: str, reason: str) -> None:
        line = _line_of_key(content, key)
        problems.append(Problem(source, line, code, reason))

    return tell


def _line_of_key(content: bytes, key: str) -> int:
    """Asked for each defect, so only what can be a header is decoded."""
    return line_of_key(content[: MAX_HEADER * UTF8].decode("utf-8", "replace"), key)


def _document(
    configuration: Configuration,
    placement: layouts.Placement,
    *,
    source: str,
    blob: str,
    parsed: Mapping[str, Any],
    tell: Tell,
) -> Document:
    front, section = parsed["front"], placement.section
    kind_of = type_of(configuration.types, front, source, section) if placement.kind == PAGE else ""
    front = filled(configuration.types, kind_of, front, placement.kind, tell)
    date, date_from = _date(_own_date(front, tell), placement)
    when = timing(front, dates.NONE if date_from == "git" else date, tell)
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
        type=_line(kind_of)[:NAME],
        weight=weight(front, tell),
        sticky=int(front.get("sticky") is True),
        publish=when.publish,
        expires=when.expires,
    )


def _title_problem(front: Mapping[str, Any], source: str, content: bytes) -> Iterator[Problem]:
    """A title that holds what no person typed is shown without it, and its author is told."""
    own = front.get("title")
    hidden = isinstance(own, str) and any(c != "\t" and not _is_shown(c) for c in own)
    if not hidden and own is not None:
        return
    text = content.decode("utf-8", "replace")
    found = (TITLE_KEY if hidden else TITLE_HEADING).search(text)
    if hidden or found:
        line = text.count("\n", 0, found.end()) + 1 if found else 1
        reason = "the title has a control character, which is left out; type it again"
        yield Problem(source, line, "document.title", reason)


def _own_date(front: Mapping[str, Any], tell: Tell) -> str:
    value = front.get("date")
    if value is None:
        return dates.read_date(front.get("publish")) or dates.NONE
    read = dates.read_date(value)
    if read is None:
        tell("date", "document.date", f"date is {shown(value)}; {FORM}")
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
    front: Mapping[str, Any], document: Document, tell: Tell, content: bytes
) -> tuple[Alias, ...]:
    """Its old addresses; of a document that leads elsewhere, its own one as well."""
    own, target = document.url.rstrip("/"), _target(front, tell)
    keys = {own} if target and own else set()
    for text in _names(front.get("aliases"), length=None):
        try:
            keys.add(alias_key(text))
        except AddressError as error:
            tell("aliases", "document.alias", str(error))
    if not target:
        keys.discard(own)
    key = "redirect_to" if target else "aliases"
    line = _line_of_key(content, key) if keys else 0
    return tuple(Alias(document.source, each, target, line) for each in sorted(keys))


def _target(front: Mapping[str, Any], tell: Tell) -> str:
    said = front.get("redirect_to")
    if said is None:
        return ""
    try:
        return target_of(said)
    except AddressError as error:
        tell("redirect_to", "redirect.target", str(error))
        return ""


def _terms(configuration: Configuration, front: Mapping[str, Any], source: str) -> tuple[Term, ...]:
    """Terms stand at the top of the front matter or in Zola's table `taxonomies`."""
    nested = front.get("taxonomies")
    tables = (nested if isinstance(nested, dict) else {}, front)
    found: dict[tuple[str, str], Term] = {}
    for taxonomy in configuration.taxonomies:
        for table in tables:
            for name in _names(table.get(taxonomy)):
                if slug := layouts.term_slug(configuration, source, name):
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
    return " ".join("".join(c if _is_shown(c) else " " for c in text).split())


def _is_shown(character: str) -> bool:
    return character.isprintable() or character in JOINERS


def _fallback_title(url: str, source: str) -> str:
    last = url.rstrip("/").removesuffix(".html").rpartition("/")[2]
    last = last or source.rpartition("/")[2].partition(".")[0]
    return last.replace("-", " ").replace("_", " ").strip().capitalize() or "Untitled"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
