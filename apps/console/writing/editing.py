"""What the page of a document needs for its editor: drafts, addresses, words."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from apps.console.node import node
from apps.console.writing.draft_pages import addresses
from apps.console.writing.drafts import Draft, Drafts
from apps.console.writing.editor_words import words
from apps.policy.entities import Person

RESUME = "draft"
"""In the address of the page: what was not saved is to be gone on with."""


def resumed(request: HttpRequest, asker: Person, path: str) -> Draft | None:
    """The draft that somebody wants to go on with. Raises GitFault."""
    return _drafts().mine(asker.id, path) if RESUME in request.GET else None


def forget(asker: Person, path: str) -> None:
    """What was kept is saved by now. Raises GitFault."""
    _drafts().forget(asker.id, path)


def context(request: HttpRequest, asker: Person, path: str) -> dict[str, Any]:
    """Raises GitFault."""
    draft = _drafts().mine(asker.id, path)
    others = _drafts().others(asker.id, path)
    return {
        "path": path,
        "urls": {**addresses(path), **_media()},
        "draft": draft,
        "when": _moment(draft) if draft else None,
        "is_resumed": draft is not None and RESUME in request.GET,
        # A page that does not show what was kept may not write over it without a word.
        "version": draft.version if draft and _shows(request) else "",
        "others": [(each.owner, _moment(each)) for each in others],
        "words": words(),
    }


def _media() -> dict[str, str]:
    """Empty where there is no room for pictures."""
    found = {}
    for name in ("media_list", "media_upload"):
        try:
            found[name] = reverse(f"admin:{name}")
        except NoReverseMatch:
            found[name] = ""
    return found


def _shows(request: HttpRequest) -> bool:
    return RESUME in request.GET or request.method == "POST"


def _moment(draft: Draft) -> datetime:
    return datetime.fromtimestamp(draft.moment, UTC)


def _drafts() -> Drafts:
    return Drafts(node().site().source)
