from pathlib import Path

import pytest

from apps.delivery.assets import (
    DEFAULT_TYPE,
    FOREVER,
    IN_MEMORY,
    SANDBOX,
    TEXT_IN_MEMORY,
    TYPES,
    content_type,
    file_reply,
    theme_asset_reply,
)
from apps.delivery.http.conditions import respond
from apps.delivery.http.making import represent
from apps.delivery.http.sending import ASK_FIRST
from apps.delivery.replies import SECURITY, FilePart, Reply
from apps.delivery.requests import PageRequest
from tests.content.entries import files
from tests.sites import body
from tests.tables import each_of

BLOB = "ab" + "c" * 38
CONTENT = b"0123456789"


def sent(reply: Reply, method: str = "GET", **headers: str) -> Reply:
    """As `front` sends it."""
    lines = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    answer = respond(represent(reply), PageRequest(method, "/x", "", lines, "id"))
    assert answer is not None
    return answer


def found(folder: Path, path: str = "/x.png", content: bytes = CONTENT) -> Reply:
    places = files(folder)
    places.asset(BLOB).parent.mkdir(parents=True, exist_ok=True)
    places.asset(BLOB).write_bytes(content)
    return file_reply(path, places, BLOB, len(content))


def got(folder: Path, path: str = "/x.png", method: str = "GET", **headers: str) -> Reply:
    return sent(found(folder, path), method, **headers)


