from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.delivery import asgi
from apps.delivery.caching.cache import ResponseCache
from apps.delivery.front import Front
from apps.delivery.ingress.allowances import Allowances
from apps.delivery.ingress.clients import Clients
from apps.delivery.ingress.hosts import Hosts
from apps.delivery.ingress.ingress import Ingress
from apps.delivery.ingress.origins import Origins
from apps.delivery.ingress.quotas import Quota
from apps.delivery.ingress.tallies import Tallies
from apps.delivery.measures import NO_ROUTE, Kind, Measures, Outcome
from apps.delivery.requests import PATH_BYTES
from apps.delivery.telling import TellingFront
from apps.delivery.wsgi import EnvironIncoming, ask_plainly
from tests.sites import CONFIG, Site, SiteRepository

ROOM = 8 * 1024 * 1024
PLAIN = {"REQUEST_METHOD": "GET", "PATH_INFO": "/a/", "HTTP_HOST": "example.org"}
HOSTS = Hosts(("example.org",), lambda: None)

Environ = dict[str, Any]


@pytest.fixture
def live(repository: SiteRepository, site: Site) -> Site:
    text = "+++\ntitle = 'A'\n+++\n" + "Many words. " * 200
    files = {"content/a.md": text, "content/é.md": text, "static/file.txt": "A file.\n"}
    repository.commit({"config.toml": CONFIG, **files})
    site.sync()
    return site


@pytest.fixture
def front(live: Site) -> Front:
    made = Front(live.live, cache=ResponseCache(ROOM), ingress=Ingress(HOSTS))
    for path in ("/a/", "/Ã©/", "/not/there/", "/file.txt"):
        for coding in ("", "br"):
            asked(made, {**PLAIN, "PATH_INFO": path, "HTTP_ACCEPT_ENCODING": coding})
    return made


def asked(front: Front, environ: Environ) -> Any:
    incoming = EnvironIncoming(environ)
    return (front.quick(incoming) or front.answer(incoming)).reply


def plainly(front: Front, environ: Environ) -> Any:
    plain = front.plain()
    assert plain is not None
    return ask_plainly(plain, environ)


def test_a_plain_request_is_answered_the_short_way(front: Front) -> None:
    for more in (
        {},
        {"HTTP_ACCEPT_ENCODING": "gzip, br"},
        {"QUERY_STRING": "", "CONTENT_LENGTH": "", "HTTP_ACCEPT": "*/*"},
        {"PATH_INFO": "/not/there/"},
    ):
        assert plainly(front, {**PLAIN, **more}) == asked(front, {**PLAIN, **more})


def test_what_is_unchanged_is_said_so_the_short_way(front: Front) -> None:
    page = plainly(front, PLAIN)
    for name, value in (
        ("HTTP_IF_NONE_MATCH", page.header("etag")),
        ("HTTP_IF_MODIFIED_SINCE", page.header("last-modified")),
    ):
        reply = plainly(front, {**PLAIN, name: value})
        assert (reply.status, reply.body) == (304, b"")


VALUES: dict[str, tuple[str, ...]] = {
    "REQUEST_METHOD": ("HEAD", "POST", "OPTIONS"),
    "PATH_INFO": (
        "",
        "/a",
        "/Ã©/",
        "/é/",
        "/not/there/",
        "/file.txt",
        "//a/",
        "/%61/",
        "/a/\0",
        "\0",
    ),
    "QUERY_STRING": ("x=1", " "),
    "HTTP_HOST": ("", "example.org:80", "EXAMPLE.org", "elsewhere.org", "example.org, x"),
    "HTTP_ACCEPT_ENCODING": ("br", "gzip", "identity", "br;q=0", "*;q=0", "x" * 300),
    "HTTP_IF_NONE_MATCH": ("ETAG", "W/ETAG", '"other"', "*", '"other", ETAG', ""),
    "HTTP_IF_MODIFIED_SINCE": ("MODIFIED", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", ""),
    "HTTP_IF_MATCH": ("ETAG", '"other"'),
    "HTTP_IF_UNMODIFIED_SINCE": ("MODIFIED", "Thu, 01 Jan 1970 00:00:00 GMT"),
    "HTTP_RANGE": ("bytes=0-9", "bytes=999999-", "lines=1"),
    "HTTP_TRANSFER_ENCODING": ("chunked",),
    "CONTENT_LENGTH": ("", "0", "5", "-1"),
    "REMOTE_ADDR": ("192.0.2.7", ""),
}
ENVIRONS = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in VALUES.items()}
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(more=ENVIRONS)
def test_whatever_the_short_way_says_the_long_one_says_as_well(
    front: Front, more: dict[str, str]
) -> None:
    page = asked(front, PLAIN)
    told = {"ETAG": page.header("etag"), "MODIFIED": page.header("last-modified")}
    for mark, text in told.items():
        more = {name: value.replace(mark, text) for name, value in more.items()}
    environ = {**PLAIN, **more}
    short, incoming = plainly(front, environ), EnvironIncoming(environ)
    long = front.quick(incoming)
    if short is not None:
        assert long is not None
        assert short == long.reply


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(more=ENVIRONS, twice=st.sampled_from(["", "host", "if-none-match", "accept-encoding"]))
def test_so_it_is_behind_asgi(front: Front, more: dict[str, str], twice: str) -> None:
    page, plain = asked(front, PLAIN), front.plain()
    told = {"ETAG": page.header("etag"), "MODIFIED": page.header("last-modified")}
    for mark, text in told.items():
        more = {name: value.replace(mark, text) for name, value in more.items()}
    scope = scope_of({**PLAIN, **more}, twice)
    assert plain is not None
    short = asgi.ask_plainly(plain, scope)
    long = front.quick(asgi.ScopeIncoming(scope))
    if short is not None:
        assert long is not None
        assert short == long.reply


