"""From page request to reply: a plain function that every server's adapter calls.

Nothing that a document, a plugin or a template does can make it raise.
"""

from time import perf_counter

import structlog

from apps.delivery import assets, pipeline, replies
from apps.delivery.context import PageError
from apps.delivery.live import LiveSite
from apps.delivery.observation import CommitMoved
from apps.delivery.replies import Reply
from apps.delivery.requests import METHODS, PageRequest, new_id
from apps.delivery.served import Served
from apps.delivery.traces import DROPPED, FAILED, SKIPPED, Trace
from apps.extensions.themes import ThemeFault

log = structlog.get_logger("whispercms.request")

LEVELS = {FAILED: log.warning, DROPPED: log.info, SKIPPED: log.debug}
"""Of what is skipped the breaker has told once, when it opened."""

ATTEMPTS = 3
BROKEN = "This page could not be made. The fault is ours and has been noted; please try again."


def answer(request: PageRequest, site: LiveSite) -> Reply:
    """The reply, with its request id, logged. Takes as long as the deadlines of workers allow."""
    structlog.contextvars.bind_contextvars(request_id=request.id)
    start, trace = perf_counter(), Trace()
    try:
        reply = _answer(request, site, trace)
    finally:
        structlog.contextvars.unbind_contextvars("request_id")
    log.info(
        "request",
        request_id=request.id,
        method=request.method,
        path=request.path,
        status=reply.status,
        milliseconds=round((perf_counter() - start) * 1000, 2),
    )
    for step in trace.steps:
        LEVELS[step.what](
            "extension", request_id=request.id, by=step.by, what=step.what, detail=step.detail
        )
    if site.show is not None:
        reply = site.show(reply, trace)
    reply = reply.with_headers(("x-request-id", request.id))
    return reply.without_body() if request.method == "HEAD" else reply


def refuse(method: str) -> Reply:
    """For what cannot be decoded into a request at all."""
    reply = replies.plain(400, "This address cannot be read.\n", ("x-request-id", new_id()))
    return reply.without_body() if method == "HEAD" else reply


def _answer(request: PageRequest, site: LiveSite, trace: Trace) -> Reply:
    if request.method not in METHODS:
        return replies.plain(405, "Only GET and HEAD.\n", ("allow", ", ".join(METHODS)))
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
        return broken(request, themed)


def _page_or_asset(request: PageRequest, served: Served, trace: Trace) -> Reply:
    if asset := served.registry.asset(request.path):
        return assets.theme_asset_reply(request, *asset)
    return pipeline.deliver(request, served, trace)


def broken(request: PageRequest, served: Served | None) -> Reply:
    """A clean page for our own fault: the theme's if it can make one, else the plainest."""
    error = PageError(500, "Something went wrong", BROKEN, request.id)
    if served is not None:
        try:
            draft = pipeline.error_draft(error, request, served)
            return replies.page(draft.status, draft.text.encode())
        except Exception as second:
            log.warning("no error page", request_id=request.id, reason=str(second))
    text = replies.last_resort(error.status, error.title, error.message, request.id)
    return replies.page(error.status, text.encode())
