"""Pages of the site as one commit gives them and as another does, side by side: one address at a
time, when somebody asks for it, and without scripts."""

from functools import partial, wraps
from typing import Any, Final

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from apps.console.diffs import PICTURES
from apps.console.framing import SEEN, dressed
from apps.console.job_pages import begin
from apps.console.node import node
from apps.console.pages import View, page
from apps.console.publishing import outcomes, work
from apps.console.publishing.beside import looking
from apps.console.publishing.files import picture_at
from apps.console.publishing.rendered import Pair, file_of, made, pairs
from apps.console.publishing.seals import look_opened, look_sealed
from apps.console.publishing.work import Compared
from apps.console.showing import show
from apps.delivery.assets import content_type
from apps.delivery.chunks import file_chunks
from apps.delivery.observation import CommitMoved
from apps.delivery.requests import BadPath, decode_path
from apps.gitsync.git.repository import Repository
from apps.policy.entities import Person

NOT_OURS: Final = "no page of the console linked there"


@require_safe
@page()
def compare(request: HttpRequest, asker: Person) -> HttpResponse:
    """The addresses whose documents differ between `old` and `new`; `at` chooses any address."""
    old, new = (look_opened(request.GET.get(each, "")) for each in ("old", "new"))
    if old is None or new is None:
        raise Http404(NOT_OURS)
    found = pairs(node(), old, new)
    at = request.GET.get("at", "") or (found[0].address if found else "/")
    chosen = next((each for each in found if each.address == at), Pair(at, at, "", ""))
    context = {
        "title": _("Before and after"),
        "pairs": found,
        "chosen": chosen,
        "old": request.GET["old"],
        "new": request.GET["new"],
    }
    return show(request, "console/publishing/compare.html", context)


@require_POST
@page(act="preview")
def compare_all(request: HttpRequest, asker: Person) -> HttpResponse:
    """Lists, feeds and all else that documents are shown in: long work."""
    old, new = (look_opened(request.POST.get(each, "")) for each in ("old", "new"))
    if old is None or new is None:
        raise Http404(NOT_OURS)
    call = partial(work.compare, request.user, old, new)
    return begin(request, _("Compare all pages"), call)


@require_safe
@page()
def compared(request: HttpRequest, asker: Person, name: str) -> HttpResponse:
    told = outcomes.find(request.user.get_username(), name)
    if not isinstance(told, Compared):
        return HttpResponseRedirect(reverse("admin:publishing"))
    context = {
        "title": _("All pages that change"),
        "found": told.found,
        "old": look_sealed(told.old),
        "new": look_sealed(told.new),
    }
    return show(request, "console/publishing/compared.html", context)


def again(view: View) -> View:
    """The site moved on while a page was made: it is asked for once more."""

    @wraps(view)
    def tried(request: HttpRequest, asker: Person, **named: Any) -> HttpResponseBase:
        try:
            return view(request, asker, **named)
        except CommitMoved:
            return HttpResponseRedirect(request.get_full_path())

    return tried


@require_safe
@xframe_options_sameorigin
@page()
@again
def frame(request: HttpRequest, asker: Person) -> HttpResponse:
    """One page, as a reader would have it."""
    commit = look_opened(request.GET.get("commit", ""))
    try:
        path = decode_path(request.GET.get("at", "").encode(), quoted=True)
    except BadPath:
        commit = None
    if commit is None:
        raise Http404(NOT_OURS)
    files = reverse("admin:publish_file", args=[request.GET["commit"], "x"])
    with looking(node(), commit) as served:
        seen = made(served, path, files.removesuffix("/x"))
    answer = HttpResponse(seen.content, content_type=seen.content_type)
    return dressed(answer, SEEN)


@require_safe
@page()
@again
def file(request: HttpRequest, asker: Person, commit: str, path: str) -> HttpResponseBase:
    """What a page in a frame shows beside its text, as the commit of the page has it."""
    known = look_opened(commit)
    try:
        address = decode_path(f"/{path}".encode(), quoted=False)
    except BadPath:
        raise Http404 from None
    if known is None:
        raise Http404
    with looking(node(), known) as served:
        reply = file_of(served, address)
    if reply is None:
        raise Http404
    kind = reply.header("content-type") or "application/octet-stream"
    if isinstance(reply.body, bytes):
        return dressed(HttpResponse(reply.body, content_type=kind), SEEN)
    return dressed(StreamingHttpResponse(file_chunks(reply.body), content_type=kind), SEEN)


@require_safe
@page()
def picture(request: HttpRequest, asker: Person) -> HttpResponseBase:
    """A picture of the repository as a commit has it, for differences."""
    commit, path = look_opened(request.GET.get("commit", "")), request.GET.get("path", "")
    if not commit or not PICTURES.search(path):
        raise Http404
    content = picture_at(Repository(settings.SITE_SOURCE.repository), commit, path)
    if content is None:
        raise Http404
    return dressed(HttpResponse(content, content_type=content_type(path)), SEEN)
