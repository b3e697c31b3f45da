"""What plugins propose, as typed values: decoded from a worker's reply as if it were hostile.

The worker has checked the same rules, but this is what counts. Whether the theme takes a proposal
is decided in acceptance.py, what a transform may do to an element where it is carried out.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from apps.extensions import limits

Value = str | int | float | bool | None | tuple["Value", ...] | Mapping[str, "Value"]
HeaderOperation = Literal["set", "append", "remove"]

OPERATIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "set_attribute": ("name", "value"),
        "remove_attribute": ("name",),
        "add_class": ("name",),
        "remove_class": ("name",),
        "set_inner_html": ("html",),
        "set_inner_text": ("text",),
        "append_html": ("html",),
        "prepend_html": ("html",),
        "replace_with_html": ("html",),
        "replace_with_text": ("text",),
        "insert_before_html": ("html",),
        "insert_before_text": ("text",),
        "insert_after_html": ("html",),
        "insert_after_text": ("text",),
        "remove": (),
        "unwrap": (),
    }
)
"""Transform operation -> its arguments, all of them texts."""

FORBIDDEN_HEADERS: Final = frozenset(
    {
        *(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
        ),
        *("te", "trailer", "transfer-encoding", "upgrade", "content-length", "content-encoding"),
        *("content-type", "content-range", "accept-ranges", "date", "host", "server", "set-cookie"),
        *("cookie", "authorization", "www-authenticate", "authentication-info", "clear-site-data"),
        *("content-security-policy", "content-security-policy-report-only", "vary", "etag"),
        *("last-modified", "cache-control", "age", "expires", "strict-transport-security"),
        *("x-frame-options", "x-content-type-options", "referrer-policy", "permissions-policy"),
        *("cross-origin-opener-policy", "cross-origin-embedder-policy", "refresh"),
        *("cross-origin-resource-policy", "x-request-id", "x-accel-redirect", "x-sendfile"),
        *("x-accel-buffering", "x-accel-expires", "x-forwarded-for", "x-forwarded-proto"),
        *("x-forwarded-host", "x-http-method-override", "service-worker-allowed", "alt-svc"),
    }
)
"""Of the connection, security, caching or a proxy: the host's alone, whatever a theme accepts."""
FORBIDDEN_HEADER_PREFIXES: Final = ("access-control-", "proxy-", "sec-", "x-accel-", "x-lighttpd-")

_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NAME: Final = re.compile(r"[A-Za-z_:][A-Za-z0-9_:.-]*")
_CLASS: Final = re.compile(r"[A-Za-z0-9_:-]+")
_HEADER_TEXT: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


class ProposalError(ValueError):
    """This is not a proposal within the rules. The message may quote hostile text, shortened."""


@dataclass(frozen=True, slots=True)
class Metadata:
    key: str
    value: Value


@dataclass(frozen=True, slots=True)
class Status:
    status: int


@dataclass(frozen=True, slots=True)
class Header:
    """`name` is in lower case; `value` is empty for "remove"."""

    op: HeaderOperation
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Transform:
    """`arguments` are those of OPERATIONS, by name."""

    selector: str
    op: str
    arguments: Mapping[str, str]


Proposal = Metadata | Status | Header | Transform


def decode_proposals(entries: Any) -> tuple[tuple[Proposal, ...], tuple[str, ...]]:
    """The well-formed ones in their order, and the reason for each other one. Never raises."""
    if type(entries) is not list:
        return (), (f"proposals must be a list, not a {type(entries).__name__}",)
    proposals, problems = [], []
    for position, entry in enumerate(entries[: limits.PROPOSALS], start=1):
        try:
            proposals.append(_decode(entry))
        except ProposalError as error:
            problems.append(f"proposal {position}: {error}")
    if len(entries) > limits.PROPOSALS:
        problems.append(f"{len(entries)} proposals; those after {limits.PROPOSALS} are left out")
    return tuple(proposals), tuple(problems)


def _decode(entry: Any) -> Proposal:
    if type(entry) is not dict:
        raise ProposalError(f"must be a map, not a {type(entry).__name__}")
    kind = entry.get("kind")
    decode = _KINDS.get(kind) if type(kind) is str else None
    if decode is None:
        raise ProposalError(f"there is no kind {_quote(kind)}")
    return decode(entry)


def _metadata(entry: dict[str, Any]) -> Metadata:
    _only(entry, "key", "value")
    key = _text(entry, "key", limits.METADATA_KEY, _KEY)
    return Metadata(key, _frozen(entry["value"], [limits.RESULT_NODES, limits.RESULT_BYTES], 1))


