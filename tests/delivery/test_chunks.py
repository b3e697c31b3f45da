"""Large files are sent piece by piece, and only so many at once where each keeps a thread."""

from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pytest

from apps.delivery import wsgi
from apps.delivery.chunks import CHUNK, Held, file_chunks
from apps.delivery.replies import FilePart, Reply
from whispercms.servers import THREADS

DATA = bytes(range(256)) * 1024


@pytest.fixture
def part(tmp_path: Path) -> FilePart:
    (tmp_path / "a").write_bytes(DATA)
    return FilePart(tmp_path / "a", 3, len(DATA) - 5)


def test_a_part_is_read_piece_by_piece(part: FilePart) -> None:
    chunks = list(file_chunks(part))
    assert b"".join(chunks) == DATA[3:-2] and max(map(len, chunks)) == CHUNK


@pytest.mark.parametrize("read", [0, 1, 99])
def test_a_place_is_given_back_once_however_it_ends(part: FilePart, read: int) -> None:
    places = BoundedSemaphore(1)
    assert places.acquire(blocking=False)
    held = Held(part, places)
    for _ in range(read):
        next(held, b"")
    held.close()
    held.close()
    assert places.acquire(blocking=False)
    del held
    assert not places.acquire(blocking=False)


def test_a_place_is_given_back_by_whoever_just_goes(part: FilePart) -> None:
    places = BoundedSemaphore(1)
    assert places.acquire(blocking=False)
    next(Held(part, places))
    assert places.acquire(blocking=False)


def test_one_more_is_asked_to_come_again_and_pages_are_not(part: FilePart) -> None:
    statuses: list[str] = []

    def start(status: str, headers: Any) -> None:
        statuses.append(status)

    large = Reply(200, (), part)
    held = [wsgi.send(large, start) for _ in range(wsgi.FILES_AT_ONCE)]
    wsgi.send(large, start)
    wsgi.send(Reply(200, (), b"page"), start)
    wsgi.send(Reply(200, (), FilePart(part.path, 0, CHUNK)), start)
    assert [status[:3] for status in statuses[-4:]] == ["200", "503", "200", "200"]
    held.clear()
    wsgi.send(large, start)
    assert statuses[-1] == "200 OK"


def test_some_threads_are_left_for_pages() -> None:
    assert wsgi.FILES_AT_ONCE <= THREADS - 4
