"""Every bound on confined workers and on events, and what describes one kind of worker."""

from dataclasses import dataclass, field
from typing import Any

KIB = 1024
MIB = 1024 * KIB

FRAME_CEILING = 64 * MIB
"""No frame may be allowed to be longer than this, whatever a WorkerSpec says."""
MEMORY_FLOOR = 64 * MIB
"""Below this the interpreter's own mappings leave no room."""
SECONDS_CEILING = 3600.0
CALLS_CEILING = 1_000_000
SIZE_CEILING = 64
GRACE_PART = 4
"""Of its calls, so great a part more may a worker answer until its successor is ready."""
MAX_DEPTH = 64
"""Nesting of lists and maps in one message; callers may walk what they get recursively."""
FAULT_CHARACTERS = 2000
"""Of a worker's error message, which is hostile text, so much is kept."""
READ_BYTES = 64 * KIB
"""Asked of a socket or pipe at a time."""
CONTROL_BYTES = 64 * KIB
"""One message between this process and its zygote."""
ZYGOTE_SECONDS = 30.0
"""A zygote which has not answered for so long (it may be importing) is replaced."""
RETRY_SECONDS = 1.0
"""After a start that failed, a pool refuses at once for so long before it tries again."""
BUSY_SECONDS = 0.02
"""A fan-out waits so long for a free worker: one extension's slow calls do not pile up requests."""
REST_SECONDS = 30.0
"""Of a pool that nobody asked anything for so long, one worker is kept ready."""
CONTENTION_SECONDS = 0.001
"""How often a fan-out looks for workers that other threads have given back."""
PROGRAM_DESCRIPTORS = 64
TOPIC_CHARACTERS = 200
"""Of the topic of an event, or of a pattern."""
CHAIN_TOPICS = 8
"""So many events may follow from each other, the last one included."""
QUEUED_EVENTS = 256
"""Of one subscriber; what does not fit is dropped and counted."""
SUBSCRIBERS = 64
"""Each has a thread of its own."""
CLOSE_SECONDS = 1.0
"""A subscription that is closed waits so long for a turn that is under way."""
EXPLANATIONS = 32
"""So many different refusals of one subscriber's events are logged; all are counted."""
RESTART_FIRST, RESTART_LONGEST = 1.0, 90.0
"""Seconds before what has ended is started again: the first time, and at most."""
RESTART_STABLE = 60.0
"""What has run for so many seconds is as good as new."""
RESTART_ATTEMPTS = 20
"""So many starts in a row, over about 20 minutes; then it has failed until the next start-up."""
TEND_SECONDS = 0.5
"""How often it is looked whether what runs beside the requests still does."""
PART_STOP_SECONDS = 10.0
"""What is asked to end and does not is left behind, and not started again."""
KEPT_EVENTS = 1000
"""In one outbox; the oldest go, and are counted as dropped to whoever had not taken them."""
KEPT_EVENT_SECONDS = 30 * 24 * 3600.0
"""The newest stays, however old."""
OUTBOX_BATCH = 100
OUTBOX_SECONDS = 1.0
"""How often an outbox is looked into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Raises ValueError for a bound that would bound nothing."""

    memory: int = 256 * MIB
    """RLIMIT_AS in bytes: the whole address space, shared libraries included."""
    cpu_seconds: float = 0.1
    """Per call; the kernel kills the worker (ITIMER_PROF), even if this process is stuck."""
    wall_seconds: float = 0.15
    """Per call; the parent kills the worker."""
    start_seconds: float = 2.0
    """Wall and CPU time from fork until `open` has returned."""
    setup_bytes: int = 16 * MIB
    request_bytes: int = 4 * MIB
    reply_bytes: int = 4 * MIB
    calls: int = 10_000
    """After so many a worker is replaced: leaks stay small, and RLIMIT_CPU can be finite."""
    program: str | None = None
    """Absolute path of the one outside program the worker runs (see program_worker)."""

    def __post_init__(self) -> None:
        _within("memory", self.memory, MEMORY_FLOOR, 64 * 1024 * MIB)
        for name in ("cpu_seconds", "wall_seconds", "start_seconds"):
            _within(name, getattr(self, name), 0.001, SECONDS_CEILING)
        for name in ("setup_bytes", "request_bytes", "reply_bytes"):
            _within(name, getattr(self, name), 1, FRAME_CEILING)
        _within("calls", self.calls, 1, CALLS_CEILING)
        if self.program is not None and not self.program.startswith("/"):
            raise ValueError(f"program must be an absolute path, not {self.program!r}")

    @property
    def lifetime_cpu_seconds(self) -> int:
        """RLIMIT_CPU: more than an honest worker can use before it is replaced."""
        return int(self.start_seconds + self.last_call * self.cpu_seconds) + 2

    @property
    def last_call(self) -> int:
        """A worker whose successor is not ready yet serves on, but not beyond this call."""
        return self.calls + self.calls // GRACE_PART


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """One kind of worker: `setup` goes to the `open` of the module with the dotted name `entry`."""

    name: str
    entry: str
    setup: Any = None
    limits: Limits = field(default_factory=Limits)
    size: int = 1
    keeps: int = 1
    """Workers that stay though nobody asks for any."""

    def __post_init__(self) -> None:
        _within("size", self.size, 1, SIZE_CEILING)
        _within("keeps", self.keeps, 0, self.size)


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low} to {high}, not {value}")
