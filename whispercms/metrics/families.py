"""What is measured, by name: how it is told to Prometheus, and what it means. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apps.delivery.measures import Times

Labels = tuple[str, ...]
Number = float | Times


class Kind(StrEnum):
    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Family:
    """`labels` are names; those of a sample come in the same order."""

    name: str
    kind: Kind
    help: str
    labels: Labels = ()


@dataclass(frozen=True, slots=True)
class Sample:
    family: Family
    labels: Labels
    value: Number


def _counter(name: str, text: str, *labels: str) -> Family:
    return Family(f"whispercms_{name}", Kind.COUNTER, text, labels)


def _gauge(name: str, text: str, *labels: str) -> Family:
    return Family(f"whispercms_{name}", Kind.GAUGE, text, labels)


SECONDS: Final = Family(
    "whispercms_request_seconds",
    Kind.HISTOGRAM,
    "Time until an answer was ready to be sent",
    ("route", "outcome"),
)
RESPONSES: Final = _counter("responses", "Answers", "outcome", "status")
UNDER_WAY: Final = _gauge("requests_under_way", "Requests that are being worked on")
CACHE_BYTES: Final = _gauge("cache_bytes", "Room that responses take", "route")
CACHE_ENTRIES: Final = _gauge("cache_entries", "Responses that are kept")
CACHE_EVICTIONS: Final = _counter("cache_evictions", "Responses that had to give way")
EVENTS_WAITING: Final = _gauge("events_waiting", "Events in a subscriber's queue", "subscriber")
EVENTS: Final = _counter("events", "Events of a subscriber, and how it went", "subscriber", "fate")
CALLS: Final = _counter(
    "worker_calls", "Calls of confined workers, and how they ended", "pool", "ending"
)
REPLACEMENTS: Final = _counter("worker_replacements", "Workers that others took over from", "pool")
STARTED: Final = _gauge("process_start_seconds", "When a process started, since 1970", "process")
TASKS_WAITING: Final = _gauge("tasks_waiting", "Tasks in the queue of this node")
BREAKERS: Final = _gauge("breaker", "1 for the state that a breaker is in", "extension", "state")
SYNC_AGE: Final = _gauge("sync_age_seconds", "Since the last sync that did not fail")
SERVED: Final = _gauge("served", "1 for the commit that is served", "commit", "branch")
PROGRAMS: Final = _gauge("component", "1 for the state that a part is in", "component", "state")

FAMILIES: Final = (
    *(SECONDS, RESPONSES, UNDER_WAY, CACHE_BYTES, CACHE_ENTRIES, CACHE_EVICTIONS),
    *(EVENTS_WAITING, EVENTS, CALLS, REPLACEMENTS, STARTED),
    *(TASKS_WAITING, BREAKERS, SYNC_AGE, SERVED, PROGRAMS),
)
BY_NAME: Final = {family.name: family for family in FAMILIES}
