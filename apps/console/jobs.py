"""Long work that a page started: done on a thread of its own, watched by whoever started it.

Kept in memory: what such work does to the site is in Git, whatever becomes of the process.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_urlsafe
from time import monotonic
from typing import Any, Protocol

import structlog
from django.db import connections

from apps.console.bounds import JOB_SECONDS, JOB_STEPS, JOBS

log = structlog.get_logger("whispercms.console")


class Progress(Protocol):
    def __call__(self, text: str, done: int | None = None, of: int | None = None) -> None: ...


Call = Callable[[Progress], str]
"""Returns the address of what came of it. What it raises is shown."""


class TooMuch(Exception):
    remedy = "Wait until one is done, and try again"

    def __init__(self) -> None:
        super().__init__(f"{JOBS} pieces of work are under way")


@dataclass(slots=True, eq=False)
class Job:
    """Written by its thread, read by pages: each change is one assignment."""

    id: str
    owner: str
    title: str
    steps: list[str] = field(default_factory=list)
    done: int | None = None
    of: int | None = None
    goes_to: str = ""
    failed: BaseException | None = None
    ended: float | None = None

    @property
    def is_over(self) -> bool:
        return self.ended is not None

    def as_json(self) -> dict[str, Any]:
        return {
            "steps": list(self.steps),
            "done": self.done,
            "of": self.of,
            "over": self.is_over,
            "failed": self.failed is not None,
            "goes_to": self.goes_to,
        }

    def tell(self, text: str, done: int | None = None, of: int | None = None) -> None:
        if not self.steps or self.steps[-1] != text:
            self.steps = [*self.steps, text][-JOB_STEPS:]
        self.done, self.of = done, of

    def run(self, call: Call) -> None:
        try:
            self.goes_to = call(self.tell)
        except Exception as error:
            self.failed = error
            log.warning("a job failed", title=self.title, reason=str(error))
        finally:
            self.ended = monotonic()
            connections.close_all()


_jobs: "OrderedDict[str, Job]" = OrderedDict()
_lock = threading.Lock()


def start(user: Any, title: str, call: Call) -> Job:
    """Raises TooMuch."""
    job = Job(token_urlsafe(12), user.get_username(), title)
    with _lock:
        _forget(monotonic())
        if len(_jobs) >= JOBS:
            raise TooMuch
        _jobs[job.id] = job
    threading.Thread(target=job.run, args=(call,), name=f"job {job.id}", daemon=True).start()
    return job


def find(user: Any, job_id: str) -> Job | None:
    """Only of the person who started it."""
    job = _jobs.get(job_id)
    return job if job and job.owner == user.get_username() else None


def _forget(now: float) -> None:
    """What is over for long, and the oldest of what is over where there is no room."""
    over = [job for job in _jobs.values() if job.ended is not None]
    for job in over:
        if len(_jobs) >= JOBS or now - (job.ended or now) > JOB_SECONDS:
            del _jobs[job.id]
