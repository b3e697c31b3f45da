"""Takes what is no item of its own: authors, terms with their lists, menus, the configuration."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from apps.content.configuration import TABLE
from apps.content.editing import EditError
from apps.content.flaws import FlawError
from apps.content.strict import read_toml
from apps.content.wordpress.messages import Author, Term
from apps.gitsync.importing.base import CONFIG
from apps.gitsync.importing.gathering import Gathered
from apps.gitsync.importing.headers import title_text
from apps.gitsync.importing.menus import MenuLine, menus_of
from apps.gitsync.importing.outcomes import Outcome, Told
from apps.gitsync.importing.site_files import (
    AUTHORS,
    TERMS,
    TermPlace,
    authors_file,
    taxonomies,
    term_redirect,
    terms_file,
)
from apps.gitsync.importing.survey import Survey
from apps.gitsync.importing.tables import Menus, with_menus

USUAL: Final = ("tags",)


class Edits(Protocol):
    """As `apps.content.editing.edited`, wherever that is done, and only as far as it is needed."""

    def edited(self, content: bytes, changes: Mapping[Any, Any], *, alone: Any = None) -> Any: ...


def take_authors(survey: Survey, gathered: Gathered) -> None:
    found = gathered.put(
        "authors", AUTHORS, authors_file(survey, gathered.base.earlier.get(AUTHORS))
    )
    for author in survey.authors.values():
        gathered.told.append(
            Told(
                kind="author",
                id=author.login,
                title=author.name,
                outcome=found.outcome,
                path=AUTHORS,
                reasons=_said("the address is left out", found.reason),
            )
        )


def take_terms(survey: Survey, places: list[TermPlace], gathered: Gathered) -> None:
    """Each is in one file of data; those that had a list of documents lead to the new one."""
    found = gathered.put("terms", TERMS, terms_file(survey, gathered.base.earlier.get(TERMS)))
    for place in places:
        term, reasons, path = place.term, [found.reason], TERMS
        if place.path:
            key, path = f"term:{term.taxonomy}/{term.slug}", place.path
            reasons.append(gathered.put(key, path, term_redirect(place)).reason)
        gathered.told.append(
            Told(
                kind="term",
                id=f"{term.taxonomy}/{term.slug}",
                title=title_text(term.name),
                outcome=found.outcome,
                path=path,
                address=place.address,
                old=place.old,
                reasons=_said(*reasons),
            )
        )
    gathered.told.extend(map(_told_twice, survey.twice))


def take_configuration(
    survey: Survey, lines: list[MenuLine], gathered: Gathered, edits: Edits
) -> None:
    """Menus and taxonomies that the site has none of. What it has already, its owner decides."""
    config, table = gathered.base.config, _table(gathered.base.config)
    menus = menus_of(lines)
    outcome, reason = Outcome.WRITTEN, ""
    try:
        made = _with_taxonomies(config, _new_taxonomies(table, taxonomies(survey)), table, edits)
    except EditError as error:
        made = config
        gathered.notes.append(f"taxonomies of config.toml are as they were: {error.reason}")
    if missing := _missing(table, menus):
        added = with_menus(made, missing)
        if added is None:
            outcome, reason = Outcome.KEPT, "config.toml is written so that nothing can be added"
        made = made if added is None else added
    gathered.replace(CONFIG, made)
    for line in lines:
        gathered.told.append(_told_line(line, table, menus, outcome, reason))


def _table(config: bytes) -> Mapping[str, Any]:
    try:
        found = read_toml(config.decode()).get(TABLE)
    except (UnicodeDecodeError, FlawError):
        return {}
    return found if isinstance(found, dict) else {}


def _new_taxonomies(table: Mapping[str, Any], wanted: list[str]) -> list[str]:
    said = table.get("taxonomies", list(USUAL))
    return [each for each in wanted if each not in said] if isinstance(said, list) else []


def _with_taxonomies(
    config: bytes, new: list[str], table: Mapping[str, Any], edits: Edits
) -> bytes:
    """Raises EditError."""
    if not new:
        return config
    named = [*table.get("taxonomies", USUAL), *new]
    made: bytes = edits.edited(config, {(TABLE, "taxonomies"): named}, alone="toml").content
    return made


def _missing(table: Mapping[str, Any], menus: Menus) -> Menus:
    there = table.get("menus", {})
    return {name: menus[name] for name in menus if isinstance(there, dict) and name not in there}


def _told_line(
    line: MenuLine,
    table: Mapping[str, Any],
    menus: Menus,
    outcome: Outcome,
    reason: str,
) -> Told:
    item, said = line.item, line.table
    there = table.get("menus", {})
    if said is None:
        outcome, reason = Outcome.LEFT_OUT, line.reason
    elif isinstance(there, dict) and line.menu in there:
        same = there[line.menu] == menus[line.menu]
        outcome = Outcome.UNCHANGED if same else Outcome.KEPT
        reason = "" if same else f"the site has a menu {line.menu} of its own"
    return Told(
        kind=item.type,
        id=item.id,
        title=str(said["title"]) if said else title_text(item.title),
        outcome=outcome,
        path=CONFIG if said else "",
        reasons=_said(f"menu {line.menu}" if line.menu else "", reason),
    )


def _told_twice(found: Author | Term) -> Told:
    author = isinstance(found, Author)
    return Told(
        kind="author" if author else "term",
        id=found.login if isinstance(found, Author) else f"{found.taxonomy}/{found.slug}",
        title=title_text(found.name),
        outcome=Outcome.LEFT_OUT,
        reasons=("it is in the file twice",),
    )


def _said(*reasons: str) -> tuple[str, ...]:
    return tuple(each for each in reasons if each)
