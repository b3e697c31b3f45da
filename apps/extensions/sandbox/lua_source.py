"""What a plugin's text may not say, checked by its tokens before the compiler sees it.

`_ENV` and `global` would reopen the names which the host declares for the plugin; finalizers would
run without a budget, and weak tables would show when the collector ran (setmetatable refuses both
as well).
"""

import re
from typing import Final

from apps.extensions.limits import SOURCE_BYTES

FORBIDDEN: Final = frozenset({b"_ENV", b"global", b"__gc", b"__mode"})

# Exact for every text that Lua accepts: Lua itself refuses strings and comments that never end.
_TOKEN: Final = re.compile(
    rb"""
    (?:--)? \[ (?P<level>=*) \[ (?: .*? \](?P=level)\] | (?P<open>) )
  | -- [^\n\r]*
  | " (?: \\ (?: z[\ \t\r\n\v\f]* | \r\n | \n\r | . ) | [^"\\\n\r] )*+ "
  | ' (?: \\ (?: z[\ \t\r\n\v\f]* | \r\n | \n\r | . ) | [^'\\\n\r] )*+ '
  | (?P<quote> ["'] )
  | (?: [0-9] | \.[0-9] ) [0-9A-Za-z_.]*
  | (?P<word> [A-Za-z_] [A-Za-z0-9_]* )
    """,
    re.VERBOSE | re.DOTALL,
)


class SourceError(ValueError):
    """`line` is 1-based, None where the whole text is meant."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def check_source(source: bytes) -> None:
    """Raises SourceError. Takes time proportional to the text."""
    if len(source) > SOURCE_BYTES:
        raise SourceError(f"{len(source)} bytes of source; the limit is {SOURCE_BYTES}")
    for token in _TOKEN.finditer(source):
        if token["open"] is not None or token["quote"] is not None:
            raise SourceError("unfinished string or comment", _line(source, token.start()))
        if token["word"] in FORBIDDEN:
            name = token["word"].decode()
            raise SourceError(f"the word {name!r} is not offered", _line(source, token.start()))


def _line(source: bytes, position: int) -> int:
    return source.count(b"\n", 0, position) + 1
