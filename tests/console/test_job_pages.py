"""The page of long work: what goes wrong is told with what to do about it."""

import threading
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from apps.console import jobs
from apps.console.bounds import JOBS
from apps.delivery.observation import CommitMoved
from tests.console.extending.rooms import Room
from tests.console.stage import Stage, account, logged_in
from tests.console.test_jobs import ADA, BOB, over
from tests.console.writing.desk import Desk


@pytest.fixture
def bobs() -> Iterator[list[jobs.Job]]:
    """All the work that there may be is under way."""
    end = threading.Event()

    def work(progress: jobs.Progress) -> str:
        end.wait(10)
        return "/"

    jobs._jobs.clear()
    yield [jobs.start(BOB, "Work", work) for _ in range(JOBS)]
    end.set()
    jobs._jobs.clear()


def told(answer: Any, status: int) -> str:
    assert answer.status_code == status
    return unescape(answer.content.decode())


def test_where_too_much_is_under_way_nothing_begins(desk: Desk, bobs: list[jobs.Job]) -> None:
    room = Room(desk)
    for answer in (
        room.client.post("/admin/publishing/update/"),
        room.post("plugin/reading-time/disable/", **{"try": "1"}),
    ):
        page = told(answer, 503)
        assert f"{JOBS} pieces of work are under way" in page and "Wait until one is done" in page
    assert list(jobs._jobs.values()) == bobs


def test_work_that_the_site_overtook_is_to_be_tried_again(stage: Stage) -> None:
    def work(progress: jobs.Progress) -> str:
        raise CommitMoved

    account()
    client, job = logged_in(), over(jobs.start(ADA, "Work", work))
    page = told(client.get(reverse("admin:job", args=[job.id])), 409)
    assert "the site moved on meanwhile" in page and "Try again" in page
