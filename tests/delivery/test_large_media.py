"""Files that are much larger than what may be held in memory."""

import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from apps.content.files import ContentFiles
from apps.delivery.assets import file_reply
from apps.delivery.chunks import file_chunks
from apps.delivery.http.conditions import respond
from apps.delivery.http.making import represent
from apps.delivery.replies import FilePart, Reply
from apps.delivery.requests import PageRequest
from tests.content.entries import files

BLOB = "cd" * 20
GIBIBYTE = 1024**3
MARK = b"the middle"
MIDDLE = GIBIBYTE // 2
AT_ONCE = 12
HELD_KIBIBYTES = 32 * 1024


@pytest.fixture
def film(tmp_path: Path) -> ContentFiles:
    found = files(tmp_path)
    place = found.asset(BLOB)
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        file.truncate(GIBIBYTE)
        file.seek(MIDDLE)
        file.write(MARK)
    return found


def got(film: ContentFiles, method: str = "GET", **headers: str) -> Reply:
    lines = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    reply = file_reply("/media/film.mp4", film, BLOB, GIBIBYTE)
    answer = respond(represent(reply), PageRequest(method, "/media/film.mp4", "", lines, "id"))
    assert answer is not None
    return answer


def test_a_part_from_the_middle_is_what_is_there(film: ContentFiles) -> None:
    last = MIDDLE + len(MARK) - 1
    for headers in ({}, {"if_range": f'"{BLOB}"'}):
        reply = got(film, range=f"bytes={MIDDLE}-{last}", **headers)
        assert isinstance(reply.body, FilePart)
        assert (reply.status, b"".join(file_chunks(reply.body))) == (206, MARK)
        assert reply.header("content-range") == f"bytes {MIDDLE}-{last}/{GIBIBYTE}"
        assert reply.header("content-type") == "video/mp4"


def test_another_version_is_sent_as_a_whole_and_head_says_how_long_it_is(
    film: ContentFiles,
) -> None:
    other = got(film, range="bytes=0-9", if_range='"another"')
    assert (other.status, other.header("content-length")) == (200, str(GIBIBYTE))
    head = got(film, method="HEAD")
    assert (head.body, head.header("content-length")) == (b"", str(GIBIBYTE))
    assert head.header("accept-ranges") == "bytes"
    assert got(film, range=f"bytes={GIBIBYTE}-").status == 416
    assert got(film, range="bytes=-1").header("content-length") == "1"


@pytest.mark.long
def test_twelve_who_read_it_at_once_hold_little_of_it(film: ContentFiles) -> None:
    def read(_: int) -> int:
        reply = got(film)
        assert isinstance(reply.body, FilePart)
        return sum(map(len, file_chunks(reply.body)))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert list(threads.map(read, range(AT_ONCE))) == [GIBIBYTE] * AT_ONCE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < HELD_KIBIBYTES
