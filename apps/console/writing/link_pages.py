"""Makes, lists and withdraws links that show a page to somebody without an account."""

from dataclasses import dataclass
from datetime import UTC, datetime
from time import time
from typing import Final

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.urls import path as route
from django.utils.translation import gettext as _

from apps.console.bases import sealed
from apps.console.models import Account, PreviewLink
from apps.console.node import node
from apps.console.pages import page
from apps.console.showing import show
from apps.console.writing import links
from apps.console.writing.draft_bounds import LINK_HOURS, LINK_HOURS_MOST
from apps.console.writing.draft_pages import addresses
from apps.console.writing.opened import newest
from apps.console.writing.subjects import about
from apps.console.writing.typed_text import typed
from apps.gitsync.errors import GitFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.writing.changing import content_at
from apps.policy.entities import Person

MADE: Final = "preview_link"
"""In the session: an address is told once."""
HOURS: Final = (1, 24, LINK_HOURS, 7 * 24, LINK_HOURS_MOST)


def patterns(site: AdminSite) -> list[URLPattern]:
    guarded = site.admin_view
    return [
        route("write/<path:object_id>/links/", guarded(known), name="preview_links"),
        route("write/<path:object_id>/links/withdraw/", guarded(withdraw), name="link_withdraw"),
    ]


@page(act="preview", about=about, based=True)
def known(request: HttpRequest, asker: Person, object_id: str, base: str = "") -> HttpResponse:
    path, now = unquote(object_id), time()
    resource, urls = about(request, object_id), addresses(path)
    if request.method == "POST":
        wanted = links.Wanted(path, _content(request, path, base), _hours(request))
        user = Account.objects.get(pk=request.user.pk)
        request.session[MADE] = links.make(user, asker, resource, wanted, now)
        return HttpResponseRedirect(urls["preview_links"])
    made = request.session.pop(MADE, "")
    context = {
        "title": _("Links to this page"),
        "subtitle": path,
        "links": [_row(each) for each in links.known(path, now)],
        "made": request.build_absolute_uri(made) if made else "",
        "hours": HOURS,
        "chosen": LINK_HOURS,
        "urls": urls,
        "base": sealed(newest(node()), str(resource)),
        "object_id": object_id,
    }
    return show(request, "console/writing/links.html", context)


@page(act="preview", about=about)
def withdraw(request: HttpRequest, asker: Person, object_id: str) -> HttpResponse:
    path = unquote(object_id)
    if request.method == "POST":
        key = request.POST.get("link", "")
        resource = about(request, object_id)
        gone = key.isascii() and key.isdigit() and len(key) < len(str(2**63))
        if gone and links.withdraw(asker, resource, path, int(key), time()):
            messages.success(request, _("The link leads nowhere from now on."))
    return HttpResponseRedirect(addresses(path)["preview_links"])


def _content(request: HttpRequest, path: str, base: str) -> bytes:
    """As it is typed, where the form was sent along; else as it is saved. Raises GitFault and
    EditError."""
    if "body" in request.POST or "source" in request.POST:
        return typed(request.POST, path, base)
    source = node().site().source
    content = content_at(Repository(source.repository), source, base, path)
    if content is None:
        raise GitFault("path.unknown", f"there is no {path} (any more)", "Look for it in the list")
    return content


def _hours(request: HttpRequest) -> int:
    """What is no number is out of bounds."""
    said = request.POST.get("hours", str(LINK_HOURS))
    return int(said) if said.isascii() and said.isdigit() and len(said) < len("10000") else 0


@dataclass(frozen=True, slots=True)
class _Row:
    """A link as its page shows it."""

    key: int
    by: str
    made: datetime
    expires: datetime


def _row(link: PreviewLink) -> _Row:
    made, expires = (datetime.fromtimestamp(each, UTC) for each in (link.made, link.expires))
    return _Row(link.pk, link.by, made, expires)
