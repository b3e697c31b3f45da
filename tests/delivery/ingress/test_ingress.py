"""What every request passes first, whichever way a server hands it over."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.front import decoded
from apps.delivery.incoming import Incoming
from apps.delivery.ingress.allowances import Allowances
from apps.delivery.ingress.bounds import PATH_LENGTH, QUERY_LENGTH
from apps.delivery.ingress.hosts import Hosts
from apps.delivery.ingress.ingress import Ingress
from apps.delivery.ingress.quotas import Quota
from apps.delivery.ingress.tallies import Tallies
from apps.delivery.replies import Reply
from apps.delivery.requests import BadPath
from tests.delivery.ingress.asking import HOST, by_asgi, by_wsgi

By = Callable[..., Incoming]
INGRESS = Ingress(Hosts(["example.org"], lambda: ""))
each_way = pytest.mark.parametrize("by", [by_asgi, by_wsgi])
LATIN = st.text(st.characters(max_codepoint=255), max_size=80)


def refused(by: By, *headers: tuple[str, str], **request: str) -> Reply:
    found = INGRESS.refusal(by(*headers, **request))
    assert found is not None
    assert found.header("cache-control") == "no-store"
    assert found.header("x-content-type-options") == "nosniff"
    return found


@each_way
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_page_may_be_asked_for(by: By, method: str) -> None:
    assert INGRESS.refusal(by(HOST, method=method, path="/a/", query="b=c")) is None
    assert INGRESS.refusal(by(HOST, ("content-length", "0"))) is None


@each_way
@pytest.mark.parametrize("method", ["POST", "PUT", "TRACE", "CONNECT", "OPTIONS", "get", "PRI", ""])
def test_other_methods_are_told_which_there_are(by: By, method: str) -> None:
    found = refused(by, HOST, method=method)
    assert (found.status, found.header("allow")) == (405, "GET, HEAD")


@each_way
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([], 400),
        ([("host", "")], 400),
        ([HOST, HOST], 400),
        ([HOST, ("host", "evil.example")], 400),
        ([("host", "example.org, evil.example")], 400),
        ([("host", "a b")], 400),
        ([("host", "evil.example")], 421),
        ([("host", "example.org.evil.example")], 421),
    ],
)
def test_the_host_is_one_and_ours(by: By, headers: list[tuple[str, str]], status: int) -> None:
    assert refused(by, *headers).status == status


@each_way
@pytest.mark.parametrize(
    ("header", "status"),
    [
        (("content-length", "1"), 413),
        (("content-length", "99999999999999999999"), 413),
        (("content-length", "+1"), 400),
        (("content-length", "-1"), 400),
        (("content-length", "0x1"), 400),
        (("content-length", "1, 1"), 400),
        (("content-length", "\xb2"), 400),
        (("transfer-encoding", "chunked"), 413),
        (("transfer-encoding", "identity"), 413),
        (("transfer-encoding", ""), 413),
    ],
)
def test_a_page_is_asked_for_without_a_body(by: By, header: tuple[str, str], status: int) -> None:
    assert refused(by, HOST, header).status == status


@each_way
@pytest.mark.parametrize("path", ["", "*", "a", "example.org:80", "http://example.org/"])
def test_what_is_no_path_is_refused(by: By, path: str) -> None:
    assert refused(by, HOST, path=path).status == 400


@each_way
def test_addresses_have_a_longest(by: By) -> None:
    longest, query = "/" * PATH_LENGTH, "a" * QUERY_LENGTH
    assert INGRESS.refusal(by(HOST, path=longest, query=query)) is None
    assert refused(by, HOST, path=f"{longest}/").status == 414
    assert refused(by, HOST, query=f"{query}a").status == 414


@each_way
def test_a_refused_head_has_no_body(by: By) -> None:
    assert refused(by, method="GET").body and not refused(by, method="HEAD").body


@each_way
def test_too_many_are_told_when_to_come_again(by: By) -> None:
    ingress = Ingress(
        Hosts(["example.org"], lambda: ""), allowances=Allowances([Quota("/", 1, 60)], Tallies())
    )
    assert ingress.refusal(by(HOST)) is None
    found = ingress.refusal(by(HOST))
    assert found and found.status == 429 and 1 <= int(found.header("retry-after") or 0) <= 120
    assert ingress.refusal(by(HOST, peer="192.0.2.8")) is None
    assert ingress.refusal(by(("host", "evil.example"), peer="192.0.2.9")) is not None
    assert ingress.refusal(by(HOST, peer="192.0.2.9")) is None


@each_way
def test_health_may_be_asked_for_by_any_name_but_not_with_strange_headers(by: By) -> None:
    assert INGRESS.strange(by(("host", "10.0.0.9:8000")), any_host=True) is None
    assert INGRESS.strange(by(), any_host=True) is None
    assert INGRESS.strange(by(("host", "10.0.0.9:8000"))) is not None


def test_a_strange_header_is_refused_wherever_it_is_sent_to() -> None:
    found = INGRESS.strange(by_asgi(HOST, ("x", "a\x01")), any_host=True)
    assert found and found.status == 400


@given(
    st.sampled_from([by_asgi, by_wsgi]),
    st.sampled_from(["GET", "HEAD"]) | LATIN,
    st.just("/a") | LATIN.map(lambda text: f"/{text}") | LATIN,
    LATIN,
    st.lists(st.tuples(LATIN, LATIN), max_size=4),
)
def test_whatever_comes_is_refused_or_has_a_path_in_normal_form(
    by: By, method: str, path: str, query: str, headers: list[tuple[str, str]]
) -> None:
    incoming = by(HOST, *headers, method=method, path=path, query=query)
    if INGRESS.refusal(incoming) is not None:
        return
    try:
        request = decoded(incoming, "id")
    except BadPath:
        return
    assert request.method in ("GET", "HEAD")
    assert request.path.startswith("/") and "//" not in request.path
    assert request.path.isprintable() and "\\" not in request.path
    assert not {".", ".."} & set(request.path.split("/"))
