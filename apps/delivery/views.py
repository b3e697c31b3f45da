"""The read half as a Django view, for the test client and for other projects that mount it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from apps.delivery import replies
from apps.delivery.answer import answer
from apps.delivery.chunks import file_chunks
from apps.delivery.live import LiveSite
from apps.delivery.replies import Reply
from apps.delivery.requests import BadPath
from apps.delivery.wsgi import read_environ


class DeliveryView:
    """A catch-all view: `re_path("", DeliveryView(site))`."""

    def __init__(self, site: LiveSite) -> None:
        self._site = site

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            reply = answer(read_environ(dict(request.META)), self._site)
        except BadPath:
            reply = replies.plain(400, "Bad path.\n")
        return _response(reply)


def _response(reply: Reply) -> HttpResponseBase:
    body = reply.body
    response: HttpResponseBase
    if isinstance(body, bytes):
        response = HttpResponse(body, status=reply.status)
    else:
        response = StreamingHttpResponse(file_chunks(body), status=reply.status)
    del response.headers["Content-Type"]
    for name, value in reply.headers:
        response.headers[name] = value
    return response
