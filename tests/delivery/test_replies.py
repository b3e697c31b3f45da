from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.replies import (
    APART,
    OWN,
    PAGE_POLICY,
    SECURITY,
    FilePart,
    Reply,
    beside_console,
    page,
    plain,
    redirect,
    with_proposed,
)
from tests.tables import each_of

Proposed = tuple[str, str, str]


def after(*proposed: Proposed) -> list[tuple[str, str]]:
    """The headers that proposals make of `x-a: 1`."""
    return list(with_proposed(Reply(200, (("x-a", "1"),)), proposed).headers)


def test_a_page_says_what_it_is_and_lets_nothing_foreign_run() -> None:
    reply = page(200, "é".encode())
    assert reply.header("content-type") == "text/html; charset=utf-8"
    assert reply.header("content-length") == "2"
    policy = reply.header("content-security-policy") or ""
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert set(SECURITY) <= set(reply.headers)


@pytest.mark.parametrize("reply", [page(200, b"x"), plain(404, "x"), redirect("/a/", "")])
def test_every_reply_carries_what_protects_its_reader(reply: Reply) -> None:
    assert set(SECURITY) <= set(reply.headers)
    assert reply.header("content-length") == str(len(bytes(reply.body)))  # type: ignore[arg-type]
    names = [name for name, _ in reply.headers]
    assert len(names) == len(set(names))
    assert names == [name.lower() for name in names]


def test_beside_a_console_a_page_has_an_origin_of_its_own() -> None:
    reply = beside_console(page(200, b"x"))
    policies = [value for name, value in reply.headers if name == "content-security-policy"]
    assert policies == [f"{PAGE_POLICY}; {APART}"]
    assert "allow-same-origin" not in APART
    assert reply.header("cross-origin-opener-policy") is None


@pytest.mark.parametrize(
    ("kind", "origin"),
    [
        ("font/woff2", "null"),
        ("text/javascript", "null"),
        ("image/png", None),
        ("text/plain", None),
    ],
)
def test_beside_a_console_fonts_and_modules_are_still_loaded(kind: str, origin: str | None) -> None:
    reply = beside_console(Reply(200, (("content-type", kind),)))
    assert reply.header("access-control-allow-origin") == origin


def test_a_plain_reply_may_have_headers_of_its_own() -> None:
    assert plain(405, "no", ("allow", "GET, HEAD")).header("allow") == "GET, HEAD"


def test_without_its_body_a_reply_says_the_same() -> None:
    reply = page(200, b"long")
    assert reply.without_body() == Reply(200, reply.headers, b"")
    part = Reply(200, (("content-length", "9"),), FilePart(Path("x"), 0, 9))
    assert part.without_body().header("content-length") == "9"


@pytest.mark.parametrize(
    ("url", "query", "location"),
    [
        ("/a/", "", "/a/"),
        ("/a/", "x=1&y=%20", "/a/?x=1&y=%20"),
        ("/über uns/", "", "/%C3%BCber%20uns/"),
        ("/a?b#c%/", "", "/a%3Fb%23c%25/"),
    ],
)
def test_a_redirect_keeps_the_query_and_quotes_the_path(
    url: str, query: str, location: str
) -> None:
    reply = redirect(url, query)
    assert (reply.status, reply.header("location")) == (301, location)


@pytest.mark.parametrize("url", ["//evil.example/", "///evil.example/", "/\\evil.example/"])
def test_a_redirect_never_leads_to_another_host(url: str) -> None:
    location = redirect(url, "").header("location") or ""
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_location_is_ascii_and_ends_its_header_where_it_should(path: str, query: str) -> None:
    location = redirect("/" + path, query).header("location") or ""
    assert location.isascii()
    assert location.isprintable()
    assert " " not in location
    assert unquote(location.partition("?")[0]).lstrip("/") == path.lstrip("/\\")


def test_set_replaces_append_adds_and_remove_deletes() -> None:
    assert after(("set", "x-a", "2")) == [("x-a", "2")]
    assert after(("append", "x-a", "2")) == [("x-a", "1"), ("x-a", "2")]
    assert after(("remove", "x-a", "")) == []
    assert after(("append", "link", "<a>")) == [("x-a", "1"), ("link", "<a>")]


def test_proposals_are_carried_out_in_their_order() -> None:
    assert after(("remove", "x-a", ""), ("append", "x-a", "2"), ("append", "x-a", "3")) == [
        ("x-a", "2"),
        ("x-a", "3"),
    ]
    assert after(("append", "x-a", "2"), ("set", "x-a", "3")) == [("x-a", "3")]


@each_of("name", sorted(OWN))
@each_of("op", ["set", "append", "remove"])
def test_what_the_server_must_say_stays(name: str, op: str) -> None:
    reply = page(200, b"x")
    assert with_proposed(reply, [(op, name, "evil")]) == reply


def test_the_protection_of_a_reader_is_the_server_s_to_say() -> None:
    assert {name for name, _ in SECURITY} <= OWN
    assert {"content-security-policy", "content-type", "content-length"} <= OWN
