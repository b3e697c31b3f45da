"""The licences of everything we run on, and whether each is one that we allow."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from supply.pins import ROOT, Pin, pins

TABLE = Path(__file__).with_name("licences.toml")
LIST = ROOT / "build" / "licences.json"
_PART = re.compile(r"\(|\)|[^\s()]+")


@dataclass(frozen=True, slots=True)
class Licence:
    """`licence` is an expression of SPDX, empty where nobody knows; `trouble` is empty if it may
    be used."""

    name: str
    version: str
    licence: str
    trouble: str


def licences(
    wanted: Iterable[Pin],
    read: Callable[[str], Any] = metadata,
    table: Mapping[str, Any] | None = None,
) -> tuple[Licence, ...]:
    """Of those that are for this machine, as they are installed."""
    known = table or tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(_licence(pin, read, known) for pin in wanted if pin.here)


def write_list(found: Iterable[Licence], path: Path = LIST) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([asdict(each) for each in found], indent=2) + "\n")


def check() -> list[str]:
    """Writes the list; what is wrong, a line each."""
    found = licences(pins())
    write_list(found)
    return [f"{each.name} {each.version}: {each.trouble}" for each in found if each.trouble]


def is_allowed(expression: str, allowed: frozenset[str]) -> bool:
    """Whether an expression of SPDX can be kept with the `allowed` licences alone. One that
    cannot be understood is not."""
    parts = _PART.findall(expression)
    try:
        return _either(parts, allowed) and not parts
    except IndexError:
        return False


def _licence(pin: Pin, read: Callable[[str], Any], table: Mapping[str, Any]) -> Licence:
    try:
        told = read(pin.name)
    except PackageNotFoundError:
        return Licence(pin.name, pin.version, "", "is not installed")
    expression = _expression(pin.name, told, table)
    allowed = is_allowed(expression, frozenset(table["allowed"]))
    trouble = "" if allowed else f"its licence is not allowed: {expression or 'unknown'}"
    return Licence(pin.name, str(told["Version"]), expression, trouble)


def _expression(name: str, told: Message, table: Mapping[str, Any]) -> str:
    """What it says in SPDX, else what somebody read, else what its own words stand for."""
    if expression := told.get("License-Expression") or table["read"].get(name):
        return str(expression)
    own = str(told.get("License") or "").strip()
    if own in table["allowed"] or own in table["words"]:
        return str(table["words"].get(own, own))
    classifiers = told.get_all("Classifier") or []
    words = [each for each in classifiers if str(each).startswith("License ::")]
    return " AND ".join(str(table["words"].get(each, "unknown")) for each in words)


def _either(parts: list[str], allowed: frozenset[str]) -> bool:
    found = _both(parts, allowed)
    while parts and parts[0] == "OR":
        parts.pop(0)
        found = _both(parts, allowed) or found
    return found


def _both(parts: list[str], allowed: frozenset[str]) -> bool:
    found = _one(parts, allowed)
    while parts and parts[0] == "AND":
        parts.pop(0)
        found = _one(parts, allowed) and found
    return found


def _one(parts: list[str], allowed: frozenset[str]) -> bool:
    first = parts.pop(0)
    if first != "(":
        return first in allowed
    found = _either(parts, allowed)
    return parts.pop(0) == ")" and found
