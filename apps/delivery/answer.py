"""From page request to reply: a plain function that knows nothing of servers and caches.

Nothing that a document, a plugin or a template does can make it raise.
"""

from dataclasses import dataclass, replace
from time import perf_counter

import structlog

from apps.delivery import assets, pipeline, replies
from apps.delivery.context import PageError
from apps.delivery.facts import HEADER, QUERY, names_of
from apps.delivery.http.conditions import respond
from apps.delivery.http.making import completed, represent
from apps.delivery.http.representation import Asked, Representations
from apps.delivery.http.sending import Origin
from apps.delivery.live import LiveSite
from apps.delivery.observation import CommitMoved, Observation, observe
from apps.delivery.query_keys import MARK
from apps.delivery.replies import Reply
from apps.delivery.requests import METHODS, PageRequest
from apps.delivery.served import Served
from apps.delivery.traces import DROPPED, FAILED, SKIPPED, Trace
from apps.extensions.capabilities import SECRET_HEADERS
from apps.extensions.themes import ThemeFault

log = structlog.get_logger("whispercms.request")

LEVELS = {FAILED: log.warning, DROPPED: log.info, SKIPPED: log.debug}
"""Of what is skipped the breaker has told once, when it opened."""

ATTEMPTS = 3
BROKEN = "This page could not be made. The fault is ours and has been noted; please try again."
ASSETS, FILES, REDIRECTS, ABSENT = "assets", "files", "redirects", "absent"


@dataclass(frozen=True, slots=True)
class Made:
    """A reply, and what it was made from. Without `served` the site has no part in it; without
    `observation` the index has none. `quarantined` are the extensions that were kept out."""

    reply: Reply
    trace: Trace
    served: Served | None = None
    observation: Observation | None = None
    quarantined: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Nothing failed, was skipped or was late."""
        return not (self.trace.failed or self.trace.fault) and self.reply.status < 500

    @property
    def is_lasting(self) -> bool:
        """Whether others may be given it, for as long as its facts hold."""
        served, reply = self.served, self.reply
        if served is None or not self.is_whole or self.origin.personal:
            return False
        if self.observation is None:
            # What only a former version had is there for a moment more.
            return served.registry.has_asset(reply.header("etag") or "")
        found = self.observation.found
        if found and found.rendition:
            # What is on the disk may go, and what stands in for it may give way, at any moment.
            is_here = isinstance(reply.body, bytes)
            return is_here and assets.STAND_IN not in reply.headers
        return reply.header("set-cookie") is None

    @property
    def route(self) -> str:
        """`theme/route`, or what it is that no route was asked for."""
        if self.observation is None:
            return ASSETS if self.served else ""
        found = self.observation.found
        if found is None or found.unmade:
            return ABSENT
        if found.match is None or found.redirect:
            return REDIRECTS if found.redirect else FILES
        return f"{found.match.theme.id}/{found.match.route.name}"

    @property
    def headers(self) -> tuple[str, ...]:
        """Names of the request's headers that were read."""
        return self._asked(HEADER)

    @property
    def read(self) -> tuple[str, ...]:
        """All that was read of the request: headers, and keys of the query (`query_keys`)."""
        return (*self.headers, *(f"{MARK}{key}" for key in self._asked(QUERY)))

    def _asked(self, kind: str) -> tuple[str, ...]:
        facts = self.observation.facts if self.observation else ()
        return tuple(fact.asked for fact in facts if fact.kind == kind)

    @property
    def origin(self) -> Origin:
        """As much of it as others are told."""
        if self.served is None:
            return Origin(whole=self.is_whole)
        return Origin(
            modified=self.served.modified,
            headers=self.headers,
            keys=names_of(self.observation.facts) if self.observation else (),
            whole=self.is_whole,
            personal=not SECRET_HEADERS.isdisjoint(self.headers),
        )


def answer(request: PageRequest, site: LiveSite) -> Reply:
    """The reply as it is sent, with its request id, made afresh."""
    kept = represent(make(request, site).reply)
    return sent(kept, request).with_headers(("x-request-id", request.id))


def sent(kept: Representations, asked: Asked) -> Reply:
    """In the coding that is wanted, which is made where nobody wanted it before."""
    return respond(kept, asked) or respond(completed(kept, asked), asked) or kept.whole.reply


def make(request: PageRequest, site: LiveSite, trace: Trace | None = None) -> Made:
    """The whole reply, whatever part of it is asked for; logged. Takes as long as the deadlines of
    workers allow."""
    structlog.contextvars.bind_contextvars(request_id=request.id)
    start, trace = perf_counter(), trace or Trace()
    try:
        made = _made(request, site, trace)
    finally:
        structlog.contextvars.unbind_contextvars("request_id")
    log.info(
        "request",
        request_id=request.id,
        method=request.method,
        path=request.path,
        status=made.reply.status,
        milliseconds=round((perf_counter() - start) * 1000, 2),
    )
    for step in trace.steps:
        LEVELS[step.what](
            "extension", request_id=request.id, by=step.by, what=step.what, detail=step.detail
        )
    return made if site.show is None else replace(made, reply=site.show(made.reply, trace))


def _made(request: PageRequest, site: LiveSite, trace: Trace) -> Made:
    if request.method not in METHODS:
        reply = replies.plain(405, "Only GET and HEAD.\n", ("allow", ", ".join(METHODS)))
        return Made(reply, trace)
    served = None
    try:
        for _ in range(ATTEMPTS):
            served = site.current()
            try:
                return _page_or_asset(request, served, trace)
            except CommitMoved:
                site.reload(served)
        raise CommitMoved
    except Exception as error:
        trace.fault = str(error)
        log.exception("failed", request_id=request.id, path=request.path, reason=str(error))
        themed = served if isinstance(error, ThemeFault) and error.can_show_errors else None
        return Made(broken(request, themed), trace)


def _page_or_asset(request: PageRequest, served: Served, trace: Trace) -> Made:
    quarantined = served.containment.quarantined
    if asset := served.registry.asset(request.path):
        reply = assets.theme_asset_reply(request.path, *asset)
        return Made(reply, trace, served, quarantined=quarantined)
    observation = observe(request, served.observing)
    reply = pipeline.written(observation, served, trace)
    return Made(reply, trace, served, observation, quarantined)


def broken(request: PageRequest, served: Served | None) -> Reply:
    """A clean page for our own fault: the theme's if it can make one, else the plainest."""
    error = PageError(500, "Something went wrong", BROKEN, request.id)
    if served is not None:
        try:
            draft = pipeline.error_draft(error, request, served)
            return replies.page(draft.status, draft.text.encode(), draft.content_type)
        except Exception as second:
            log.warning("no error page", request_id=request.id, reason=str(second))
    text = replies.last_resort(error.status, error.title, error.message, request.id)
    return replies.page(error.status, text.encode())
