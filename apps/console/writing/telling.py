"""How a person is told of documents and of what became of a change, in words and with the next
step."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.utils import quote
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.console.keeping import Kept, warn_if_behind
from apps.console.writing.opened import Opened
from apps.console.writing.states import State
from apps.content.editing import EditError
from apps.extensions.authorising import PolicyDenied

STATES: Final = {
    State.PUBLISHED: gettext_lazy("Public"),
    State.DRAFT: gettext_lazy("Draft"),
    State.SCHEDULED: gettext_lazy("Scheduled"),
    State.EXPIRED: gettext_lazy("Expired"),
    State.PRIVATE: gettext_lazy("Private"),
}
BADGES: Final = {
    State.PUBLISHED: "ok",
    State.DRAFT: "quiet",
    State.SCHEDULED: "warn",
    State.EXPIRED: "bad",
    State.PRIVATE: "quiet",
}
COMMIT: Final = 10
DENIED, CONFLICTING, REFUSED = 403, 409, 422
PROBLEMS: Final = 5


@dataclass(frozen=True, slots=True)
class Links:
    """To the pages of one document."""

    change: str
    history: str
    move: str
    delete: str


def links(path: str) -> Links:
    """Of a path in the repository."""
    names = ("change", "history", "move", "delete")
    return Links(*(reverse(f"admin:content_document_{name}", args=[quote(path)]) for name in names))


def head(opened: Opened) -> dict[str, Any]:
    """For `console/writing/document_head.html`. Only what is public has an address to look at."""
    state = opened.timed.state
    return {
        "links": links(opened.path),
        "path": opened.path,
        "address": opened.address if state is State.PUBLISHED else "",
        "opened_words": STATES[state],
        "opened_badge": BADGES[state],
    }


def saved(request: HttpRequest, kept: Kept, what: str) -> None:
    """With the commit, small, and what this node makes of it."""
    publish = _to("admin:publishing")
    next_ = format_html(' <a href="{}">{}</a>', publish, _("Publish")) if publish else ""
    told = _("It is kept here and not published yet.")
    text = format_html(
        '{}. {}{} <small class="mono">{}</small>', what, told, next_, kept.commit[:COMMIT]
    )
    messages.success(request, text)
    if warn_if_behind(request, kept.followed):
        return
    for problem in kept.followed.problems[:PROBLEMS]:
        messages.warning(request, str(problem))


def status_of(error: Exception) -> int:
    """Of a form that is shown again, because of what its author asked for."""
    if isinstance(error, PolicyDenied):
        return DENIED
    return REFUSED if isinstance(error, EditError) else CONFLICTING


def _to(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
