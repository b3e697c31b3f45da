"""The three ways into the read half answer the same request with the same status, headers and
bytes, and each of them as its protocol wants it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.delivery.live import LiveSite
from apps.runtime.workers import Workers
from tests.delivery.adapters import ADAPTERS, Ask, Got, Send
from tests.delivery.cases import CASES, FILES, PICTURE, SIZE, Case
from tests.sites import Site, SiteRepository

SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("adapters")
    repository = SiteRepository(folder / "remote.git")
    repository.commit(FILES)
    made = Site(repository, folder / "node", workers, renderer)
    assert made.sync().problems == ()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def live(site: Site) -> LiveSite:
    return site.live


@pytest.fixture(scope="module")
def etag(live: LiveSite) -> str:
    return ADAPTERS["wsgi"](live, Ask("/media/a.png")).header("etag") or ""


TABLE = pytest.mark.parametrize(
    "case", [pytest.param(c, id=f"{group}: {c.name}"[:60]) for group, c in CASES]
)
EACH = pytest.mark.parametrize("send", ADAPTERS.values(), ids=ADAPTERS)
RAW = {name: ADAPTERS[name] for name in ("asgi", "wsgi")}


def ask_all(case: Case, live: LiveSite, etag: str) -> dict[str, Got]:
    return {name: send(live, with_etag(case.ask, etag)) for name, send in ADAPTERS.items()}


def with_etag(ask: Ask, etag: str) -> Ask:
    return replace(ask, headers=tuple((n, v.replace("ETAG", etag)) for n, v in ask.headers))


def wanted(case: Case, etag: str) -> dict[str, str | None]:
    return {name: etag if value == "ETAG" else value for name, value in case.headers.items()}


@TABLE
def test_every_adapter_gives_the_answer(case: Case, live: LiveSite, etag: str) -> None:
    answers = ask_all(case, live, etag)
    for name, got in answers.items():
        assert got.status == case.status, name
        found = {header: got.header(header) for header in case.headers}
        assert found == wanted(case, etag), name
        assert case.shows in got.body, name
    alike = {name: got.comparable() for name, got in answers.items()}
    assert all(each == alike["wsgi"] for each in alike.values())


@TABLE
def test_head_says_the_same_and_sends_no_body(case: Case, live: LiveSite, etag: str) -> None:
    """RFC 9110 section 9.3.2; a range is defined for GET alone (14.2)."""
    if case.ask.method != "GET" or "range" in dict(case.ask.headers):
        return
    ask = with_etag(case.ask, etag)
    for name, send in ADAPTERS.items():
        get, head = send(live, ask), send(live, replace(ask, method="HEAD"))
        assert head.body == b"", name
        status, headers, _ = get.comparable()
        assert head.comparable() == (status, headers, b""), name


@TABLE
def test_every_answer_is_safe_and_has_an_id(case: Case, live: LiveSite, etag: str) -> None:
    ids = []
    for name, got in ask_all(case, live, etag).items():
        assert {header: got.header(header) for header in SECURITY} == SECURITY, name
        ids.append(got.header("x-request-id"))
        location = got.header("location") or "/"
        assert location.startswith("/") and not location.startswith("//"), name
        assert location.isascii() and location.isprintable(), name
    assert all(ids) and len(set(ids)) == len(ADAPTERS)


@TABLE
def test_the_length_is_said_and_true(case: Case, live: LiveSite, etag: str) -> None:
    for name, got in ask_all(case, live, etag).items():
        if got.status == 304:
            assert (got.header("content-type"), got.body) == (None, b""), name
        else:
            assert got.header("content-length") == str(len(got.body)), name


@pytest.mark.parametrize("send", RAW.values(), ids=RAW)
@pytest.mark.parametrize("path", ["/%ff", "/caf%e9/", "/%c0%ae%c0%ae/", "/%ed%a0%80/"])
def test_a_path_that_is_not_utf_8_is_refused(path: str, send: Send, live: LiveSite) -> None:
    assert send(live, Ask(path)).status == 400


@EACH
@pytest.mark.parametrize("path", ["/%ff", "/caf%e9/", "/%c0%ae%c0%ae/", "/%ed%a0%80/"])
def test_a_path_that_is_not_utf_8_finds_nothing_where_its_bytes_are_lost(
    path: str, send: Send, live: LiveSite
) -> None:
    assert send(live, Ask(path)).status in (400, 404)


@pytest.mark.parametrize("path", ["*", "http://example.org/one/", "one/"])
def test_what_is_no_path_is_refused(path: str, live: LiveSite) -> None:
    assert ADAPTERS["asgi"](live, Ask(path)).status == 400


@EACH
def test_head_has_no_ranges(send: Send, live: LiveSite) -> None:
    got = send(live, Ask("/media/a.png", method="HEAD", headers=(("range", "bytes=0-9"),)))
    assert (got.status, got.header("content-length"), got.body) == (200, str(SIZE), b"")


@EACH
def test_the_bytes_of_ranges_are_those_of_the_file(send: Send, live: LiveSite) -> None:
    def part(asked: str) -> bytes:
        return send(live, Ask("/media/a.png", headers=(("range", asked),))).body

    assert send(live, Ask("/media/a.png")).body == PICTURE
    assert part("bytes=70000-70009") == PICTURE[70000:70010]
    assert part("bytes=-3") == PICTURE[-3:]
    assert part("bytes=5-90000") == PICTURE[5:90001]


@EACH
def test_a_page_may_run_nothing_foreign(send: Send, live: LiveSite) -> None:
    policy = send(live, Ask("/one/")).header("content-security-policy") or ""
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy and "unsafe" not in policy


@EACH
def test_a_drawing_may_run_nothing(send: Send, live: LiveSite) -> None:
    policy = send(live, Ask("/media/a.svg")).header("content-security-policy") or ""
    assert "default-src 'none'" in policy and "sandbox" in policy


@EACH
def test_what_plugins_append_is_kept_line_by_line(send: Send, live: LiveSite) -> None:
    got = send(live, Ask("/one/"))
    assert got.header("link") == "</one/>; rel=preload, </two/>; rel=preload"


@EACH
def test_an_asset_that_is_lost_on_disk_says_when_to_try_again(
    send: Send, live: LiveSite, site: Site, etag: str
) -> None:
    path = site.files.asset(etag.strip('"'))
    path.rename(path.with_name("away"))
    try:
        got = send(live, Ask("/media/a.png"))
    finally:
        path.with_name("away").rename(path)
    assert (got.status, got.header("retry-after")) == (503, "60")


def test_an_unread_answer_leaves_no_file_open(live: LiveSite) -> None:
    """A visitor who leaves in the middle costs nothing that lasts."""
    from apps.delivery.front import Front
    from apps.delivery.wsgi import DeliveryWSGI

    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        parts = DeliveryWSGI(Front(live))(
            {"REQUEST_METHOD": "GET", "PATH_INFO": "/media/a.png"}, lambda *_: None
        )
        next(iter(parts))
        parts.close()  # type: ignore[attr-defined]
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1


def test_got_compares_what_matters() -> None:
    one = Got(200, (("a", "1"), ("x-request-id", "abc")), b"see abc")
    assert one.comparable() == Got(200, (("x-request-id", "d"), ("a", "1")), b"see d").comparable()
