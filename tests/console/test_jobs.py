"""Long work: watched by whoever started it, by nobody else, and never without end."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from apps.console import jobs
from apps.console.bounds import JOB_STEPS, JOBS

ADA, BOB = (SimpleNamespace(get_username=lambda name=name: name) for name in ("ada", "bob"))


@pytest.fixture(autouse=True)
def nothing_under_way() -> Any:
    jobs._jobs.clear()
    yield
    jobs._jobs.clear()


def over(job: jobs.Job) -> jobs.Job:
    for thread in threading.enumerate():
        if thread.name == f"job {job.id}":
            thread.join(5)
    assert job.is_over
    return job


def test_it_leads_where_its_work_says() -> None:
    def work(progress: jobs.Progress) -> str:
        progress("half", 1, 2)
        progress("all", 2, 2)
        return "/done/"

    job = over(jobs.start(ADA, "Work", work))
    assert (job.steps, job.done, job.of, job.goes_to) == (["half", "all"], 2, 2, "/done/")
    assert job.as_json()["over"] and not job.as_json()["failed"]


def test_what_it_raises_is_kept() -> None:
    def work(progress: jobs.Progress) -> str:
        raise ValueError("broken")

    assert str(over(jobs.start(ADA, "Work", work)).failed) == "broken"


def test_only_its_owner_finds_it() -> None:
    job = over(jobs.start(ADA, "Work", lambda progress: "/"))
    assert jobs.find(ADA, job.id) is job
    assert jobs.find(BOB, job.id) is None and jobs.find(ADA, "other") is None


def test_what_is_over_gives_way_and_what_is_not_does_not() -> None:
    release = threading.Event()

    def work(progress: jobs.Progress) -> str:
        release.wait(10)
        return "/"

    started = [jobs.start(ADA, "Work", work) for _ in range(JOBS)]
    with pytest.raises(jobs.TooMuch):
        jobs.start(ADA, "Work", work)
    release.set()
    for each in started:
        over(each)
    assert over(jobs.start(ADA, "Work", work)).goes_to == "/"


def test_steps_are_bounded_and_the_last_stay() -> None:
    def work(progress: jobs.Progress) -> str:
        for number in range(JOB_STEPS + 1):
            progress(str(number))
        return "/"

    steps = over(jobs.start(ADA, "Work", work)).steps
    assert len(steps) == JOB_STEPS and steps[-1] == str(JOB_STEPS)
