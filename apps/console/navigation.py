"""The console's main pages, of which everybody sees those that policy opens for them."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from apps.console import asking
from apps.console.permissions import resource_of

PREVIEW, PEOPLE, POLICY = "preview", "manage-people", "change-policy"


@dataclass(frozen=True, slots=True)
class Entry:
    label: Any
    url: str
    is_here: bool


PAGES: Final = (
    (_("Dashboard"), "admin:index", ""),
    (_("Write"), "admin:content_document_changelist", PREVIEW),
    (_("Media"), "admin:media", PREVIEW),
    (_("Publish"), "admin:publishing", PREVIEW),
    (_("Releases"), "admin:releases", PREVIEW),
    (_("Extensions"), "admin:extensions", PREVIEW),
    (_("People"), "admin:console_account_changelist", PEOPLE),
    (_("Policy"), "admin:policies", POLICY),
    (_("Activity"), "admin:policy_auditevent_changelist", PEOPLE),
)
"""What each is called, where it is, and the action that it takes to look at it."""


def entries(request: HttpRequest) -> list[Entry]:
    if not request.user.is_authenticated:
        return []
    who = asking.person(request.user.get_username())
    actions = {action for _, _, action in PAGES if action}
    open_ = {each for each in actions if asking.decide(who, each, resource_of(each)).allowed}
    found = []
    for label, name, action in PAGES:
        if action and action not in open_:
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        here = request.path == url if name == "admin:index" else request.path.startswith(url)
        found.append(Entry(label, url, here))
    return found
