import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.http.encodings import (
    ACCEPT_CHARACTERS,
    BROTLI,
    GZIP,
    IDENTITY,
    OFFERED,
    is_text,
    preferred,
)
from tests.tables import each_of


@each_of(
    ("accept", "coding"),
    [
        ("gzip, deflate, br, zstd", BROTLI),
        ("gzip, deflate", GZIP),
        ("gzip", GZIP),
        ("GZIP", GZIP),
        ("x-gzip", GZIP),
        ("br", BROTLI),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", BROTLI),
        ("br;q=0.5, gzip;q=0.8", GZIP),
        ("br ; q=0.5 , gzip ; q=0.8", GZIP),
        ("br;Q=0.5, gzip;Q=0.8", GZIP),
        ("br;q=0, gzip", GZIP),
        ("br;q=0.000, gzip;q=0.001", GZIP),
        ("*", BROTLI),
        ("*;q=0.5", BROTLI),
        ("br;q=0, *", GZIP),
        ("gzip;q=0, *", BROTLI),
        ("identity;q=0.5, gzip;q=0.4", IDENTITY),
        ("identity;q=0.5, gzip;q=0.5", GZIP),
        ("identity, *;q=0.5", IDENTITY),
        ("identity", IDENTITY),
        ("identity;q=0, gzip", GZIP),
        ("", IDENTITY),
        (",,,", IDENTITY),
        ("deflate", IDENTITY),
        ("zstd, compress", IDENTITY),
        ("br;q=0", IDENTITY),
        ("br;q=0, gzip;q=0", IDENTITY),
        ("br;q=0, br", IDENTITY),
        ("br, br;q=0", IDENTITY),
    ],
)
def test_what_is_liked_best_is_sent(accept: str, coding: str) -> None:
    assert preferred(accept) == coding


@pytest.mark.parametrize(
    "accept", ["*;q=0", "identity;q=0", "identity;q=0, *;q=0", "identity;q=0, br;q=0, gzip;q=0"]
)
def test_where_nothing_is_acceptable_the_bytes_are_sent_as_they_are(accept: str) -> None:
    assert preferred(accept) == IDENTITY


@each_of("quality", ["2", "1.1", "-1", "0.0001", ".5", "one", "", "0,5", "\u0661", "0.5;x=1"])
def test_a_quality_that_cannot_be_read_is_a_refusal(quality: str) -> None:
    assert preferred(f"br;q={quality}") == IDENTITY


def test_an_absurdly_long_header_is_not_read() -> None:
    filler = "x" * (ACCEPT_CHARACTERS - len(",br"))
    assert preferred(f"{filler},br") == BROTLI
    assert preferred(f"{filler}x,br") == IDENTITY


@given(st.text(st.sampled_from("brgzip*;q=01., identy"), max_size=60))
def test_no_header_breaks_it(accept: str) -> None:
    assert preferred(accept) in (*OFFERED, IDENTITY)


@given(st.sampled_from(OFFERED), st.lists(st.sampled_from(["br", "gzip", "*", "identity"])))
def test_what_is_refused_is_never_sent(coding: str, others: list[str]) -> None:
    assert preferred(", ".join([*others, f"{coding};q=0"])) != coding


@pytest.mark.parametrize(
    "kind",
    [
        "text/html; charset=utf-8",
        "text/css",
        "image/svg+xml",
        "application/json",
        "application/feed+json",
        "application/atom+xml",
        "application/manifest+json",
    ],
)
def test_texts_can_be_compressed(kind: str) -> None:
    assert is_text(kind)


@pytest.mark.parametrize(
    "kind", ["image/png", "font/woff2", "application/gzip", "application/pdf", "video/mp4", ""]
)
def test_what_is_compressed_already_is_left(kind: str) -> None:
    assert not is_text(kind)
