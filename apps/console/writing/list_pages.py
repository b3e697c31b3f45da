"""The list of documents: searched, narrowed and sorted by Django's own change list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_list import result_headers
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.console.bases import sealed
from apps.console.bounds import READING
from apps.console.node import node
from apps.console.pages import View, page
from apps.console.showing import show
from apps.console.writing import recent, telling
from apps.console.writing.bulk import BULK_BASE
from apps.console.writing.opened import configured, now_text
from apps.console.writing.recent import Touch
from apps.console.writing.states import State, state_of
from apps.content.entries import ALWAYS, NEVER
from apps.content.models import Document
from apps.policy.entities import Person

TEMPLATE = "console/writing/list.html"
NEW = "A"
"""Git's letter for a file that was added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One document as the list shows it. `waits` says that it is not published yet as it is."""

    source: str
    title: str
    url: str
    address: str
    section: str
    date: str
    words: Any
    badge: str
    moment: str
    touch: Touch | None
    waits: str


def listed(model_admin: Any) -> View:
    @page()
    def view(request: HttpRequest, asker: Person) -> HttpResponse:
        if request.method not in READING:
            return HttpResponseNotAllowed(sorted(READING))
        try:
            changes = model_admin.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)
        return _shown(request, changes)

    return view


def _shown(request: HttpRequest, changes: Any) -> HttpResponse:
    look = recent.look(node())
    touches = recent.touches(node().site().source.repository, look.tip)
    now = now_text()
    lines = [_line(row, look, touches.get(row.source), now) for row in changes.result_list]
    context = {
        "title": _("Pages"),
        "cl": changes,
        "lines": lines,
        "headers": list(result_headers(changes)),
        "filters": [_filter(each) for each in changes.filter_specs],
        "is_narrowed": bool(changes.query or changes.has_active_filters),
        "count": changes.result_count,
        "pages": list(_pages(changes)),
        "base": sealed(look.tip, BULK_BASE),
        "taxonomies": configured().taxonomies,
        "waiting": len(look.waiting),
        "add_url": reverse("admin:content_document_add"),
        "deleted_url": reverse("admin:content_document_deleted"),
        "bulk_url": reverse("admin:content_document_bulk"),
    }
    return show(request, TEMPLATE, context)


def _line(row: Document, look: recent.Look, touch: Touch | None, now: str) -> Line:
    state = state_of(row.visibility, row.publish, row.expires, now)
    letter = look.waiting.get(row.source, "")
    return Line(
        source=row.source,
        title=row.title,
        url=telling.links(row.source).change,
        address=row.url,
        section=row.section,
        date=row.date,
        words=telling.STATES[state],
        badge=telling.BADGES[state],
        moment=_moment(row, state),
        touch=touch,
        waits=_waits(letter),
    )


def _moment(row: Document, state: State) -> str:
    said = {State.SCHEDULED: row.publish, State.EXPIRED: row.expires}.get(state, "")
    return "" if said in (ALWAYS, NEVER) else said


def _waits(letter: str) -> str:
    if not letter:
        return ""
    return _("not published yet") if letter == NEW else _("changes not published yet")


def _filter(spec: Any) -> dict[str, Any]:
    return {
        "title": spec.title,
        "name": spec.parameter_name,
        "value": spec.value() or "",
        "is_set": spec.value() is not None,
        "choices": spec.lookup_choices,
    }


def _pages(changes: Any) -> Iterator[tuple[str, str, bool]]:
    """(what is shown, address, is it this one)."""
    if not changes.multi_page:
        return
    paginator = changes.paginator
    for each in paginator.get_elided_page_range(changes.page_num, on_each_side=2, on_ends=1):
        is_page = isinstance(each, int)
        url = changes.get_query_string({"p": each}) if is_page else ""
        yield str(each), url, each == changes.page_num
