"""Many who want a rendition at once, and a process that has no hand free."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.content.image_workers import ImageWorkers, Unreadable
from apps.content.images import bounds
from apps.content.images.facts import OPAQUE, Facts
from apps.content.images.renditions import Picture, Rendition
from apps.content.shelf import Shelf
from apps.delivery.assets import FOREVER
from apps.delivery.http.sending import ASK_FIRST
from apps.delivery.pictures import Wanted
from apps.delivery.renditions import Renditions
from apps.delivery.replies import Reply
from apps.runtime.faults import WorkerUnavailable
from apps.runtime.workers import Workers
from tests.content.entries import files
from tests.pictures import opened, picture
from tests.sites import body

BLOB = "ab" * 20
CONTENT = picture()


class Slow(ImageWorkers):
    """Counts what it makes, and makes nothing before it is let."""

    def __init__(self, workers: Workers) -> None:
        super().__init__(workers)
        self.let, self.asked, self.faults = threading.Event(), 0, list[Exception]()
        self.came = threading.Semaphore(0)

    def make(self, file: Path, rendition: Rendition) -> bytes:
        self.asked += 1
        self.came.release()
        assert self.let.wait(10)
        if self.faults:
            raise self.faults.pop()
        return super().make(file, rendition)


@pytest.fixture
def slow(workers: Workers) -> Iterator[Slow]:
    found = Slow(workers)
    yield found
    found.let.set()
    found.close()


@pytest.fixture
def renditions(slow: Slow, tmp_path: Path) -> Renditions:
    place = files(tmp_path).asset(BLOB)
    place.parent.mkdir(parents=True)
    place.write_bytes(CONTENT)
    return Renditions(files(tmp_path), slow, Shelf(tmp_path / "images", 1_000_000))


def wanted(key: str = "k" * 8) -> Wanted:
    facts = Facts("image/jpeg", 60, 40, OPAQUE)
    shown = Picture(url="/a.jpg", blob=BLOB, size=len(CONTENT), facts=facts)
    made = Rendition(width=30, height=20, box=(0, 0, 60, 40), format="png", quality=80, key=key)
    return Wanted(shown, made)


def asked(renditions: Renditions, *keys: str) -> tuple[list[threading.Thread], list[Reply]]:
    replies: list[Reply] = []

    def ask(key: str) -> None:
        replies.append(renditions.reply(wanted(key)))

    threads = [threading.Thread(target=ask, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    return threads, replies


def kinds(replies: list[Reply]) -> list[str]:
    return sorted(str(reply.header("cache-control")) for reply in replies)


def test_it_is_made_once_for_all_who_want_it_now(renditions: Renditions, slow: Slow) -> None:
    threads, replies = asked(renditions, *["same" * 2] * bounds.WAITING)
    slow.came.acquire()
    slow.let.set()
    for thread in threads:
        thread.join()
    assert slow.asked == 1
    assert kinds(replies) == [FOREVER] * bounds.WAITING
    assert {opened(body(reply)).size for reply in replies} == {(30, 20)}


def test_who_finds_no_hand_free_is_given_the_picture_itself(
    renditions: Renditions, slow: Slow
) -> None:
    threads, replies = asked(renditions, *(f"key-{n}" for n in range(bounds.WAITING)))
    for _ in threads:
        slow.came.acquire()
    reply = renditions.reply(wanted("key-more"))
    assert (body(reply), reply.header("cache-control")) == (CONTENT, ASK_FIRST)
    assert reply.header("content-type") == "image/jpeg"
    slow.let.set()
    for thread in threads:
        thread.join()
    assert kinds(replies) == [FOREVER] * bounds.WAITING
    assert renditions.reply(wanted("key-more")).header("cache-control") == FOREVER


@pytest.mark.parametrize(
    ("fault", "asked_again"), [(Unreadable("it"), False), (WorkerUnavailable("busy"), True)]
)
def test_what_failed_is_tried_again_only_where_it_was_the_machine(
    renditions: Renditions, slow: Slow, fault: Exception, asked_again: bool
) -> None:
    slow.let.set()
    slow.faults.append(fault)
    assert body(renditions.reply(wanted())) == CONTENT
    reply = renditions.reply(wanted())
    assert slow.asked == (2 if asked_again else 1)
    assert (reply.header("cache-control") == FOREVER) is asked_again


def test_a_picture_that_is_gone_from_the_disk_is_not_available(
    renditions: Renditions, slow: Slow, tmp_path: Path
) -> None:
    slow.let.set()
    files(tmp_path).asset(BLOB).unlink()
    assert renditions.reply(wanted()).status == 503


def test_a_disk_that_takes_nothing_costs_nobody_the_picture(
    renditions: Renditions, slow: Slow, tmp_path: Path
) -> None:
    slow.let.set()
    (tmp_path / "images").write_text("a file where a folder should be")
    assert body(renditions.reply(wanted())) == CONTENT
