"""Whether header lines are fit to be read, where a server hands them over as they came. Pure."""

from apps.delivery.incoming import Lines
from apps.delivery.ingress.bounds import HEADER_BYTES, HEADER_LINES
from apps.delivery.ingress.refusals import BAD_HEADER, LARGE_HEADERS, TWICE
from apps.delivery.replies import Reply

TOKEN = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
CONTROLS = bytes({*range(32), 127} - {9})
ONCE = frozenset(
    (
        *(b"host", b"content-length", b"transfer-encoding", b"content-type", b"authorization"),
        *(b"range", b"if-range", b"if-modified-since", b"if-unmodified-since"),
    )
)
"""Of which two readers could choose different ones."""


def refusal_of(lines: Lines) -> Reply | None:
    """Names have to be tokens and values without control characters (RFC 9110, 5.1 and 5.5)."""
    if len(lines) > HEADER_LINES:
        return LARGE_HEADERS
    names, values = zip(*lines, strict=True) if lines else ((), ())
    name, value = b"".join(names), b"".join(values)
    if len(name) + len(value) > HEADER_BYTES:
        return LARGE_HEADERS
    if name.translate(None, TOKEN) or b"" in names:
        return BAD_HEADER
    if value.translate(None, CONTROLS) != value:
        return BAD_HEADER
    if len(set(names)) < len(names) and any(names.count(each) > 1 for each in ONCE):
        return TWICE
    return None
