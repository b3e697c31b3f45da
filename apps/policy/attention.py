"""What of a resource some policies look at: two resources that agree in it are decided alike. Pure.

So that a site whose policies tell documents apart by visibility asks a few times, and not once for
each of them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

_RESOURCE = {"Var": "resource"}
_READS = (".", "has")


def attention(policies: Iterable[Mapping[str, Any]]) -> frozenset[str] | None:
    """Names of attributes; None where which one it is may matter, or what it is in."""
    found: set[str] = set()
    for policy in policies:
        if policy["resource"]["op"] not in ("All", "is") or "in" in policy["resource"]:
            return None
        waiting: list[Any] = list(policy["conditions"])
        while waiting:
            value = waiting.pop()
            if value == _RESOURCE:
                return None
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                waiting += (part for part in _parts(value, found))
    return frozenset(found)


def _parts(value: Mapping[str, Any], found: set[str]) -> Iterable[Any]:
    """What of an expression is still to be looked at."""
    for operator, operand in value.items():
        if operator in _READS and isinstance(operand, dict) and operand.get("left") == _RESOURCE:
            found.add(str(operand["attr"]))
        else:
            yield operand