@each_of(
    ("name", "kind"),
    [
        ("x.png", "image/png"),
        ("X.PNG", "image/png"),
        ("x.webp", "image/webp"),
        ("x.avif", "image/avif"),
        ("x.svg", "image/svg+xml"),
        ("x.woff2", "font/woff2"),
        ("x.pdf", "application/pdf"),
        ("x.mp4", "video/mp4"),
        ("x.webm", "video/webm"),
        ("x.ogv", "video/ogg"),
        ("x.mp3", "audio/mpeg"),
        ("x.m4a", "audio/mp4"),
        ("x.flac", "audio/flac"),
        ("x.opus", "audio/opus"),
        ("x.jfif", "image/jpeg"),
        ("x.vtt", "text/vtt; charset=utf-8"),
        ("x.ics", "text/calendar; charset=utf-8"),
        ("x.ttf", "font/ttf"),
        ("x.rss", "application/rss+xml"),
        ("x.epub", "application/epub+zip"),
        ("x.css", "text/css; charset=utf-8"),
        ("x.js", "text/javascript; charset=utf-8"),
        ("x.md", "text/plain; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("x.json", "application/json"),
        ("x.webmanifest", "application/manifest+json"),
        ("/a.b/x", DEFAULT_TYPE),
        ("x.unknown", DEFAULT_TYPE),
        ("", DEFAULT_TYPE),
    ],
)
def test_a_file_has_the_type_of_its_suffix(name: str, kind: str) -> None:
    assert content_type(name) == kind


@pytest.mark.parametrize("name", ["x.tar.gz", "x.css.gz", "x.html.bz2", "x.txt.xz", "x.svgz"])
def test_a_packed_file_is_not_said_to_be_what_is_in_it(name: str) -> None:
    kind = content_type(name).partition(";")[0]
    unpacked = ("application/x-tar", "text/css", "text/html", "text/plain", "image/svg+xml")
    assert kind not in unpacked


@pytest.mark.parametrize(
    "name", ["data:text/html,x.png", "data:,x.png", "http:x.png", "//x.html/y.png"]
)
def test_a_name_that_looks_like_a_url_is_a_name(name: str) -> None:
    assert not content_type(name).startswith(("text/html", "image/svg"))


def test_a_whole_file_is_sent_with_what_caches_need(tmp_path: Path) -> None:
    reply = got(tmp_path)
    assert (reply.status, body(reply)) == (200, CONTENT)
    assert reply.header("content-length") == "10"
    assert reply.header("accept-ranges") == "bytes"
    assert reply.header("etag") == f'"{BLOB}"'
    assert reply.header("cache-control") == ASK_FIRST
    assert set(SECURITY) <= set(reply.headers)


def test_a_part_is_sent_with_its_place(tmp_path: Path) -> None:
    reply = got(tmp_path, range="bytes=3-5")
    assert (reply.status, body(reply)) == (206, b"345")
    assert reply.header("content-range") == "bytes 3-5/10"
    assert reply.header("content-length") == "3"


@pytest.mark.parametrize("header", ["bytes=0-1,3-4", "lines=1-2", "bytes=x"])
def test_a_range_that_cannot_be_read_is_ignored(tmp_path: Path, header: str) -> None:
    assert got(tmp_path, range=header).status == 200


def test_a_range_beyond_the_end_names_the_size(tmp_path: Path) -> None:
    reply = got(tmp_path, range="bytes=10-")
    assert (reply.status, reply.header("content-range")) == (416, "bytes */10")


def test_a_range_of_another_version_is_the_whole_file(tmp_path: Path) -> None:
    assert got(tmp_path, range="bytes=0-1", if_range=f'"{BLOB}"').status == 206
    assert got(tmp_path, range="bytes=0-1", if_range='"another"').status == 200
    assert got(tmp_path, range="bytes=0-1", if_range=f'W/"{BLOB}"').status == 200
    assert got(tmp_path, range="bytes=0-1", if_range="Sat, 01 Jan 2026 00:00:00 GMT").status == 200


def test_a_range_is_for_get_alone(tmp_path: Path) -> None:
    reply = got(tmp_path, method="HEAD", range="bytes=0-1")
    assert (reply.status, reply.header("content-length")) == (200, "10")


@pytest.mark.parametrize("header", [f'"{BLOB}"', f'W/"{BLOB}"', f'"x", "{BLOB}"', "*"])
def test_what_the_reader_has_is_not_sent_again(tmp_path: Path, header: str) -> None:
    reply = got(tmp_path, if_none_match=header, range="bytes=0-1")
    assert (reply.status, reply.body) == (304, b"")
    assert reply.header("etag") == f'"{BLOB}"'
    assert reply.header("cache-control") == ASK_FIRST
    assert reply.header("content-length") is None


@pytest.mark.parametrize("size", [10, IN_MEMORY + 1])
def test_a_file_that_is_missing_here_is_said_to_come_back(tmp_path: Path, size: int) -> None:
    reply = file_reply("/x.png", files(tmp_path), BLOB, size)
    assert (reply.status, reply.header("retry-after")) == (503, "60")


def test_a_file_that_is_cut_short_is_not_sent(tmp_path: Path) -> None:
    found(tmp_path)
    assert file_reply("/x.png", files(tmp_path), BLOB, len(CONTENT) + 1).status == 503


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    reply = found(tmp_path, content=b"")
    assert (reply.status, reply.body, reply.header("content-length")) == (200, b"", "0")


@pytest.mark.parametrize(
    ("path", "most"), [("/x.png", IN_MEMORY), ("/x.css", TEXT_IN_MEMORY), ("/x", IN_MEMORY)]
)
def test_a_large_file_is_streamed(tmp_path: Path, path: str, most: int) -> None:
    assert found(tmp_path, path, b"x" * most).body == b"x" * most
    large = found(tmp_path, path, b"x" * (most + 1))
    assert large.body == FilePart(files(tmp_path).asset(BLOB), 0, most + 1)
    assert body(sent(large, range=f"bytes={most}-")) == b"x"


ALL = sorted({kind for strict in TYPES.types_map for kind in strict.values()})


@pytest.mark.parametrize("kind", [k for k in ALL if "html" in k or k.endswith("xml")])
def test_whatever_can_hold_a_script_is_sandboxed(tmp_path: Path, kind: str) -> None:
    suffix = TYPES.guess_extension(kind, strict=False)
    assert suffix
    reply = got(tmp_path, path=f"/x{suffix}")
    assert reply.header("content-security-policy") == SANDBOX


def test_a_picture_is_not(tmp_path: Path) -> None:
    assert got(tmp_path).header("content-security-policy") is None


def test_an_asset_of_a_theme_may_be_kept_for_ever() -> None:
    reply = sent(theme_asset_reply("/-/themes/x/style.css", b"p{}", "digest"))
    assert (reply.status, reply.body) == (200, b"p{}")
    assert reply.header("cache-control") == FOREVER
    assert reply.header("content-type") == "text/css; charset=utf-8"
    assert reply.header("content-length") == "3"


def test_an_asset_of_a_theme_is_not_sent_twice() -> None:
    reply = sent(theme_asset_reply("/x.css", b"p{}", "digest"), if_none_match='"digest"')
    assert (reply.status, reply.body) == (304, b"")


def test_a_drawing_of_a_theme_is_sandboxed_too() -> None:
    reply = sent(theme_asset_reply("/-/themes/x/logo.svg", b"<svg/>", "digest"))
    assert reply.header("content-security-policy") == SANDBOX
