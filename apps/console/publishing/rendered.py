"""Which pages differ between two commits, and one page of one of them as a reader would get it."""

import re
from dataclasses import dataclass
from typing import Final

from apps.console.node import ConsoleNode
from apps.console.publishing.beside import looking
from apps.content.catalogue import Titled, titled
from apps.delivery import assets, pipeline
from apps.delivery.quoting import quoted
from apps.delivery.replies import Reply
from apps.delivery.requests import as_anybody
from apps.delivery.served import Served
from apps.delivery.traces import Trace
from apps.delivery.trying.rehearsal import Progress, Rehearsal, rehearse
from apps.extensions.themes import ThemeFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.writing.outgoing import files_between

HTML: Final = "text/html"
PLAIN: Final = "text/plain; charset=utf-8"
"""The same on both sides, as error pages show it."""
REDIRECT: Final = range(300, 400)
FOUND: Final = 200
LINKED: Final = re.compile(rb"""(<link\b[^>]{0,500}?\shref="|\ssrc="|\sposter=")(/(?!/))""")
SETS: Final = re.compile(rb"""(\ssrcset=")([^"]{1,10000})""")
EACH: Final = re.compile(rb"""(^|,\s{0,9})/(?!/)""")
"""Addresses on this server that a page loads without being asked."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Where a document is in the old commit and in the new one; empty where it has no page."""

    old: str
    new: str
    title: str
    path: str

    @property
    def address(self) -> str:
        return self.new or self.old


@dataclass(frozen=True, slots=True)
class Seen:
    content: bytes
    content_type: str


def pairs(console: ConsoleNode, old: str, new: str) -> tuple[Pair, ...]:
    """Of the documents that differ, in the order of their addresses. Raises GitFault."""
    repository = Repository(console.site().source.repository)
    paths = [each.path for each in files_between(repository, old, new)]
    with looking(console, old) as one, looking(console, new) as two:
        before, after = (titled(each.files, paths) for each in (one, two))
    known = (_pair(path, before.get(path), after.get(path)) for path in paths)
    return tuple(sorted((each for each in known if each.address), key=lambda each: each.address))


def rehearsed(console: ConsoleNode, old: str, new: str, progress: Progress) -> Rehearsal:
    """Every page of the site by both commits. Raises GitFault, CommitMoved and WorkerFault."""
    with looking(console, old) as before, looking(console, new) as after:
        return rehearse(console.apart(after.files), before, after, progress)


def made(served: Served, path: str, files: str) -> Seen:
    """A page as readers would have it, with what it shows beside its text from below `files`. What
    cannot be shown as a page is told in words. Raises CommitMoved."""
    reply = _reply(served, path)
    if reply is None or reply.status in REDIRECT:
        told = f"→ {reply.header('location')}" if reply else "The theme could not write this page."
        return Seen(f"{told}\n".encode(), PLAIN)
    kind = reply.header("content-type") or PLAIN
    if not isinstance(reply.body, bytes) or not kind.startswith(HTML):
        return Seen(b"This is no page; open it on the site.\n", PLAIN)
    return Seen(_beside(reply.body, files.encode()), kind)


def file_of(served: Served, path: str) -> Reply | None:
    """A style, a picture or the like; None for what is none. Raises CommitMoved."""
    if asset := served.registry.asset(path):
        return assets.theme_asset_reply(path, *asset)
    reply = _reply(served, path)
    if reply is None or reply.status != FOUND:
        return None
    return None if (reply.header("content-type") or HTML).startswith(HTML) else reply


def _reply(served: Served, path: str) -> Reply | None:
    try:
        return pipeline.deliver(as_anybody(path), served, Trace())
    except ThemeFault:
        return None


def _beside(body: bytes, files: bytes) -> bytes:
    """What a page loads by itself comes from the same commit as the page."""
    body = LINKED.sub(lambda found: found[1] + files + found[2], body)
    return SETS.sub(lambda found: found[1] + EACH.sub(rb"\1" + files + b"/", found[2]), body)


def _pair(path: str, before: Titled | None, after: Titled | None) -> Pair:
    old, new = (quoted(each.url) if each else "" for each in (before, after))
    known = after or before
    return Pair(old, new, known.title if known else "", path)
