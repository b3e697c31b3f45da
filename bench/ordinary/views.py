"""The page from its rows through the ORM and a Django template, in-process."""

import html
import json
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bench.ordinary.models import Document, Target, Term
from bench.ordinary.settings import FOLDER

SITE = json.loads((FOLDER / "site.json").read_text())
MARK = "\ufdd0"
URL_SAFE = "/~!$&'()*+,;=:@"


def page(request: HttpRequest, path: str) -> HttpResponse:
    now = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        document = Document.objects.get(url=f"/{path}", kind="page", shown_from__lte=now)
    except Document.DoesNotExist as error:
        raise Http404 from error
    context = {
        "site": SITE,
        "page": document,
        "authors": json.loads(document.authors),
        "terms": list(Term.objects.filter(document=document)),
        "section": SITE["by_section"].get(document.section),
        "body": _body(document, now),
    }
    response = render(request, "document.html", context)
    response.headers["Content-Length"] = str(len(response.content))
    return response


def _body(document: Document, now: str) -> str:
    """With URLs in the place of links that name files of the repository."""
    links: list[tuple[str, str, str]] = json.loads(document.links)
    if not links:
        return document.body
    sources = {source for source, _, _ in links if source}
    found = Target.objects.filter(source__in=sources, shown_from__lte=now)
    urls = dict(found.values_list("source", "url"))
    parts = document.body.split(MARK)
    parts[1::2] = [_link(*links[int(position)], urls) for position in parts[1::2]]
    return "".join(parts)


def _link(source: str, rest: str, text: str, urls: dict[str, str]) -> str:
    url = urls.get(source)
    return html.escape(quote(url, safe=URL_SAFE) + rest if url else text)
