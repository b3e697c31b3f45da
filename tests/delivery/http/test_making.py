import gzip

import brotli
import pytest

from apps.delivery.http.coders import LASTING_BYTES
from apps.delivery.http.making import CODED_LEAST, CODED_MOST, completed, represent
from apps.delivery.http.sending import ASK_FIRST, NEVER, PERSONAL, Origin, Sending
from apps.delivery.replies import APART, FilePart, Reply, page, plain, redirect
from tests.delivery.http.asking import asking, sent

TEXT = b"".join(b"<p>%d words of %d</p>\n" % (n * n, n) for n in range(200))
PAGE = page(200, TEXT)
MOMENT = 784_111_777
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


def headers(reply: Reply) -> dict[str, str]:
    assert len(dict(reply.headers)) == len(reply.headers)
    return dict(reply.headers)


def tag(reply: Reply, origin: Origin | None = None) -> str:
    return represent(reply, origin or Origin()).whole.etag or ""


def test_a_page_gets_all_that_others_need_to_keep_it() -> None:
    kept = represent(PAGE, Origin(modified=MOMENT)).whole
    said = headers(kept.reply)
    assert said["cache-control"] == ASK_FIRST
    assert said["last-modified"] == kept.modified == DATE
    assert said["etag"] == kept.etag
    assert said["accept-ranges"] == "bytes"
    assert said["vary"] == "accept-encoding"
    assert "surrogate-key" not in said
    assert kept.reply.body == TEXT


def test_a_tag_is_of_the_bytes_and_of_what_is_said_with_them() -> None:
    assert tag(PAGE) == tag(page(200, TEXT))
    assert tag(PAGE) != tag(page(200, TEXT + b" "))
    assert tag(PAGE) != tag(PAGE.with_headers(("link", "</x>")))
    assert tag(PAGE) != tag(page(200, TEXT, "text/plain"))
    assert tag(PAGE).startswith('"') and tag(PAGE).endswith('"')


def test_a_tag_stays_when_the_site_moves_on() -> None:
    assert tag(PAGE, Origin(modified=1)) == tag(PAGE, Origin(modified=MOMENT))


def test_a_tag_and_a_word_on_caching_of_its_own_stay() -> None:
    own = PAGE.with_headers(("etag", '"blob"'), ("cache-control", "public, immutable"))
    said = headers(represent(own).whole.reply)
    assert (said["etag"], said["cache-control"]) == ('"blob"', "public, immutable")


@pytest.mark.parametrize("reply", [page(404, TEXT), page(410, TEXT), redirect("/a/", "")])
def test_what_is_no_page_may_be_kept_but_has_no_validators(reply: Reply) -> None:
    """Conditions are ignored where there is no page (RFC 9110, 13.2.1)."""
    said = headers(represent(reply, Origin(modified=MOMENT)).whole.reply)
    assert said["cache-control"] == ASK_FIRST
    assert not {"etag", "last-modified", "accept-ranges"} & said.keys()


@pytest.mark.parametrize("reply", [page(500, TEXT), plain(503, "x"), plain(400, "x")])
def test_a_failure_has_nothing_to_keep_it_by(reply: Reply) -> None:
    kept = represent(reply, Origin(modified=MOMENT, headers=("accept",)), Sending(shared_seconds=9))
    said = headers(kept.whole.reply)
    assert said["cache-control"] == NEVER
    assert not {"etag", "last-modified", "vary", "surrogate-key"} & said.keys()
    assert not kept.codable


def test_a_personal_page_has_no_tag_and_is_not_compressed() -> None:
    kept = represent(PAGE, Origin(modified=MOMENT, personal=True))
    assert headers(kept.whole.reply)["cache-control"] == PERSONAL
    assert (kept.codable, kept.whole.etag, kept.whole.modified) == (False, None, None)


def test_a_page_varies_by_what_was_read_of_the_request() -> None:
    origin = Origin(headers=("accept-language", "accept"))
    assert headers(represent(PAGE, origin).whole.reply)["vary"] == (
        "accept, accept-encoding, accept-language"
    )
    small = represent(page(200, b"x"), origin).whole.reply
    assert headers(small)["vary"] == "accept, accept-language"
    assert "vary" not in headers(represent(page(200, b"x")).whole.reply)


