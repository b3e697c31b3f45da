"""What policy is asked about where somebody types: many times a minute, so no Git is started."""

from typing import Final

from django.contrib.admin.utils import unquote
from django.http import HttpRequest

from apps.console.node import node
from apps.content import layouts
from apps.content.entries import DRAFT
from apps.gitsync.errors import GitFault
from apps.gitsync.resources import as_shown, change_of
from apps.policy.entities import Document, Resource

DOCUMENTS: Final = (layouts.Role.DOCUMENT, layouts.Role.EITHER)
NEW: Final = "page"
"""The kind of what is not in the index yet."""


def about(request: HttpRequest, object_id: str) -> Resource:
    """Of the commit that is served. Raises GitFault for what is no document, NotRunning and
    sqlite3.Error."""
    return subject(unquote(object_id))


def subject(path: str) -> Resource:
    served = node().live.current()
    if layouts.role(served.configuration, path) not in DOCUMENTS:
        raise GitFault("path.kind", f"{path[:200]!r} is no page", "Choose one from the list")
    kind, visibility = served.observing.index.state(path) or (NEW, DRAFT)
    document = Document(path=path, type=kind, draft=True, visibility=DRAFT, branch=served.branch)
    return change_of(path, as_shown(document, visibility))[1]
