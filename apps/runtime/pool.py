"""The workers of one WorkerSpec: lent to one caller at a time, replaced off the caller's path."""

import contextlib
import math
import threading
import time
from collections.abc import Callable
from typing import Any

from apps.runtime.counts import Counts, Tally
from apps.runtime.cpu_time import Usage
from apps.runtime.faults import WorkerFault, WorkerUnavailable
from apps.runtime.limits import RETRY_SECONDS, SIZE_CEILING, WorkerSpec
from apps.runtime.worker import Worker, encode_request, start_worker
from apps.runtime.zygote_client import Zygote


class WorkerPool:
    """Thread-safe. Each of `spec.size` places is vacant, being filled, or held by a worker."""

    def __init__(self, zygote: Zygote, spec: WorkerSpec) -> None:
        self.spec = spec
        self._zygote = zygote
        self._closed = False
        self._vacate()

    def _vacate(self) -> None:
        self._changed = threading.Condition()
        self._tally = Tally()
        self._idle: list[Worker] = []
        self._members: set[Worker] = set()
        self._relieved: set[Worker] = set()
        self._relieving = False
        self._vacant = self.spec.size
        self._cold = True
        self._rested = 0
        self._failure = ""
        self._retry_at = -math.inf

    def warm(self, places: int = SIZE_CEILING) -> None:
        """Fills so many of its places; the others are filled when all workers are busy. Raises the
        WorkerFault that says why one cannot be filled."""
        while len(self._members) < places and self._claim():
            self._fill()

    def rest(self) -> None:
        """As `spare`, where nothing was asked since the last time."""
        with self._changed:
            calls = self._tally.counts().calls
            unused, self._rested = calls == self._rested, calls
        if unused:
            self.spare()

    def spare(self) -> None:
        """Ends all idle workers but those to keep. Who asks next may have to wait for a start."""
        with self._changed:
            leaving = [] if self._closed else self._idle[self.spec.keeps :]
            self._idle = [each for each in self._idle if each not in leaving]
            self._members.difference_update(leaving)
            self._vacant += len(leaving)
        for worker in leaving:
            worker.end()

    def call(self, request: Any, *, wall_seconds: float | None = None) -> Any:
        """The answer. Raises a WorkerFault, at the latest when the wall time is over."""
        frame = self.encode(request)
        seconds = self.spec.limits.wall_seconds if wall_seconds is None else wall_seconds
        deadline = time.monotonic() + seconds
        worker = self._begin(frame, deadline)
        outcome: Any = WorkerUnavailable("the caller gave up", worker=self.spec.name)
        try:
            outcome = worker.wait(deadline)
        finally:
            self.finish(worker, outcome)
        if isinstance(outcome, WorkerFault):
            raise outcome
        return outcome

    def counts(self) -> Counts:
        """Since the pool was made, in this process alone."""
        with self._changed:
            return self._tally.counts()

    def usages(self) -> dict[int, Usage]:
        """Of the workers that there are now, by process."""
        with self._changed:
            members = tuple(self._members)
        return {worker.pid: worker.usage() for worker in members}

    @property
    def is_cold(self) -> bool:
        """No worker has ever been ready, so that a first caller has to wait for one to start."""
        return self._cold

    def renew(self) -> None:
        """Others take the place of all workers; a call under way is waited for."""
        with self._changed:
            leaving, self._idle = self._idle, []
            self._relieved |= self._members.difference(leaving)
            self._vacant += len(self._members)
            self._members = set()
        for worker in leaving:
            worker.end()

    def close(self) -> None:
        """Kills all workers; calls under way and later ones end in a WorkerFault."""
        with self._changed:
            self._closed = True
            idle, lent = self._idle, (self._members | self._relieved).difference(self._idle)
            self._idle, self._members, self._relieved = [], set(), set()
            self._changed.notify_all()
        for worker in lent:
            worker.kill()
        for worker in idle:
            worker.end()

    def forget(self) -> None:
        """In the child of a fork: the parent's workers are not ours to ask or to kill."""
        for worker in self._members | self._relieved:
            worker.forget()
        self._vacate()

    def encode(self, request: Any) -> bytes:
        """Raises WorkerRefused."""
        return encode_request(self.spec, request, self.spec.limits.request_bytes)

    def begin_now(self, frame: bytes) -> Worker | None:
        """A worker which has been sent the frame; None while all are busy. Raises WorkerFault."""
        while (worker := self._lend_now()) is not None and not self._asked(worker, frame):
            self._retire(worker)
        return worker

    def finish(self, worker: Worker, outcome: Any) -> None:
        """Takes back a worker that has begun. One that failed is replaced; one that has served long
        is relieved by another that is ready, so that nobody waits for it."""
        fit = not isinstance(outcome, WorkerFault) and worker.calls < self.spec.limits.last_call
        with self._changed:
            self._tally.add(outcome)
            fit = fit and not self._closed and worker in self._members
            if fit:
                self._idle.append(worker)
                self._changed.notify()
        if not fit:
            self._retire(worker)
        elif worker.calls >= self.spec.limits.calls:
            self._relieve_later(worker)

    def _begin(self, frame: bytes, deadline: float) -> Worker:
        while True:
            worker = self._lend(deadline)
            if self._asked(worker, frame):
                return worker
            self._retire(worker)

    def _asked(self, worker: Worker, frame: bytes) -> bool:
        try:
            return worker.begin(frame)
        except WorkerFault as fault:
            self.finish(worker, fault)
            raise

    def _lend(self, deadline: float) -> Worker:
        with self._changed:
            while (worker := self._lend_now()) is None:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise self._unavailable("no worker was free in time")
                self._changed.wait(remaining)
        return worker

    def _lend_now(self) -> Worker | None:
        with self._changed:
            if self._idle:
                return self._idle.pop()
            if self._closed:
                raise self._unavailable("the pool is closed")
            if time.monotonic() >= self._retry_at:
                self._refill()
            elif not self._members:
                raise self._unavailable(f"cannot be started: {self._failure}")
        return None

    def _refill(self) -> None:
        try:
            while self._claim():
                _in_background(self._fill)
        except RuntimeError as error:  # No thread is to be had.
            self._give_up(error)

    def _retire(self, worker: Worker) -> None:
        worker.kill()
        with self._changed:
            self._relieved.discard(worker)
            if worker in self._members:
                self._members.remove(worker)
                self._vacant += 1
                self._tally.replacements += 1
        with contextlib.suppress(RuntimeError):  # Then the next caller fills the place.
            _in_background(lambda: self._succeed(worker))

    def _succeed(self, worker: Worker) -> None:
        worker.end()
        if self._claim():
            self._fill()

    def _relieve_later(self, worker: Worker) -> None:
        """One at a time: workers that grew old together are not away together."""
        with self._changed:
            if self._relieving or self._closed or time.monotonic() < self._retry_at:
                return
            self._relieving = True
        try:
            _in_background(lambda: self._relieve(worker))
        except RuntimeError:  # No thread is to be had; its next call asks again.
            self._relieving = False

    def _relieve(self, worker: Worker) -> None:
        try:
            successor = start_worker(self._zygote, self.spec)
        except BaseException as error:
            with self._changed:
                self._relieving = False
                self._put_off(error)
            raise
        with self._changed:
            self._relieving = False
            leaving = self._replace(worker, successor)
        if leaving:
            leaving.end()

    def _replace(self, worker: Worker, successor: Worker) -> Worker | None:
        """Whom to end at once; a relieved one that is lent goes when it comes back."""
        if self._closed or worker not in self._members:
            return successor
        self._members.remove(worker)
        self._members.add(successor)
        self._idle.append(successor)
        self._changed.notify()
        self._tally.replacements += 1
        if worker not in self._idle:
            self._relieved.add(worker)
            return None
        self._idle.remove(worker)
        return worker

    def _claim(self) -> bool:
        """Takes on the filling of one vacant place."""
        with self._changed:
            if self._closed or not self._vacant:
                return False
            self._vacant -= 1
            return True

    def _fill(self) -> None:
        """Of a place that was claimed. Raises WorkerFault."""
        try:
            worker = start_worker(self._zygote, self.spec)
        except BaseException as error:
            self._give_up(error)
            raise
        with self._changed:
            if not self._closed:
                self._cold = False
                self._members.add(worker)
                self._idle.append(worker)
                self._changed.notify()
                return
        worker.end()

    def _give_up(self, error: BaseException) -> None:
        with self._changed:
            self._put_off(error)
            self._vacant += 1
            self._changed.notify_all()

    def _put_off(self, error: BaseException) -> None:
        self._failure = str(error)
        self._retry_at = time.monotonic() + RETRY_SECONDS

    def _unavailable(self, reason: str) -> WorkerUnavailable:
        return WorkerUnavailable(reason, worker=self.spec.name)


def _in_background(act: Callable[[], None]) -> None:
    """In a thread which lives as long as one start: a module slow to open delays no other pool."""

    def quietly() -> None:
        with contextlib.suppress(WorkerFault):  # Recorded in the pool; the next caller is told.
            act()

    threading.Thread(target=quietly, name="worker-replacement", daemon=True).start()
