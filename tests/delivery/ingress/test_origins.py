"""Scripts of other sites may read what the settings allow them to, and never with cookies."""

from apps.delivery.ingress.hosts import Hosts
from apps.delivery.ingress.ingress import Ingress
from apps.delivery.ingress.origins import Origins
from apps.delivery.replies import Reply
from tests.delivery.ingress.asking import HOST, by_asgi

APP, OTHER = "https://app.example", "https://other.example"
PAGE = Reply(200, (("content-type", "text/html"), ("vary", "accept-encoding")), b"x")
ASKED = ("access-control-request-method", "GET")


def ingress(*origins: str) -> Ingress:
    found = Origins(origins) if origins else None
    return Ingress(Hosts(["example.org"], lambda: ""), origins=found)


def dressed(origin: str | None, *origins: str) -> Reply:
    headers = [("origin", origin)] if origin else []
    return ingress(*origins).dressed(by_asgi(HOST, *headers), PAGE)


def preflight(*headers: tuple[str, str], origins: tuple[str, ...] = (APP,)) -> Reply:
    refused = ingress(*origins).refusal(by_asgi(HOST, *headers, method="OPTIONS"))
    assert refused is not None
    assert "access-control-allow-credentials" not in dict(refused.headers)
    return refused


def test_without_origins_a_reply_is_the_very_same() -> None:
    found = ingress()
    assert found.dressed(by_asgi(HOST, ("origin", APP)), PAGE) is PAGE
    refused = found.refusal(by_asgi(HOST, ("origin", APP), ASKED, method="OPTIONS"))
    assert refused and (refused.status, refused.header("allow")) == (405, "GET, HEAD")


def test_a_script_of_an_allowed_origin_may_read() -> None:
    reply = dressed(APP, APP)
    assert reply.header("access-control-allow-origin") == APP
    assert reply.header("vary") == "accept-encoding, origin"


def test_others_may_not_and_caches_are_told_that_it_depends() -> None:
    for origin in (OTHER, None, "null", APP.upper(), f"{APP}/"):
        reply = dressed(origin, APP)
        assert reply.header("access-control-allow-origin") is None
        assert reply.header("vary") == "accept-encoding, origin"


def test_where_any_origin_may_read_nothing_depends_on_it() -> None:
    reply = dressed(OTHER, "*")
    assert reply.header("access-control-allow-origin") == "*"
    assert reply.header("vary") == "accept-encoding"


def test_a_preflight_is_answered_without_asking_the_site() -> None:
    reply = preflight(("origin", APP), ASKED)
    assert (reply.status, reply.body) == (204, b"")
    assert reply.header("access-control-allow-origin") == APP
    assert reply.header("access-control-allow-methods") == "GET, HEAD"
    assert [name for name, _ in reply.headers].count("vary") == 1


def test_a_preflight_of_another_origin_is_refused() -> None:
    reply = preflight(("origin", OTHER), ASKED)
    assert (reply.status, reply.header("access-control-allow-origin")) == (403, None)
    assert reply.header("vary") == "origin"


def test_options_that_are_no_preflight_say_what_is_allowed() -> None:
    reply = preflight()
    assert (reply.status, reply.header("allow")) == (204, "GET, HEAD, OPTIONS")


def test_a_preflight_to_another_host_is_refused_like_a_page() -> None:
    asked = by_asgi(("host", "evil.example"), ("origin", APP), ASKED, method="OPTIONS")
    refused = ingress(APP).refusal(asked)
    assert refused and refused.status == 421
