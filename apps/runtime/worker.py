"""One confined worker as its parent sees it: whatever happens becomes a value or a fault."""

import math
import select
import signal
import socket
import time
from collections.abc import Collection
from typing import Any, Final

from apps.runtime.channel import Channel, ChannelClosedError
from apps.runtime.cpu_time import CpuTime, Usage, peak_memory
from apps.runtime.faults import (
    OVER_CPU_TIME,
    WorkerBadFrame,
    WorkerDied,
    WorkerError,
    WorkerFault,
    WorkerRefused,
    WorkerTimeout,
    WorkerUnavailable,
)
from apps.runtime.frames import FrameError, decode, encode
from apps.runtime.limits import CONTROL_BYTES, FAULT_CHARACTERS, WorkerSpec
from apps.runtime.zygote_client import Child, Zygote

PENDING: Final = object()
_BUDGET_SIGNALS: Final = frozenset({signal.SIGPROF, signal.SIGXCPU})


class Worker:
    """Asked by one thread at a time; after a fault it is only fit to be ended."""

    __slots__ = ("_channel", "_child", "_cpu", "_spec", "calls", "layers")

    def __init__(self, spec: WorkerSpec, child: Child, own: socket.socket) -> None:
        self._spec = spec
        self._child = child
        self._channel = Channel(own)
        self._cpu = CpuTime(child.pid)
        self.calls = 0
        self.layers: dict[str, str] = {}

    @property
    def descriptor(self) -> int:
        return self._channel.descriptor

    @property
    def interest(self) -> int:
        return self._channel.interest

    @property
    def pid(self) -> int:
        return self._child.pid

    def usage(self) -> Usage:
        return Usage(self._cpu.used(), peak_memory(self._child.pid))

    def begin(self, frame: bytes) -> bool:
        """False where the worker was already gone: then nobody has seen the request.

        Raises the fault where it has said something since its last answer, or has ended as only
        one that was taken over does.
        """
        self.calls += 1
        self._cpu.start()
        try:
            self._channel.begin(frame)
        except ChannelClosedError:
            death = self._death()
            if isinstance(death, WorkerDied) and death.is_attack:
                raise death from None
            return False
        except FrameError as error:
            raise WorkerBadFrame(str(error), worker=self._spec.name) from None
        return True

    def advance(self) -> Any:
        """PENDING, the answer, or a WorkerFault."""
        try:
            payload = self._channel.advance()
            return PENDING if payload is None else self._opened(decode(payload))
        except ChannelClosedError:
            return self._death()
        except FrameError as error:
            return WorkerBadFrame(str(error), worker=self._spec.name)

    def wait(self, deadline: float) -> Any:
        """The answer or a WorkerFault. An answer which is there at the deadline still counts."""
        poller = select.poll()
        late = False
        while not late:
            remaining = deadline - time.monotonic()
            late = remaining <= 0
            poller.register(self.descriptor, self.interest)
            if poller.poll(0 if late else math.ceil(remaining * 1000)):
                outcome = self.advance()
                if outcome is not PENDING:
                    return outcome
        return self.overdue()

    def overdue(self) -> WorkerTimeout:
        """The fault of one that has not answered by its deadline; to be asked while it lives."""
        starved = self._cpu.is_starved(self._spec.limits.cpu_seconds)
        return WorkerTimeout(worker=self._spec.name, starved=starved)

    def kill(self) -> None:
        self._child.kill()

    def end(self) -> None:
        """Kills, closes and reaps; waits for the zygote, so not on a caller's path."""
        self._child.kill()
        self._channel.close()
        self._child.reap()

    def forget(self) -> None:
        """In the child of a fork: lets go of the socket and leaves the process alone."""
        self._channel.close()

    def prepare(self, setup: bytes, deadline: float) -> None:
        """Reads what confinement achieved, then has the module opened. Raises WorkerFault."""
        self._channel.expect(CONTROL_BYTES)
        self.layers = _raised(self.wait(deadline))
        if not self.begin(setup):
            raise self._death()
        _raised(self.wait(deadline))
        self._channel.expect(self._spec.limits.reply_bytes)
        self.calls = 0

    def _opened(self, reply: Any) -> Any:
        """The worker may be compromised, so even the envelope is not taken for granted."""
        if type(reply) is dict and "value" in reply:
            return reply["value"]
        fault = reply.get("fault") if type(reply) is dict else None
        if type(fault) is not dict:
            return WorkerBadFrame("an answer of no known form", worker=self._spec.name)
        kind, message = (str(fault.get(key))[:FAULT_CHARACTERS] for key in ("kind", "message"))
        return WorkerError(kind, message, worker=self._spec.name)

    def _death(self) -> WorkerFault:
        code, name = self._child.reap(), self._spec.name
        if code is None:
            return WorkerUnavailable("its zygote died", worker=name)
        if -code in _BUDGET_SIGNALS:
            return WorkerTimeout(OVER_CPU_TIME, worker=name)
        return WorkerDied(max(0, -code), worker=name)


def start_worker(zygote: Zygote, spec: WorkerSpec, layers: Collection[str] | None = None) -> Worker:
    """Confined and opened; only a proof names `layers`. Raises WorkerFault."""
    setup = encode_request(spec, spec.setup, spec.limits.setup_bytes)
    worker = Worker(spec, *zygote.spawn(spec, layers))
    try:
        worker.prepare(setup, time.monotonic() + spec.limits.start_seconds)
    except BaseException:
        worker.end()
        raise
    return worker


def encode_request(spec: WorkerSpec, value: Any, limit: int) -> bytes:
    """Raises WorkerRefused."""
    try:
        return encode(value, limit)
    except FrameError as error:
        raise WorkerRefused(str(error), worker=spec.name) from None


def _raised(outcome: Any) -> Any:
    if isinstance(outcome, WorkerFault):
        raise outcome
    return outcome
