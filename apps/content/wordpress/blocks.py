"""The comments that the block editor leaves in a body: taken out, and what they cannot be without.

A block that only WordPress can make, such as a list of its newest posts, is told by its name. Pure.
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import Final

_COMMENT: Final = re.compile(
    r"<!--\s++(/?)wp:([a-z][a-z0-9-]*+(?:/[a-z][a-z0-9-]*+)?+)(\s(?:(?!-->).)*+)?+-->", re.S
)
_END: Final = "-->"
_REFERENCE: Final = re.compile(r'"ref"\s*+:\s*+(\d{1,15})')
REUSED: Final = "block"


def has_blocks(text: str) -> bool:
    return "<!-- wp:" in text


def reused_mark(number: str) -> str:
    return f'<figure data-block="{number}"></figure>'


REUSED_MARK: Final = re.compile(r'<figure data-block="(\d{1,15})"></figure>')


def without_comments(text: str, classic: Callable[[str], str]) -> tuple[str, Counter[str]]:
    """The body, and blocks that nothing here stands for. `classic` makes paragraphs of what stands
    outside of every block."""
    parts: list[str] = []
    dynamic: Counter[str] = Counter()
    depth = at = 0
    for found in _COMMENT.finditer(text, 0, text.rfind(_END) + len(_END)):
        between, at = text[at : found.start()], found.end()
        parts.append(between if depth else _freeform(between, classic))
        if text.startswith("\n", at) and (not between or between.endswith("\n")):
            at += 1  # Of a line that held the comment alone.
        closes, name, attributes = found[1], found[2], found[3] or ""
        if closes:
            depth = max(depth - 1, 0)
        elif attributes.endswith("/"):
            parts.append(_alone(name, attributes, dynamic))
        else:
            depth += 1
    rest = text[at:]
    parts.append(rest if depth else _freeform(rest, classic))
    return "".join(parts), dynamic


def _freeform(text: str, classic: Callable[[str], str]) -> str:
    return classic(text) if text.strip() else text


def _alone(name: str, attributes: str, dynamic: Counter[str]) -> str:
    reference = _REFERENCE.search(attributes)
    if name == REUSED and reference:
        return reused_mark(reference[1])
    dynamic[name] += 1
    return ""
