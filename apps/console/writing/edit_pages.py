"""The page on which a document is written: shown, reviewed, saved, and brought together with what
others did meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.console import diffs
from apps.console.authors import author_of
from apps.console.bases import sealed
from apps.console.keeping import CONFLICT, Wish, keep
from apps.console.node import ConsoleNode, node
from apps.console.pages import page
from apps.console.showing import show
from apps.console.writing import editing, telling
from apps.console.writing.making import made, retyped
from apps.console.writing.meeting import Meeting, meet, read_choices
from apps.console.writing.opened import Opened, now_text, open_document
from apps.console.writing.posting import SOURCE, STATES, Sent, read_sent, untouched
from apps.content.editing import EditError
from apps.content.frontmatter import normal
from apps.extensions.authorising import PolicyDenied
from apps.gitsync.errors import GitFault
from apps.gitsync.resources import change_of
from apps.policy.entities import Person, Resource

EDIT, REVIEW, MEET = (f"console/writing/{name}.html" for name in ("edit", "review", "meet"))
LOCAL: Final = frozenset(
    {"csrfmiddlewaretoken", "message", "_save", "_continue", "_review", "_back"}
)
"""What of a form is not about the document."""


def about(request: HttpRequest, object_id: str) -> Resource:
    return change_of(unquote(object_id))[1]


@dataclass(frozen=True, slots=True)
class Desk:
    """One request to write one document."""

    request: HttpRequest
    asker: Person
    node: ConsoleNode
    path: str

    @property
    def url(self) -> str:
        return reverse("admin:content_document_change", args=[quote(self.path)])

    def seal(self, commit: str) -> str:
        return sealed(commit, str(change_of(self.path)[1]))


@page(about=about, based=True)
def change(request: HttpRequest, asker: Person, object_id: str, base: str = "") -> HttpResponse:
    desk = Desk(request, asker, node(), unquote(object_id))
    if request.method != "POST":
        return _first(desk)
    opened = open_document(desk.node, desk.path, base, gone=True)
    if "_merge" in request.POST:
        return _together(desk, opened, request.POST.get("mine", ""))
    return _sent(desk, opened)


def _first(desk: Desk) -> HttpResponse:
    """As it is saved, or as its author left it without saving."""
    draft = editing.resumed(desk.request, desk.asker, desk.path)
    opened = open_document(desk.node, desk.path, draft.base if draft else None)
    mode = desk.request.GET.get("mode", "fields")
    if draft is None:
        return _form(desk, opened, untouched(opened, mode))
    return _form(desk, opened, read_sent(opened, draft.as_query().dict(), now_text()))


def _sent(desk: Desk, opened: Opened) -> HttpResponse:
    sent = read_sent(opened, desk.request.POST.dict(), now_text())
    if "_back" in desk.request.POST or not sent.is_valid:
        return _form(desk, opened, sent, status=200 if sent.is_valid else telling.REFUSED)
    try:
        new = made(desk.node, opened, sent)
        if "_review" in desk.request.POST:
            return _review(desk, opened, sent, new)
        return _save(desk, opened, sent, new)
    except (EditError, PolicyDenied, GitFault) as error:
        return _form(desk, opened, sent, error=error, status=telling.status_of(error))


def _save(desk: Desk, opened: Opened, sent: Sent, new: bytes) -> HttpResponse:
    """Raises PolicyDenied, or GitFault for anything but a conflict."""
    if new == opened.content:
        editing.forget(desk.asker, desk.path)
        messages.info(desk.request, _("Nothing was changed, so there was nothing to save."))
        return _onwards(desk)
    if meeting := meet(desk.node, desk.path, opened.base, new):
        return _meeting(desk, meeting)
    wish = Wish(files={desk.path: new}, cause=sent.message, base=opened.base)
    try:
        kept = keep(desk.node, desk.asker, author_of(desk.request.user), wish)
    except GitFault as error:
        if error.code == CONFLICT and (meeting := meet(desk.node, desk.path, opened.base, new)):
            return _meeting(desk, meeting)
        raise
    editing.forget(desk.asker, desk.path)
    telling.saved(desk.request, kept, _("Saved"))
    return _onwards(desk)


def _onwards(desk: Desk) -> HttpResponse:
    if "_continue" in desk.request.POST:
        mode = desk.request.POST.get("mode")
        return HttpResponseRedirect(desk.url + ("?mode=source" if mode == SOURCE else ""))
    return HttpResponseRedirect(reverse("admin:content_document_changelist"))


def _form(
    desk: Desk,
    opened: Opened,
    sent: Sent,
    *,
    error: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    text = opened.parts.text if sent.source is None else normal(sent.source)
    context = {
        "title": sent.title.text or _("A page without a title"),
        "opened": opened,
        "sent": sent,
        "source": text,
        "body": opened.body if sent.body is None else normal(sent.body),
        "base": desk.seal(opened.base),
        "states": [(each, telling.STATES[each]) for each in STATES],
        "error": getattr(error, "reason", str(error)) if error else "",
        "remedy": getattr(error, "remedy", ""),
        "line": getattr(error, "line", 0),
        **telling.head(opened),
        "editor": editing.context(desk.request, desk.asker, desk.path),
    }
    return show(desk.request, EDIT, context, status=status)


def _review(desk: Desk, opened: Opened, sent: Sent, new: bytes) -> HttpResponse:
    context = {
        "title": _("Review the changes"),
        "subtitle": sent.title.text or desk.path,
        "opened": opened,
        "sent": sent,
        "base": desk.seal(opened.base),
        "url": desk.url,
        "diff": diffs.file_diff(desk.path, opened.content, new),
        "is_same": new == opened.content,
        "kept": _kept(desk.request.POST),
    }
    return show(desk.request, REVIEW, context)


def _kept(sent: Any) -> list[tuple[str, str]]:
    """To be sent again, as it was."""
    names = [name for name in sent if name not in LOCAL and name != "base"]
    return [(name, value) for name in names for value in sent.getlist(name)]


def _together(desk: Desk, opened: Opened, mine: str) -> HttpResponse:
    """A person has decided, or some of it."""
    choices = read_choices(desk.request.POST)
    meeting = meet(desk.node, desk.path, opened.base, retyped(opened.content, mine), choices)
    if meeting is None:
        messages.info(desk.request, _("There is nothing left to bring together."))
        return HttpResponseRedirect(desk.url)
    return _meeting(desk, meeting)


def _meeting(desk: Desk, meeting: Meeting) -> HttpResponse:
    title = _("Somebody else changed this page meanwhile")
    context: Mapping[str, Any] = {
        "title": title,
        "subtitle": desk.path,
        "meeting": meeting,
        "url": desk.url,
        "mine": normal(meeting.mine.decode("utf-8", "replace")),
        "merged": normal(meeting.merged.decode("utf-8", "replace")),
        "base": desk.seal(meeting.base),
        "tip": desk.seal(meeting.tip),
        "theirs_diff": diffs.file_diff(desk.path, meeting.before, meeting.theirs),
        "merged_diff": diffs.file_diff(desk.path, meeting.theirs, meeting.merged),
        "list_url": reverse("admin:content_document_changelist"),
    }
    return show(desk.request, MEET, context, status=telling.CONFLICTING)
