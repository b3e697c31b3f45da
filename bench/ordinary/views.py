"""The page from its rows through the ORM and a Django template, in-process."""

import html
import json
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bench.ordinary import around
from bench.ordinary.models import UNWEIGHTED, URL_SAFE, Document, Target, Term
from bench.ordinary.settings import FOLDER

SITE = json.loads((FOLDER / "site.json").read_text())
MARK = "\ufdd0"


def page(request: HttpRequest, path: str) -> HttpResponse:
    now = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        document = Document.objects.get(around.shown(now), url=f"/{path}", kind="page")
    except Document.DoesNotExist as error:
        raise Http404 from error
    response = render(request, "document.html", _context(document, now))
    response.headers["Content-Length"] = str(len(response.content))
    return response


def _context(document: Document, now: str) -> dict[str, Any]:
    url, terms = document.get_absolute_url(), list(Term.objects.filter(document=document))
    breadcrumbs = _breadcrumbs(document.section)
    section = breadcrumbs[-1] if breadcrumbs else None
    previous, following = around.neighbours(document, now)
    return {
        "site": SITE,
        "page": document,
        "url": url,
        "address": SITE["base_url"] + url,
        "heading": document.title or "Untitled",
        "section": section,
        "here": section["url"] if section else url,
        "breadcrumbs": breadcrumbs,
        "terms": terms,
        "keywords": ", ".join(term.name for term in terms),
        "previous": previous,
        "next": following,
        "by_date": document.date and document.weight == UNWEIGHTED,
        "related": around.related(document, terms, now),
        "body": _body(document, now),
    }


def _breadcrumbs(section: str) -> list[dict[str, str]]:
    """The sections that hold it, the topmost first."""
    parts = section.split("/") if section else []
    paths = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    return [SITE["by_section"].get(path) or _untitled(path) for path in paths]


def _untitled(section: str) -> dict[str, str]:
    """A section without a document of its own."""
    words = section.rpartition("/")[2].replace("-", " ").replace("_", " ")
    return {"title": words[:1].upper() + words[1:], "url": quote(f"/{section}/", safe=URL_SAFE)}


def _body(document: Document, now: str) -> str:
    """With URLs in the place of links that name files of the repository."""
    links: list[tuple[str, str, str]] = document.links
    if not links:
        return document.body
    sources = {source for source, _, _ in links if source}
    found = Target.objects.filter(around.shown(now), source__in=sources)
    urls = dict(found.values_list("source", "url"))
    parts = document.body.split(MARK)
    parts[1::2] = [_link(*links[int(position)], urls) for position in parts[1::2]]
    return "".join(parts)


def _link(source: str, rest: str, text: str, urls: dict[str, str]) -> str:
    url = urls.get(source)
    return html.escape(quote(url, safe=URL_SAFE) + rest if url else text)
