"""What plugins propose, as typed values: decoded from a worker's reply as if it were hostile.

The worker has checked the same rules, but this is what counts. Whether the theme takes a proposal
is decided in acceptance.py, what a transform may do to an element where it is carried out.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Final, Literal

from apps.extensions import limits
from apps.extensions.pointers import PointerError, is_inside, segments
from apps.extensions.values import Allowance, ProposalError, Value, frozen, only, plain, quote, text

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
PATCH_OPERATIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "add": ("path", "value"),
        "remove": ("path",),
        "replace": ("path", "value"),
        "move": ("from", "path"),
        "test": ("path", "value"),
    }
)
"""Those of RFC 6902 -> their fields. Without copy: a few of them double a document many times."""

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


@dataclass(frozen=True, slots=True)
class Metadata:
    kind: ClassVar = "metadata"
    key: str
    value: Value


@dataclass(frozen=True, slots=True)
class Status:
    kind: ClassVar = "status"
    status: int


@dataclass(frozen=True, slots=True)
class Header:
    """`name` is in lower case; `value` is empty for "remove"."""

    kind: ClassVar = "header"
    op: HeaderOperation
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Transform:
    """`arguments` are those of OPERATIONS, by name."""

    kind: ClassVar = "transform"
    selector: str
    op: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PatchOperation:
    """`source` is the RFC's `from`; `value` is None where there is none."""

    op: str
    path: str
    source: str = ""
    value: Value = None

    def as_json(self) -> dict[str, Any]:
        """As RFC 6902 writes it."""
        fields = {"path": self.path, "from": self.source, "value": plain(self.value)}
        return {"op": self.op} | {name: fields[name] for name in PATCH_OPERATIONS[self.op]}


@dataclass(frozen=True, slots=True)
class Patch:
    """Carried out whole or not at all."""

    kind: ClassVar = "patch"
    operations: tuple[PatchOperation, ...]


Proposal = Metadata | Status | Header | Transform | Patch


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
        raise ProposalError(f"there is no kind {quote(kind)}")
    return decode(entry)


def _metadata(entry: dict[str, Any]) -> Metadata:
    only(entry, "key", "value")
    key = text(entry, "key", limits.METADATA_KEY, _KEY)
    return Metadata(key, frozen(entry["value"], Allowance()))


def _status(entry: dict[str, Any]) -> Status:
    only(entry, "status")
    status = entry["status"]
    if type(status) is not int or status not in limits.STATUS:
        low, high = limits.STATUS.start, limits.STATUS.stop - 1
        raise ProposalError(f"status must be a whole number from {low} to {high}")
    if status in limits.BODILESS:
        raise ProposalError(f"an answer with the status {status} has no page")
    return Status(status)


def _header(entry: dict[str, Any]) -> Header:
    op = entry.get("op")
    if type(op) is not str or op not in ("set", "append", "remove"):
        raise ProposalError("op of a header must be set, append or remove")
    only(entry, "op", "name", *(("value",) if op != "remove" or "value" in entry else ()))
    name = text(entry, "name", limits.HEADER_NAME, _TOKEN).lower()
    if name in FORBIDDEN_HEADERS or name.startswith(FORBIDDEN_HEADER_PREFIXES):
        raise ProposalError(f"the header {name} is the host's own")
    if op == "remove":
        return Header("remove", name, "")
    value = text(entry, "value", limits.HEADER_VALUE, _HEADER_TEXT, empty=True)
    return Header("set" if op == "set" else "append", name, value.strip(" \t"))


def _transform(entry: dict[str, Any]) -> Transform:
    op = entry.get("op")
    names = OPERATIONS.get(op) if type(op) is str else None
    if names is None or type(op) is not str:
        raise ProposalError(f"there is no operation {quote(op)}")
    only(entry, "selector", "op", *names)
    selector = text(entry, "selector", limits.SELECTOR)
    return Transform(selector, op, _arguments(entry, op, names))


def _patch(entry: dict[str, Any]) -> Patch:
    only(entry, "operations")
    given = entry["operations"]
    if type(given) is not list or not 0 < len(given) <= limits.PATCH_OPERATIONS:
        raise ProposalError(f"a patch is a list of 1 to {limits.PATCH_OPERATIONS} operations")
    left = Allowance()
    return Patch(tuple(_patch_operation(each, left) for each in given))


def _patch_operation(entry: Any, left: Allowance) -> PatchOperation:
    if type(entry) is not dict:
        raise ProposalError(f"an operation must be a map, not a {type(entry).__name__}")
    op = entry.get("op")
    names = PATCH_OPERATIONS.get(op) if type(op) is str else None
    if names is None or type(op) is not str or "kind" in entry:
        raise ProposalError(f"there is no operation {quote(op)}")
    only(entry, "op", *names)
    path = _pointer(entry, "path")
    source = _pointer(entry, "from") if "from" in names else ""
    if op == "move" and is_inside(path, source):
        raise ProposalError("nothing can be moved into itself")
    return PatchOperation(op, path, source, frozen(entry.get("value"), left))


def _pointer(entry: dict[str, Any], name: str) -> str:
    pointer = text(entry, name, limits.POINTER, empty=True, control=True)
    try:
        segments(pointer)
    except PointerError as error:
        raise ProposalError(f"{name} {quote(pointer)}: {error}") from None
    return pointer


def _arguments(entry: dict[str, Any], op: str, names: tuple[str, ...]) -> Mapping[str, str]:
    arguments = {}
    for name in names:
        if name == "name":
            arguments[name] = _name(entry, op)
        else:
            arguments[name] = text(entry, name, limits.HTML_BYTES, empty=True, control=True)
    return MappingProxyType(arguments)


def _name(entry: dict[str, Any], op: str) -> str:
    """Of an attribute or of a class."""
    if op.endswith("class"):
        return text(entry, "name", limits.METADATA_KEY, _CLASS)
    return text(entry, "name", limits.METADATA_KEY, _NAME).lower()


_KINDS: Final[Mapping[str, Callable[[dict[str, Any]], Proposal]]] = {
    "metadata": _metadata,
    "status": _status,
    "header": _header,
    "transform": _transform,
    "patch": _patch,
}
