import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.http.coders import LASTING_BYTES, coded
from apps.delivery.http.encodings import BROTLI, GZIP, OFFERED

UNPACKED = {BROTLI: brotli.decompress, GZIP: gzip.decompress}
TEXT = b"".join(b"<p>%d words of %d</p>\n" % (n * n, n) for n in range(300))


@given(st.binary(max_size=200), st.sampled_from(OFFERED), st.booleans())
def test_every_coding_can_be_undone(content: bytes, coding: str, lasting: bool) -> None:
    assert UNPACKED[coding](coded(coding, content, lasting=lasting)) == content


@pytest.mark.parametrize("coding", OFFERED)
def test_the_same_bytes_give_the_same(coding: str) -> None:
    assert coded(coding, TEXT) == coded(coding, TEXT)
    assert len(coded(coding, TEXT)) < len(TEXT) / 2


def test_what_lasts_is_worth_more_time() -> None:
    assert len(coded(BROTLI, TEXT, lasting=True)) < len(coded(BROTLI, TEXT))
    large = TEXT.ljust(LASTING_BYTES + 1)
    assert coded(BROTLI, large, lasting=True) == coded(BROTLI, large)


def test_another_coding_is_refused() -> None:
    with pytest.raises(ValueError, match="zstd"):
        coded("zstd", b"")
