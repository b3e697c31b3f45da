"""Hostile plain values on their way from a worker: checked, bounded, and frozen deeply."""

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from apps.extensions import limits

Value = str | int | float | bool | None | tuple["Value", ...] | Mapping[str, "Value"]


class ProposalError(ValueError):
    """This is not a proposal within the rules. The message may quote hostile text, shortened."""


class Allowance:
    """What the values of one proposal may still hold together, in nodes and bytes."""

    def __init__(self) -> None:
        self._nodes, self._bytes = limits.RESULT_NODES, limits.RESULT_BYTES

    def spend(self, size: int) -> None:
        self._nodes -= 1
        self._bytes -= size
        if self._nodes < 0 or self._bytes < 0:
            raise ProposalError("value is too large")


def only(entry: dict[str, Any], *names: str) -> None:
    """All these fields and no other but `kind`."""
    if entry.keys() == {"kind", *names}:
        return
    missing = [name for name in names if name not in entry]
    if missing:
        raise ProposalError(f"{missing[0]} is missing")
    if extra := sorted(entry.keys() - {"kind", *names}):
        raise ProposalError(f"{quote(extra[0])} does not belong here")


def text(
    entry: dict[str, Any],
    name: str,
    most: int,
    pattern: re.Pattern[str] | None = None,
    *,
    empty: bool = False,
    control: bool = False,
) -> str:
    """`most` is in bytes of UTF-8."""
    value = entry[name]
    if type(value) is not str:
        raise ProposalError(f"{name} must be a text, not a {type(value).__name__}")
    if len(value) > most or size(value, name) > most:
        raise ProposalError(f"{name} is longer than {most} bytes")
    if not value and not empty:
        raise ProposalError(f"{name} is empty")
    if pattern is not None and pattern.fullmatch(value) is None:
        raise ProposalError(f"{name} {quote(value)} has characters that are not allowed")
    if pattern is None and not control and not value.isprintable():
        raise ProposalError(f"{name} {quote(value)} has control characters")
    return value


def size(value: str, name: str) -> int:
    if value.isascii():
        return len(value)
    try:
        return len(value.encode("utf-8"))
    except UnicodeEncodeError:
        raise ProposalError(f"{name} is not UTF-8") from None


def frozen(value: Any, left: Allowance, depth: int = 1) -> Value:
    """A deep copy that cannot be changed."""
    kind = type(value)
    if kind is str:
        left.spend(size(value, "value"))
        return str(value)
    left.spend(0)
    if value is None or kind is bool:
        return None if value is None else bool(value)
    if kind is int and -(2**63) <= value < 2**63:
        return int(value)
    if kind is float and math.isfinite(value):
        return float(value)
    if depth > limits.RESULT_DEPTH:
        raise ProposalError(f"value is nested deeper than {limits.RESULT_DEPTH}")
    if kind is list:
        return tuple(frozen(item, left, depth + 1) for item in value)
    if kind is dict:
        return MappingProxyType(
            {_key(key, left): frozen(item, left, depth + 1) for key, item in value.items()}
        )
    raise ProposalError(f"value holds a {kind.__name__} that is not allowed")


def plain(value: Value) -> Any:
    """As lists and maps, which a worker can be sent."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def quote(value: Any) -> str:
    """Hostile text in a message: short, and without characters that a terminal obeys."""
    shown = value if type(value) is str else type(value).__name__
    return ascii(shown[:40])


def _key(key: Any, left: Allowance) -> str:
    if type(key) is not str:
        raise ProposalError("value holds a map with keys that are not texts")
    left.spend(size(key, "key"))
    return key
