"""A page of text that nobody has saved: parsed, rendered and written as if it were in the commit
that is served, by the same workers, plugins and theme. Nothing is kept of it here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from apps.content import laid as layers
from apps.content import layouts
from apps.content.documents import read_document
from apps.content.entries import Entry
from apps.content.laid import LaidIndex
from apps.content.problems import Problem
from apps.content.renderings import Source
from apps.content.warming import render_one
from apps.delivery import pipeline
from apps.delivery.live import LiveSite
from apps.delivery.observation import CommitMoved
from apps.delivery.replies import URL_SAFE, Reply
from apps.delivery.requests import PageRequest, new_id
from apps.delivery.served import Served
from apps.delivery.traces import DROPPED, Trace
from apps.extensions.containment.containment import Containment
from apps.extensions.themes import ThemeFault

ATTEMPTS: Final = 3
UNSAVED: Final = "unsaved"
"""In the place of the blob that the text would become."""
NO_PAGE: Final = "document.role"


@dataclass(frozen=True, slots=True)
class Draft:
    """`beside` is the address below which files of its folder are to be had that visitors are not
    shown."""

    path: str
    text: str
    beside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """`reply` is None where there is no page; `problems` say why, or what is amiss all the same.
    `failures` are (extension, reason) of those that added less than they meant to."""

    commit: str
    url: str = ""
    reply: Reply | None = None
    problems: tuple[Problem, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()


def try_draft(draft: Draft, live: LiveSite, apart: "Apart") -> Tried:
    """Bounded by what the workers of one page may take. Raises CommitMoved where syncs come too
    fast, WorkerFault for what the machine did, and what loading a site raises."""
    for _ in range(ATTEMPTS):
        served = live.current()
        try:
            return _tried(draft, served, apart.of(served))
        except CommitMoved:
            live.reload(served)
    raise CommitMoved


def _tried(draft: Draft, served: Served, containment: Containment) -> Tried:
    configuration, renderer = served.configuration, served.observing.renderer
    if layouts.role(configuration, draft.path) not in (layouts.Role.DOCUMENT, layouts.Role.EITHER):
        reason = "no page is made of this file"
        problem = Problem(draft.path, 0, NO_PAGE, reason)
        return Tried(commit=served.commit, problems=(problem,))
    source = Source(draft.path, layouts.markup(configuration, draft.path), draft.text)
    entry = _entry(source, served)
    if entry.document is None:
        return Tried(commit=served.commit, problems=entry.problems)
    body = render_one(renderer, source)
    document = layers.laid(entry, body, draft.text, draft.beside)
    assert document is not None
    observing = replace(served.observing, index=LaidIndex(served.observing.index, document))
    over = replace(served, observing=observing, containment=containment)
    reply, failures = _delivered(document.document.url, over)
    return Tried(
        commit=served.commit,
        url=quote(document.document.url, safe=URL_SAFE),
        reply=reply,
        problems=entry.problems,
        failures=failures,
    )


def _entry(source: Source, served: Served) -> Entry:
    ((_, parsed),) = served.observing.renderer.parse([source])
    return read_document(
        served.configuration,
        source=source.path,
        blob=UNSAVED,
        content=source.text.encode(),
        parsed=parsed,
    )


def _delivered(path: str, served: Served) -> tuple[Reply | None, tuple[tuple[str, str], ...]]:
    trace = Trace()
    try:
        reply = pipeline.deliver(PageRequest("GET", path, "", (), new_id()), served, trace)
    except ThemeFault as fault:
        trace.failure(fault.theme, str(fault))
        reply = None
    return reply, tuple(_told(trace))


def _told(trace: Trace) -> Iterator[tuple[str, str]]:
    seen: Sequence[tuple[str, str]] = [(s.by, s.detail) for s in trace.steps if s.what != DROPPED]
    yield from dict.fromkeys(seen)


class Apart:
    """Breakers of their own for as long as one commit is served, so that what fails on one text
    need not be tried on the next."""

    def __init__(self) -> None:
        self._known: tuple[object, Containment] = (None, Containment())

    def of(self, served: Served) -> Containment:
        token, kept = self._known
        if token is not served.token:
            kept = served.containment.apart()
            self._known = served.token, kept
        return kept
