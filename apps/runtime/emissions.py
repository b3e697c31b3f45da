"""Events as values, and the rule by which no chain of them is endless. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from apps.runtime.limits import CHAIN_TOPICS, MAX_DEPTH

ARROW = " → "


class EventError(ValueError):
    """A payload that is not JSON-like."""


class EmissionRefused(Exception):
    """An event that would not end: `chain` is how it came about, its own topic last."""

    def __init__(self, reason: str, chain: tuple[str, ...]) -> None:
        self.chain = chain
        super().__init__(f"{ARROW.join(chain)}: {reason}")


@dataclass(frozen=True, slots=True)
class Event:
    """`chain` has the topics of the events that led to this one, the first one first."""

    topic: str
    payload: Mapping[str, Any]
    chain: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        return (*self.chain, self.topic)


def check_path(event: Event) -> None:
    """Raises EmissionRefused for an event that follows from one of its own topic, or from too
    many."""
    if event.topic in event.chain:
        raise EmissionRefused("a cycle", event.path)
    if len(event.path) > CHAIN_TOPICS:
        raise EmissionRefused(f"a chain of more than {CHAIN_TOPICS} topics", event.path)


def freeze(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """A copy that nobody can change; raises EventError for what is not JSON-like."""
    if not isinstance(payload, Mapping):
        raise EventError(f"a payload must be a mapping, not {type(payload).__name__}")
    frozen: Mapping[str, Any] = _freeze(payload, MAX_DEPTH)
    return frozen


def _freeze(value: Any, depth: int) -> Any:
    if depth < 0:
        raise EventError(f"a payload must not be nested deeper than {MAX_DEPTH}")
    if isinstance(value, Mapping):
        return MappingProxyType({_key(k): _freeze(v, depth - 1) for k, v in value.items()})
    if isinstance(value, list | tuple):
        return tuple(_freeze(item, depth - 1) for item in value)
    if isinstance(value, float) and not math.isfinite(value):
        raise EventError(f"{value} is not JSON-like")
    if value is None or isinstance(value, str | int | float):
        return value
    raise EventError(f"{type(value).__name__} is not JSON-like")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise EventError(f"a key must be text, not {type(key).__name__}")
    return key
