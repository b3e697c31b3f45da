"""The read half as a Django view, for the test client and for other projects that mount it."""

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from apps.delivery.asgi import ScopeIncoming
from apps.delivery.chunks import file_chunks
from apps.delivery.front import Front
from apps.delivery.incoming import Headers, Incoming
from apps.delivery.replies import Reply
from apps.delivery.wsgi import EnvironIncoming


class DeliveryView:
    """A catch-all view: `re_path("", DeliveryView(front))`."""

    def __init__(self, front: Front) -> None:
        self._front = front

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        incoming = _incoming(request)
        answer = self._front.quick(incoming) or self._front.answer(incoming)
        return _response(answer.reply, answer.more)


def _incoming(request: HttpRequest) -> Incoming:
    if isinstance(request, ASGIRequest):
        return ScopeIncoming(dict(request.scope))
    # Django has put the decoded path into its copy of the WSGI environment.
    raw = request.path_info.encode("utf-8", "surrogatepass").decode("latin-1")
    return EnvironIncoming({**request.META, "PATH_INFO": raw})


def _response(reply: Reply, more: Headers) -> HttpResponseBase:
    body = reply.body
    response: HttpResponseBase
    if isinstance(body, bytes):
        response = HttpResponse(body, status=reply.status)
    else:
        response = StreamingHttpResponse(file_chunks(body), status=reply.status)
    del response.headers["Content-Type"]
    for name, value in (*reply.headers, *more):
        # Django keeps one line for each name; a list in one line means the same (RFC 9110, 5.3).
        before = response.headers.get(name)
        response.headers[name] = f"{before}, {value}" if before else value
    return response
