"""HTTP as a visitor sees it: the same rules for pages, lists, files and assets of themes, whichever
adapter is between, and whether the answer is made afresh or comes from the cache."""

from collections.abc import Iterator

import pytest

from apps.content.rendering import Renderer
from apps.delivery.caching.cache import ResponseCache
from apps.delivery.front import Front
from apps.delivery.http.sending import ASK_FIRST, NEVER, Sending
from apps.delivery.replies import APART
from apps.gitsync.report import APPLIED
from apps.runtime.workers import Workers
from tests.delivery.adapters import ADAPTERS, Ask, Got, Send
from tests.delivery.http.cases import CASES, Asked, Known
from tests.delivery.http.places import FILES, MISSING, MOVED, PLACES, TEXTS
from tests.sites import Site, SiteRepository

CACHE_BYTES = 8 * 1024 * 1024


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("conformance")
    repository = SiteRepository(folder / "remote.git")
    repository.commit(FILES)
    made = Site(repository, folder / "node", workers, renderer)
    assert made.sync().state == APPLIED
    yield made
    made.stop()


@pytest.fixture(scope="module")
def fronts(site: Site) -> dict[str, Front]:
    return {"afresh": Front(site.live), "kept": Front(site.live, cache=ResponseCache(CACHE_BYTES))}


@pytest.fixture(scope="module")
def known(fronts: dict[str, Front]) -> dict[str, Known]:
    return {name: _known(fronts["kept"], path) for name, path in PLACES.items()}


def _known(front: Front, path: str) -> Known:
    plain = ADAPTERS["wsgi"](front, Ask(path))
    br = ADAPTERS["wsgi"](front, Ask(path, headers=(("accept-encoding", "br"),)))
    return Known(
        plain.header("etag") or "",
        plain.header("last-modified") or "",
        len(plain.body),
        br.header("etag") or "",
    )


def ask(path: str, asked: Asked, method: str = "GET") -> Ask:
    return Ask(path, method, headers=tuple((k.replace("_", "-"), v) for k, v in asked.items()))


QUICK = ("page",)
LONG = {name: () if name in QUICK else (pytest.mark.long,) for name in PLACES}
TABLE = [
    pytest.param(name, status, asked, id=f"{name}-{number}-{status}", marks=LONG[name])
    for name in PLACES
    for number, (status, asked) in enumerate(CASES)
    if name in TEXTS or not ("accept_encoding" in asked or "BR" in asked.values())
]
SOME = {name: ADAPTERS[name] for name in ("asgi", "wsgi", "view")}
EACH = pytest.mark.parametrize("send", SOME.values(), ids=SOME)
WAYS = pytest.mark.parametrize("way", ["afresh", "kept"])


@pytest.mark.parametrize(("name", "status", "asked"), TABLE)
def test_conditions_and_ranges_are_answered_alike_everywhere(
    name: str, status: int, asked: Asked, fronts: dict[str, Front], known: dict[str, Known]
) -> None:
    told = known[name].told(asked)
    answers = [send(fronts["kept"], ask(PLACES[name], told)) for send in SOME.values()]
    assert {got.status for got in answers} == {status}
    assert all(got.comparable() == answers[0].comparable() for got in answers)
    got = answers[0]
    if status == 304:
        assert got.body == b""
        assert {"content-length", "content-type", "content-encoding"}.isdisjoint(dict(got.headers))
        assert got.header("etag") and got.header("cache-control")
    else:
        assert got.header("content-length") == str(len(got.body))


@pytest.mark.long
@pytest.mark.parametrize(("status", "asked"), CASES)
def test_what_is_kept_is_what_is_made_afresh(
    status: int, asked: Asked, fronts: dict[str, Front], known: dict[str, Known]
) -> None:
    told = ask(PLACES["file"], known["file"].told(asked))
    first = ADAPTERS["wsgi"](fronts["afresh"], told)
    assert first.status == status
    assert ADAPTERS["asgi"](fronts["kept"], told).comparable() == first.comparable()


@EACH
@pytest.mark.parametrize("name", PLACES)
def test_head_says_what_get_says(name: str, send: Send, fronts: dict[str, Front]) -> None:
    """In either order, RFC 9110 section 9.3.2."""
    front = fronts["kept"]
    before = send(front, ask(PLACES[name], {}, "HEAD"))
    get = send(front, ask(PLACES[name], {}))
    after = send(front, ask(PLACES[name], {}, "HEAD"))
    status, headers, body = get.comparable()
    assert body
    assert before.comparable() == after.comparable() == (status, headers, b"")


@EACH
@WAYS
@pytest.mark.parametrize("name", [pytest.param(name, marks=LONG[name]) for name in TEXTS])
@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.1", "gzip"),
        ("*", "br"),
        ("br;q=0, *;q=0.1", "gzip"),
        ("identity", None),
        ("identity;q=0", None),
        ("*;q=0", None),
        ("br;q=0, gzip;q=0", None),
        ("deflate", None),
        ("", None),
    ],
)
def test_a_text_comes_in_the_coding_that_is_wanted(
    name: str, accept: str, coding: str | None, send: Send, way: str, fronts: dict[str, Front]
) -> None:
    got = send(fronts[way], ask(PLACES[name], {"accept_encoding": accept}))
    assert (got.status, got.header("content-encoding")) == (200, coding)
    assert got.header("vary") == "accept-encoding"
    assert got.header("content-length") == str(len(got.body))