def test_a_content_network_is_told_what_a_page_goes_with() -> None:
    kept = represent(PAGE, Origin(keys=("document:/a/",)), Sending(shared_seconds=60))
    said = headers(kept.whole.reply)
    assert said["surrogate-key"] == "site document:/a/"
    assert "s-maxage=60" in said["cache-control"]


def test_beside_a_console_every_way_out_is_apart() -> None:
    kept = represent(PAGE, Origin(modified=MOMENT), Sending(apart=True))
    etag = kept.whole.etag or ""
    for reply in (
        sent(kept),
        sent(kept, "HEAD"),
        sent(kept, accept_encoding="br"),
        sent(kept, range="bytes=0-1"),
        sent(kept, if_none_match=etag),
        sent(kept, if_modified_since=DATE),
    ):
        assert APART in headers(reply)["content-security-policy"]
        assert "cross-origin-opener-policy" not in headers(reply)
    assert etag != tag(PAGE)
    missing = represent(page(404, TEXT), Origin(), Sending(apart=True))
    assert APART in headers(sent(missing, accept_encoding="br"))["content-security-policy"]


@pytest.mark.parametrize(
    ("coding", "undone"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_a_coding_is_made_once_and_has_a_tag_of_its_own(coding: str, undone: object) -> None:
    kept = represent(PAGE)
    made = completed(kept, asking(accept_encoding=coding))
    assert completed(made, asking(accept_encoding=coding)) is made
    whole, found = headers(made.whole.reply), headers(made.coded[coding].reply)
    assert made.whole is kept.whole
    assert found["content-encoding"] == made.coded[coding].encoding == coding
    assert found["etag"] != whole["etag"]
    assert found["etag"].endswith(f'-{coding}"')
    body = made.coded[coding].reply.body
    assert isinstance(body, bytes)
    assert found["content-length"] == str(len(body))
    assert undone(body) == TEXT  # type: ignore[operator]
    same = {"content-length", "content-encoding", "etag"}
    assert {k: v for k, v in found.items() if k not in same} == {
        k: v for k, v in whole.items() if k not in same
    }


@pytest.mark.parametrize("accept", [None, "", "identity", "br;q=0", "deflate"])
def test_nothing_is_made_for_who_wants_the_bytes_as_they_are(accept: str | None) -> None:
    kept = represent(PAGE)
    asked = asking() if accept is None else asking(accept_encoding=accept)
    assert completed(kept, asked) is kept


@pytest.mark.parametrize("size", [CODED_LEAST, CODED_MOST])
def test_texts_between_the_bounds_can_be_compressed(size: int) -> None:
    assert represent(page(200, b"x" * size)).codable
    beyond = size - 1 if size == CODED_LEAST else size + 1
    assert not represent(page(200, b"x" * beyond)).codable


def test_pictures_streams_and_what_is_coded_already_are_left(tmp_path: object) -> None:
    from pathlib import Path

    assert not represent(page(200, TEXT, "image/png")).codable
    assert not represent(PAGE.with_headers(("content-encoding", "br"))).codable
    stream = Reply(200, (("content-type", "text/css"), ("etag", '"x"')), FilePart(Path(), 0, 9999))
    assert not represent(stream).codable


def test_where_a_coding_saves_nothing_the_bytes_are_sent_as_they_are() -> None:
    import random

    noise = random.Random(7).randbytes(CODED_LEAST)
    kept = completed(represent(page(200, noise)), asking(accept_encoding="br"))
    assert kept.coded["br"] is kept.whole
    assert kept.size == represent(page(200, noise)).size
    reply = sent(kept, accept_encoding="br")
    assert reply.body == noise
    assert headers(reply)["vary"] == "accept-encoding"


def test_what_is_there_for_ever_is_compressed_as_well_as_can_be() -> None:
    lasting = PAGE.with_headers(("cache-control", "public, max-age=31536000, immutable"))
    best = sent(represent(lasting), accept_encoding="br").body
    good = sent(represent(PAGE), accept_encoding="br").body
    assert isinstance(best, bytes) and isinstance(good, bytes)
    assert len(best) < len(good) < LASTING_BYTES


def test_the_room_that_is_taken_grows_with_each_coding() -> None:
    kept = represent(PAGE)
    assert kept.size > len(TEXT)
    more = completed(kept, asking(accept_encoding="gzip"))
    assert kept.size < more.size < 2 * kept.size + len(TEXT)