def _status(entry: dict[str, Any]) -> Status:
    _only(entry, "status")
    status = entry["status"]
    if type(status) is not int or status not in limits.STATUS:
        low, high = limits.STATUS.start, limits.STATUS.stop - 1
        raise ProposalError(f"status must be a whole number from {low} to {high}")
    return Status(status)


def _header(entry: dict[str, Any]) -> Header:
    op = entry.get("op")
    if type(op) is not str or op not in ("set", "append", "remove"):
        raise ProposalError("op of a header must be set, append or remove")
    _only(entry, "op", "name", *(("value",) if op != "remove" or "value" in entry else ()))
    name = _text(entry, "name", limits.HEADER_NAME, _TOKEN).lower()
    if name in FORBIDDEN_HEADERS or name.startswith(FORBIDDEN_HEADER_PREFIXES):
        raise ProposalError(f"the header {name} is the host's own")
    if op == "remove":
        return Header("remove", name, "")
    value = _text(entry, "value", limits.HEADER_VALUE, _HEADER_TEXT, empty=True)
    return Header("set" if op == "set" else "append", name, value.strip(" \t"))


def _transform(entry: dict[str, Any]) -> Transform:
    op = entry.get("op")
    names = OPERATIONS.get(op) if type(op) is str else None
    if names is None or type(op) is not str:
        raise ProposalError(f"there is no operation {_quote(op)}")
    _only(entry, "selector", "op", *names)
    selector = _text(entry, "selector", limits.SELECTOR)
    return Transform(selector, op, _arguments(entry, op, names))


def _arguments(entry: dict[str, Any], op: str, names: tuple[str, ...]) -> Mapping[str, str]:
    arguments = {}
    for name in names:
        if name == "name":
            arguments[name] = _name(entry, op)
        else:
            arguments[name] = _text(entry, name, limits.HTML_BYTES, empty=True, control=True)
    return MappingProxyType(arguments)


def _name(entry: dict[str, Any], op: str) -> str:
    """Of an attribute or of a class."""
    if op.endswith("class"):
        return _text(entry, "name", limits.METADATA_KEY, _CLASS)
    return _text(entry, "name", limits.METADATA_KEY, _NAME).lower()


_KINDS: Final[Mapping[str, Callable[[dict[str, Any]], Proposal]]] = {
    "metadata": _metadata,
    "status": _status,
    "header": _header,
    "transform": _transform,
}


def _only(entry: dict[str, Any], *names: str) -> None:
    missing = [name for name in names if name not in entry]
    if missing:
        raise ProposalError(f"{missing[0]} is missing")
    if extra := sorted(entry.keys() - {"kind", *names}):
        raise ProposalError(f"{_quote(extra[0])} does not belong here")


def _text(
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
    if len(value) > most or _size(value, name) > most:
        raise ProposalError(f"{name} is longer than {most} bytes")
    if not value and not empty:
        raise ProposalError(f"{name} is empty")
    if pattern is not None and pattern.fullmatch(value) is None:
        raise ProposalError(f"{name} {_quote(value)} has characters that are not allowed")
    if pattern is None and not control and not value.isprintable():
        raise ProposalError(f"{name} {_quote(value)} has control characters")
    return value


def _size(value: str, name: str) -> int:
    try:
        return len(value.encode("utf-8"))
    except UnicodeEncodeError:
        raise ProposalError(f"{name} is not UTF-8") from None


def _frozen(value: Any, left: list[int], depth: int) -> Value:
    """A deep frozen copy. `left` is what may still come: nodes and bytes."""
    kind = type(value)
    if kind is str:
        _spend(left, _size(value, "value"))
        return str(value)
    _spend(left, 0)
    if value is None or kind is bool:
        return None if value is None else bool(value)
    if kind is int and -(2**63) <= value < 2**63:
        return int(value)
    if kind is float and math.isfinite(value):
        return float(value)
    if depth > limits.RESULT_DEPTH:
        raise ProposalError(f"value is nested deeper than {limits.RESULT_DEPTH}")
    if kind is list:
        return tuple(_frozen(item, left, depth + 1) for item in value)
    if kind is dict:
        return MappingProxyType(
            {_map_key(key, left): _frozen(item, left, depth + 1) for key, item in value.items()}
        )
    raise ProposalError(f"value holds a {kind.__name__} that is not allowed")


def _map_key(key: Any, left: list[int]) -> str:
    if type(key) is not str:
        raise ProposalError("value holds a map with keys that are not texts")
    _spend(left, _size(key, "key"))
    return key


def _spend(left: list[int], size: int) -> None:
    left[0] -= 1
    left[1] -= size
    if left[0] < 0 or left[1] < 0:
        raise ProposalError("value is too large")


def _quote(value: Any) -> str:
    """Hostile text in a message: short, and without characters that a terminal obeys."""
    shown = value if type(value) is str else type(value).__name__
    return ascii(shown[:40])
