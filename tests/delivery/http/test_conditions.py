from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.http.conditions import respond
from apps.delivery.http.making import completed, represent
from apps.delivery.http.representation import NOT_IN_304
from apps.delivery.http.sending import NEVER, Origin
from apps.delivery.replies import FilePart, Reply, page, redirect
from tests.delivery.http.asking import asking, sent
from tests.delivery.http.cases import CASES, Asked, Known
from tests.tables import each_of

TEXT = b"".join(b"<p>%d words of %d</p>\n" % (n * n, n) for n in range(100))
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
EARLIER, LATER = "Sat, 05 Nov 1994 08:49:37 GMT", "Mon, 07 Nov 1994 08:49:37 GMT"
KEPT = represent(page(200, TEXT), Origin(modified=784_111_777))
TAG = KEPT.whole.etag or ""
BR = completed(KEPT, asking(accept_encoding="br")).coded["br"].etag or ""

KNOWN = Known(TAG, DATE, len(TEXT), BR)
TABLE = each_of(("status", "asked"), CASES)


@TABLE
def test_each_condition_is_answered_as_the_rules_say(status: int, asked: Asked) -> None:
    reply = sent(KEPT, **KNOWN.told(asked))
    assert reply.status == status
    assert isinstance(reply.body, bytes)
    if status == 304:
        assert reply.body == b""
        assert not NOT_IN_304 & dict(reply.headers).keys()
        for name in ("etag", "cache-control", "vary", "last-modified", "content-security-policy"):
            assert reply.header(name), name
    else:
        assert reply.header("content-length") == str(len(reply.body))
    if status in (412, 416):
        assert reply.header("cache-control") == NEVER
        assert reply.header("etag") is None


@TABLE
def test_head_says_what_get_says_but_of_ranges(status: int, asked: Asked) -> None:
    """RFC 9110, 9.3.2; a range is defined for GET alone (14.2)."""
    asked = KNOWN.told(asked)
    without = {name: value for name, value in asked.items() if name != "range"}
    head, get = sent(KEPT, "HEAD", **asked), sent(KEPT, **without)
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")
    assert status in (get.status, 206, 416)


def test_a_304_has_the_tag_of_the_coding_that_would_be_sent() -> None:
    assert sent(KEPT, if_none_match=f"{TAG}, {BR}").header("etag") == TAG
    reply = sent(KEPT, if_none_match=f"{TAG}, {BR}", accept_encoding="br")
    assert reply.header("etag") == BR


def test_a_part_is_of_the_coded_bytes() -> None:
    whole = sent(KEPT, accept_encoding="br")
    part = sent(KEPT, accept_encoding="br", range="bytes=5-9")
    assert isinstance(whole.body, bytes)
    assert part.body == whole.body[5:10]
    assert part.header("content-encoding") == "br"
    assert part.header("content-range") == f"bytes 5-9/{len(whole.body)}"
    assert part.header("etag") == whole.header("etag")


def test_of_a_file_that_is_streamed_only_the_part_is() -> None:
    at = Path("x")
    kept = represent(Reply(200, (("etag", '"b"'), ("content-length", "90")), FilePart(at, 10, 90)))
    reply = sent(kept, range="bytes=5-9")
    assert (reply.status, reply.body) == (206, FilePart(at, 15, 5))
    assert sent(kept, "HEAD").body == b""


@pytest.mark.parametrize("reply", [page(404, TEXT), page(500, TEXT), redirect("/a/", "")])
def test_what_is_no_page_knows_no_conditions(reply: Reply) -> None:
    kept = represent(reply, Origin(modified=784_111_777))
    for asked in ({"if_none_match": "*"}, {"if_match": '"a"'}, {"range": "bytes=0-1"}):
        assert sent(kept, **asked).status == reply.status
    assert sent(kept, if_modified_since=DATE).body == reply.body


def test_without_a_date_conditions_on_dates_are_ignored() -> None:
    kept = represent(page(200, TEXT))
    assert sent(kept, if_modified_since=DATE).status == 200
    assert sent(kept, if_unmodified_since=EARLIER).status == 200


def test_what_is_not_made_yet_is_not_made_on_the_way() -> None:
    wants = asking(accept_encoding="br")
    assert respond(KEPT, wants) is None
    assert respond(completed(KEPT, wants), wants) is not None


TAGS = st.sampled_from([TAG, f"W/{TAG}", BR, '"a"', "*", "", '"', "W/"])
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "if_match": TAGS,
        "if_none_match": st.lists(TAGS, max_size=3).map(", ".join),
        "if_modified_since": st.sampled_from([DATE, EARLIER, LATER, "x"]),
        "if_unmodified_since": st.sampled_from([DATE, EARLIER, LATER, "x"]),
        "range": st.sampled_from(["bytes=0-4", "bytes=-4", "bytes=99999-", "bytes=0-1,2-3"]),
        "if_range": TAGS | st.just(DATE),
        "accept_encoding": st.sampled_from(["br", "br;q=0", "*"]),
    },
)


@given(HEADERS)
def test_whoever_has_other_bytes_is_never_told_to_keep_them(asked: Asked) -> None:
    reply = sent(KEPT, **asked)
    chosen = sent(KEPT, **{k: v for k, v in asked.items() if k == "accept_encoding"})
    etag = chosen.header("etag") or ""
    if reply.status == 304 and "if_none_match" in asked:
        assert etag in asked["if_none_match"] or "*" in asked["if_none_match"]
    if reply.status == 304 and "if_none_match" not in asked:
        assert asked["if_modified_since"] == DATE
    if reply.status == 206 and "if_range" in asked:
        assert asked["if_range"] == etag
    assert reply.status in (200, 206, 304, 412, 416)
