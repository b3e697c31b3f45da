"""The read half as a Django view, for the test client and for other projects that mount it."""

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from apps.delivery.answer import answer, refuse
from apps.delivery.asgi import read_scope
from apps.delivery.chunks import file_chunks
from apps.delivery.live import LiveSite
from apps.delivery.replies import Reply
from apps.delivery.requests import BadPath, PageRequest
from apps.delivery.wsgi import read_environ


class DeliveryView:
    """A catch-all view: `re_path("", DeliveryView(site))`."""

    def __init__(self, site: LiveSite) -> None:
        self._site = site

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            reply = answer(_read(request), self._site)
        except BadPath:
            reply = refuse(request.method or "GET")
        return _response(reply)


def _read(request: HttpRequest) -> PageRequest:
    if isinstance(request, ASGIRequest):
        return read_scope(dict(request.scope))
    # Django has put the decoded path into its copy of the WSGI environment.
    raw = request.path_info.encode("utf-8", "surrogatepass").decode("latin-1")
    return read_environ({**request.META, "PATH_INFO": raw})


def _response(reply: Reply) -> HttpResponseBase:
    body = reply.body
    response: HttpResponseBase
    if isinstance(body, bytes):
        response = HttpResponse(body, status=reply.status)
    else:
        response = StreamingHttpResponse(file_chunks(body), status=reply.status)
    del response.headers["Content-Type"]
    for name, value in reply.headers:
        # Django keeps one line for each name; a list in one line means the same (RFC 9110, 5.3).
        before = response.headers.get(name)
        response.headers[name] = f"{before}, {value}" if before else value
    return response
