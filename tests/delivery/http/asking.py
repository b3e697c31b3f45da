"""Requests and replies as tests of HTTP's rules write them."""

from apps.delivery.http.conditions import respond
from apps.delivery.http.making import completed
from apps.delivery.http.representation import Representations
from apps.delivery.replies import Reply
from apps.delivery.requests import PageRequest


def asking(method: str = "GET", **headers: str) -> PageRequest:
    """`if_none_match="x"` is the header If-None-Match."""
    lines = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return PageRequest(method, "/", "", lines, "id")


def sent(kept: Representations, method: str = "GET", **headers: str) -> Reply:
    request = asking(method, **headers)
    reply = respond(completed(kept, request), request)
    assert reply is not None
    return reply
