"""Which CSS selectors are cheap enough to be run over a whole page. Without the HTML library."""

import re
from functools import lru_cache
from typing import Final

_STRING: Final = re.compile(r"""=\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_ATTRIBUTE: Final = re.compile(r"\[[^\[\]()]*\]")
_INNERMOST: Final = re.compile(r"\(([^()]*)\)")
_COMBINED: Final = re.compile(r"[^\s,][\s>+~]+[^\s,]|[>+~]")


@lru_cache(maxsize=256)
def is_cheap(selector: str) -> bool:
    """False where a part in parentheses may look at other elements, as `:not(a b)` does.

    Such parts are tried again for each ancestor, and once more for each level of parentheses: one
    `:not(:not(:not(a *) *) *)` takes most of a minute. What cannot be told apart is not cheap.
    """
    if "(" not in selector:
        return True
    rest = _STRING.sub("", selector)
    if any(sign in rest for sign in ("\\", "/*", '"', "'")) or not selector.isprintable():
        return False
    rest = _ATTRIBUTE.sub("[]", rest)
    while found := _INNERMOST.search(rest):
        if _COMBINED.search(found[1].strip()):
            return False
        rest = rest[: found.start()] + rest[found.end() :]
    return "(" not in rest and ")" not in rest
