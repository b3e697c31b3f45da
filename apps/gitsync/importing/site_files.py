"""What an export says of the whole site: its authors and terms as data, old addresses of lists.
Pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from apps.content.slugs import slugify
from apps.content.wordpress.messages import Term
from apps.gitsync.importing.headers import as_json, header, plain_text, title_text
from apps.gitsync.importing.ledger import FOLDER
from apps.gitsync.importing.naming import stem, taxonomy_key
from apps.gitsync.importing.old_site import address_or_none
from apps.gitsync.importing.survey import Survey

AUTHORS: Final = f"{FOLDER}/authors.json"
TERMS: Final = f"{FOLDER}/terms.json"
BASES: Final[Mapping[str, str]] = {"category": "category", "post_tag": "tag"}
"""Below which WordPress has its lists, unless somebody changed that."""
NOT_LISTS: Final = frozenset({"nav_menu", "post_format", "link_category", "wp_theme"})
DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class TermPlace:
    """`address` is that of its list, `old` where it was, `path` the file that leads from there;
    all empty for a term that no published document has."""

    term: Term
    address: str = ""
    old: str = ""
    path: str = ""


def authors_file(survey: Survey, before: bytes | None) -> bytes:
    """Without addresses: what a repository holds, everybody reads who may clone it. `before` is
    the file of an earlier import, of which all stay that this one does not name."""
    listed = [{"login": each.login, "name": each.name} for each in survey.authors.values()]
    return _with_earlier("authors", ("login",), listed, before)


def terms_file(survey: Survey, before: bytes | None) -> bytes:
    """`before` as of authors."""
    listed = [
        {
            "taxonomy": term.taxonomy,
            "slug": term.slug,
            "name": title_text(term.name),
            "parent": term.parent,
            "description": plain_text(term.description),
        }
        for term in survey.terms.values()
    ]
    return _with_earlier("terms", ("taxonomy", "slug"), listed, before)


def _with_earlier(
    name: str, keys: tuple[str, ...], listed: list[dict[str, str]], before: bytes | None
) -> bytes:
    """A site may be exported in parts. What cannot be read is as good as not there."""
    try:
        earlier = json.loads(before or b"{}").get(name, [])
        found = {tuple(str(each[key]) for key in keys): each for each in earlier}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found = {}
    found |= {tuple(each[key] for key in keys): each for each in listed}
    return as_json({name: [found[key] for key in sorted(found)]})


def taxonomies(survey: Survey) -> list[str]:
    """As front matter calls them, of terms that a document has."""
    found = {taxonomy_key(taxonomy) for taxonomy, _ in survey.used if taxonomy not in NOT_LISTS}
    return sorted(found - {""})


def term_places(survey: Survey, pages: Mapping[str, str]) -> Iterator[TermPlace]:
    """`pages` are addresses that documents have."""
    taken, paths = set[str](), set[str]()
    for (taxonomy, slug), term in sorted(survey.terms.items()):
        key, name = taxonomy_key(taxonomy), slugify(title_text(term.name))
        if not key or not name or taxonomy in NOT_LISTS or not survey.used[taxonomy, slug]:
            yield TermPlace(term)
            continue
        old = address_or_none("/".join([BASES.get(taxonomy, taxonomy), *_way(survey, term)]))
        address = address_or_none(f"/{key}/{name}/")
        if not old or not address or old == address or old in pages or old in taken:
            yield TermPlace(term, address or "")
            continue
        taken.add(old)
        file = stem(slug, term.name, "term")
        path = f"content/redirects/{stem(taxonomy, '', 'terms')}-{file}"
        path = f"{path}.html" if path not in paths else f"{path}-{len(paths)}.html"
        paths.add(path.removesuffix(".html"))
        yield TermPlace(term, address, old, path)


def term_redirect(place: TermPlace) -> bytes:
    fields = {
        "title": title_text(place.term.name),
        "path": place.old,
        "redirect_to": place.address,
        "wordpress_term": place.term.slug,
    }
    return header(fields).encode(errors="replace")


def _way(survey: Survey, term: Term) -> list[str]:
    """Slugs of the terms above it and its own."""
    found: list[str] = []
    at: Term | None = term
    while at and at.slug not in found and len(found) < DEPTH:
        found.append(at.slug)
        at = survey.terms.get((at.taxonomy, at.parent)) if at.parent else None
    return found[::-1]