@EACH
@pytest.mark.parametrize("name", sorted(PLACES.keys() - TEXTS))
def test_a_picture_comes_as_it_is(name: str, send: Send, fronts: dict[str, Front]) -> None:
    got = send(fronts["kept"], ask(PLACES[name], {"accept_encoding": "br, gzip"}))
    assert (got.header("content-encoding"), got.header("vary")) == (None, None)


@EACH
@WAYS
@pytest.mark.parametrize("path", [MISSING, MOVED])
@pytest.mark.parametrize(
    "asked", [{}, {"if_none_match": "*"}, {"if_match": '"a"'}, {"range": "bytes=0-1"}]
)
def test_what_is_not_there_may_be_kept_but_knows_no_conditions(
    path: str, asked: Asked, send: Send, way: str, fronts: dict[str, Front]
) -> None:
    got = send(fronts[way], ask(path, asked))
    assert got.status == (404 if path == MISSING else 301)
    assert got.header("cache-control") == ASK_FIRST
    assert (got.header("etag"), got.header("last-modified")) == (None, None)
    assert got.body


@EACH
@pytest.mark.parametrize("query", ["utm_source=x", "a=1&b=2", "%00", "page=2"])
def test_a_query_that_nobody_reads_changes_nothing(
    query: str, send: Send, fronts: dict[str, Front]
) -> None:
    plain = send(fronts["kept"], Ask(PLACES["page"]))
    assert send(fronts["kept"], Ask(PLACES["page"], query=query)).comparable() == plain.comparable()
    assert send(fronts["afresh"], Ask(PLACES["page"], query=query)).comparable() == (
        plain.comparable()
    )


@EACH
@pytest.mark.parametrize(
    ("method", "path", "status"), [("POST", "/one/", 405), ("GET", "/%00", 400)]
)
def test_a_refusal_is_kept_by_nobody(
    method: str, path: str, status: int, send: Send, fronts: dict[str, Front]
) -> None:
    for front in fronts.values():
        got = send(front, Ask(path, method))
        assert (got.status, got.header("cache-control")) == (status, NEVER)
        assert got.header("etag") is None


@EACH
def test_a_fault_of_ours_is_kept_by_nobody(
    send: Send, fronts: dict[str, Front], site: Site, known: dict[str, Known]
) -> None:
    path = site.files.asset(known["stream"].tag.strip('"'))
    path.rename(path.with_name("away"))
    try:
        got = send(fronts["afresh"], ask(PLACES["stream"], {"if_none_match": "*"}))
    finally:
        path.with_name("away").rename(path)
    assert (got.status, got.header("cache-control")) == (503, NEVER)
    assert (got.header("etag"), got.header("last-modified")) == (None, None)


@EACH
def test_an_asset_of_a_theme_is_immutable(send: Send, fronts: dict[str, Front]) -> None:
    said = send(fronts["kept"], Ask(PLACES["asset"])).header("cache-control") or ""
    assert {"public", "immutable"} <= set(said.split(", "))


@EACH
def test_no_header_is_said_twice(send: Send, fronts: dict[str, Front]) -> None:
    for path in (*PLACES.values(), MISSING, MOVED):
        names = [n for n, _ in send(fronts["kept"], Ask(path)).headers]
        assert len(names) - names.count("link") == len(set(names) - {"link"}), path
        assert names == [name.lower() for name in names]


def test_an_answer_of_the_cache_has_an_id_of_its_own(fronts: dict[str, Front]) -> None:
    def once() -> Got:
        return ADAPTERS["wsgi"](fronts["kept"], Ask(PLACES["page"]))

    assert len({once().header("x-request-id") for _ in range(5)}) == 5


@EACH
@pytest.mark.parametrize(
    ("path", "asked", "method"),
    [
        ("/one/", {}, "GET"),
        ("/one/", {}, "HEAD"),
        ("/one/", {"accept_encoding": "br"}, "GET"),
        ("/one/", {"range": "bytes=0-9"}, "GET"),
        ("/one/", {"if_none_match": "*"}, "GET"),
        (MISSING, {}, "GET"),
        (MISSING, {"accept_encoding": "gzip"}, "GET"),
    ],
)
def test_beside_a_console_a_page_is_apart_on_every_way_out(
    path: str, asked: Asked, method: str, send: Send, site: Site
) -> None:
    sending = Sending(apart=True)
    for front in (
        Front(site.live, sending=sending),
        Front(site.live, sending=sending, cache=ResponseCache(CACHE_BYTES)),
    ):
        for _ in range(2):
            got = send(front, ask(path, asked, method))
            assert APART in (got.header("content-security-policy") or "")
            assert got.header("cross-origin-opener-policy") is None
