"""An unsaved text as the page that readers would see, and what is amiss with it in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import time
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.console.node import node
from apps.console.writing.preview_room import Room, Shown
from apps.delivery.observation import CommitMoved
from apps.delivery.served import NothingServed
from apps.delivery.trying.drafting import Apart, Draft, Tried, try_draft
from apps.extensions.settling import ExtensionsUnusable

room: Final = Room()
apart: Final = Apart()
HTML: Final = "text/html"
PLAIN: Final = "text/plain; charset=utf-8"
MOVED: Final = range(300, 400)


@dataclass(frozen=True, slots=True)
class Note:
    """`kind` is "bad" where there is no page for it, "warn" otherwise. `line` 0 is none."""

    kind: str
    text: str
    line: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "text": self.text, "line": self.line}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`shown` is None where there is no page to be seen; `url` is its address on the site."""

    shown: Shown | None
    url: str
    notes: tuple[Note, ...]


def make(path: str, content: bytes, beside: str) -> Preview:
    """Raises NotRunning, and WorkerFault and sqlite3.Error for what the machine did."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return Preview(shown=None, url="", notes=(Note("bad", _("This file is not text.")),))
    try:
        tried = try_draft(Draft(path, text, beside), node().live, apart)
    except (CommitMoved, NothingServed, ExtensionsUnusable) as error:
        told = _("The site cannot be shown at the moment: %(reason)s") % {"reason": error}
        return Preview(shown=None, url="", notes=(Note("bad", told),))
    return Preview(shown=_shown(path, tried), url=tried.url, notes=tuple(_notes(tried)))


def is_of_today(shown: Shown) -> bool:
    """Whether the site is still as it was when the page was made."""
    return shown.made_by is node().live.current().token


def told(path: str, notes: tuple[Note, ...]) -> Shown:
    """In the place of a page that cannot be."""
    lines = [f"{note.line}: {note.text}" if note.line else note.text for note in notes]
    text = "\n".join([_("There is no page to be shown."), *lines, ""])
    return Shown(source=path, status=200, content_type=PLAIN, content=text.encode(), at=time())


def _shown(path: str, tried: Tried) -> Shown | None:
    reply = tried.reply
    if reply is None or reply.status in MOVED or not isinstance(reply.body, bytes):
        return None
    return Shown(
        source=path,
        status=reply.status,
        content_type=reply.header("content-type") or HTML,
        content=reply.body,
        at=time(),
        made_by=node().live.current().token,
    )


def _notes(tried: Tried) -> Iterator[Note]:
    reply = tried.reply
    for problem in tried.problems:
        yield Note("warn" if reply else "bad", problem.reason, problem.line)
    for by, reason in tried.failures:
        told = _("%(extension)s could not do its part: %(reason)s")
        yield Note("warn" if reply else "bad", told % {"extension": by, "reason": reason})
    if reply and reply.status in MOVED:
        told = _("This page has no text of its own: it leads readers to %(address)s")
        yield Note("warn", told % {"address": reply.header("location") or ""})
