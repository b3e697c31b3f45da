"""Makes what the live site answers at one address, once and for all: the bytes without a coding, or
where they redirect to."""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from apps.content.images.renditions import ROOT as RENDITIONS
from apps.content.problems import Problem
from apps.delivery import assets, pipeline
from apps.delivery.chunks import file_chunks
from apps.delivery.context import PageError
from apps.delivery.exporting.bounds import ATTEMPTS, PAUSE_SECONDS
from apps.delivery.http.encodings import is_text
from apps.delivery.observation import Observation, observe
from apps.delivery.replies import OWN, FilePart, Reply
from apps.delivery.requests import as_anybody
from apps.delivery.served import Served
from apps.delivery.traces import Trace
from apps.delivery.trying.addresses import MISSING, further
from apps.extensions.themes import ThemeFault

FAILED: Final = "export.failed"
NO_SEARCH: Final = PageError(
    501,
    "Nothing can be searched here",
    "This copy of the site consists of files alone, and a search needs the server.",
)
_RENDITION: Final = re.compile(re.escape(RENDITIONS.encode()) + rb"[A-Za-z0-9._/-]+")


@dataclass(frozen=True, slots=True)
class Made:
    """What one address has. Without `body` and `target` there is nothing that a host could send;
    `further` are addresses that the page leads to and nothing else knows of."""

    address: str
    type: str = ""
    body: bytes | FilePart | None = None
    target: str = ""
    status: int = 200
    further: frozenset[str] = frozenset()
    headers: frozenset[str] = frozenset()
    """Names of those that plugins have set."""
    problem: Problem | None = None


@dataclass(slots=True)
class _Tried:
    reply: Reply | None = None
    trace: Trace = field(default_factory=Trace)


def make(address: str, served: Served) -> Made:
    """Bounded by what the workers of one page may take. Raises CommitMoved when the site moves on
    meanwhile, WorkerFault and sqlite3.Error."""
    if asset := served.registry.asset(address):
        return _sent(address, assets.theme_asset_reply(address, *asset))
    observation = observe(as_anybody(address), served.observing)
    if is_search(observation):
        draft = pipeline.error_draft(NO_SEARCH, observation.request, served)
        return Made(address, type=draft.content_type, body=draft.text.encode())
    tried = _tried(observation, served)
    reply = tried.reply
    if reply is None or reply.status >= 500 or tried.trace.failed:
        return Made(address, problem=Problem(address, 0, FAILED, _why(tried)))
    return _sent(address, reply, further(observation))


def is_search(observation: Observation) -> bool:
    """What it answers depends on what is asked, which no file knows."""
    match = observation.found.match if observation.found else None
    return match is not None and match.route.search is not None


def parts(body: bytes | FilePart) -> Iterable[bytes]:
    return [body] if isinstance(body, bytes) else file_chunks(body)


def _tried(observation: Observation, served: Served) -> _Tried:
    """By breakers of its own, so that what fails on one page is tried on the next all the same."""
    tried = _Tried()
    for attempt in range(ATTEMPTS):
        time.sleep(attempt * PAUSE_SECONDS)
        tried = _Tried()
        alone = replace(served, containment=served.containment.apart())
        try:
            tried.reply = pipeline.written(observation, alone, tried.trace)
        except ThemeFault as fault:
            tried.trace.failure(fault.theme, str(fault))
        if not tried.trace.failed:
            break
    return tried


def _why(tried: _Tried) -> str:
    if tried.reply is not None and not tried.trace.failed:
        remedy = "run manage.py syncrepo --rebuild" if tried.reply.status == 503 else "see the log"
        return f"answers {tried.reply.status}; {remedy}"
    steps = (f"{step.by}: {step.detail}" for step in tried.trace.steps)
    return f"{'; '.join(steps)}; mend the extension, or disable it"


def _sent(address: str, reply: Reply, known: Iterable[str] = ()) -> Made:
    if target := reply.header("location"):
        return Made(address, target=target, status=reply.status)
    kind = reply.header("content-type") or assets.DEFAULT_TYPE
    if reply.status != (404 if address == MISSING else 200):
        return Made(address, status=reply.status)
    named = set(known)
    if isinstance(reply.body, bytes) and (is_text(kind) or "json" in kind):
        named |= {each.decode() for each in _RENDITION.findall(reply.body)}
    return Made(
        address,
        type=kind,
        body=reply.body,
        status=reply.status,
        further=frozenset(named),
        headers=frozenset(name for name, _ in reply.headers) - OWN - {"x-request-id"},
    )