def scope_of(environ: Environ, twice: str) -> dict[str, Any]:
    """`twice` names a header that comes on two lines."""
    variables = {**environ, "HTTP_CONTENT_LENGTH": environ.get("CONTENT_LENGTH")}
    named = {
        name[5:].replace("_", "-").lower(): value
        for name, value in variables.items()
        if name.startswith("HTTP_") and value is not None
    }
    lines = [*named.items(), *((name, named[name]) for name in [twice] if name in named)]
    peer = environ.get("REMOTE_ADDR")
    return {
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"],
        "raw_path": environ["PATH_INFO"].encode("latin-1"),
        "query_string": environ.get("QUERY_STRING", "").encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in lines],
        "client": (peer, 4321) if peer else None,
    }


def test_a_plain_request_behind_asgi_goes_the_short_way(front: Front) -> None:
    plain = front.plain()
    assert plain is not None
    for more in ({}, {"HTTP_ACCEPT_ENCODING": "br"}, {"HTTP_ACCEPT": "*/*", "REMOTE_ADDR": "::1"}):
        reply = asgi.ask_plainly(plain, scope_of({**PLAIN, **more}, ""))
        assert reply == asked(front, {**PLAIN, **more})
    assert asgi.ask_plainly(plain, scope_of(PLAIN, "host")) is None


def test_what_cannot_be_read_is_refused_the_short_way(front: Front) -> None:
    for path in ("/a/\0", "/\n", "/" + "\x7f" * (PATH_BYTES - 1)):
        reply = plainly(front, {**PLAIN, "PATH_INFO": path})
        assert reply.status == 400
        assert reply == asked(front, {**PLAIN, "PATH_INFO": path})
    for path in ("\0", "/\x80\0", "/" + "\0" * PATH_BYTES):
        assert plainly(front, {**PLAIN, "PATH_INFO": path}) is None


def test_what_is_new_is_not_told_of_from_before(
    front: Front, repository: SiteRepository, live: Site
) -> None:
    repository.commit({"content/a.md": "+++\ntitle = 'B'\n+++\nOther words."})
    live.sync()
    assert plainly(front, PLAIN) is None
    assert b"Other words" in asked(front, PLAIN).body
    assert b"Other words" in plainly(front, PLAIN).body


def test_both_ways_count_for_one_limit(live: Site) -> None:
    allowances = Allowances([Quota("/", 3, 3600)], Tallies(clock=lambda: 0.0))
    front = Front(
        live.live, cache=ResponseCache(ROOM), ingress=Ingress(HOSTS, allowances=allowances)
    )
    environ = {**PLAIN, "REMOTE_ADDR": "192.0.2.7"}
    assert asked(front, environ).status == 200
    assert plainly(front, environ).status == 200
    assert plainly(front, {**environ, "REMOTE_ADDR": "192.0.2.8"}).status == 200
    assert asked(front, environ).status == 200
    assert plainly(front, environ) == asked(front, environ)
    assert plainly(front, environ).status == 429


def test_both_ways_are_measured_alike(live: Site) -> None:
    measures = Measures()
    allowances = Allowances([Quota("/", 3, 3600)], Tallies(clock=lambda: 0.0))
    ingress = Ingress(HOSTS, allowances=allowances)
    front = TellingFront(live.live, cache=ResponseCache(ROOM), ingress=ingress, measures=measures)
    environ = {**PLAIN, "REMOTE_ADDR": "192.0.2.7"}
    for ask in (asked, asked, plainly, asked, plainly):
        ask(front, environ)
    times = {kind: sum(each.counts) for kind, each in measures.taken().times.items()}
    (miss,) = (kind for kind in times if kind.outcome is Outcome.MISS)
    refused = Kind(NO_ROUTE, Outcome.REFUSED, 429)
    assert times == {miss: 1, miss._replace(outcome=Outcome.HIT): 2, refused: 2}


@pytest.mark.parametrize("what", ["no cache", "hits are told", "proxies", "origins", "headers"])
def test_there_is_no_short_way_where_more_is_looked_at(live: Site, what: str) -> None:
    cache, tells, front = ResponseCache(ROOM), what == "hits are told", Front
    clients = Clients([ip_network("10.0.0.0/8")]) if what == "proxies" else None
    origins = Origins(("https://example.com",)) if what == "origins" else None
    ingress = Ingress(HOSTS, clients=clients, origins=origins)
    if what == "headers":
        watched = TellingFront(live.live, cache=cache, ingress=ingress, explains=True)
        assert watched.plain() is None
        return
    kept = None if what == "no cache" else cache
    made = front(live.live, cache=kept, ingress=ingress, tells_hits=tells)
    assert made.plain() is None


def test_what_differs_by_a_header_is_not_told_the_short_way(front: Front, live: Site) -> None:
    cache = ResponseCache(ROOM)
    other = Front(live.live, cache=cache)
    asked(other, PLAIN)
    fresh = next(iter(cache.store.spots["/a/"].variants.values())).fresh
    cache.store.put(replace(fresh, names=("x-of",), values=("me",)))
    assert plainly(other, {**PLAIN, "HTTP_X_OF": "me"}) is None
