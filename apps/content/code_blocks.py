"""Takes the program code out of a rendered body and puts it back with its words marked. Pure.

The body is clean by then, so a block of code has one form whatever markup it came from.
"""

import re
from collections.abc import Sequence
from html import unescape
from typing import Final, NamedTuple

from apps.content.bounds import MAX_CODE, MAX_CODE_BLOCK

MARK: Final = "\ufdd1"
"""A noncharacter that stands around the position of a block; no document may bring its own."""

_BLOCK = re.compile(
    r'(<pre[^<>]*+><code class="(?>(?:[^"<>]*? )?language-([\w+#.\-]++))[^"<>]*+"[^<>]*+>)'
    r"([^<]++)(?=</code></pre>)"
)
"""Nothing in it is tried a second time: classes and texts may be as long as a document."""


class Code(NamedTuple):
    """One block: its language as the author named it, and its text."""

    language: str
    text: str


def take(html: str) -> tuple[str, list[Code]]:
    """The body with MARK, position, MARK in the place of each block whose language is named. What
    is beyond the bounds stays as it is."""
    blocks: list[Code] = []
    room = MAX_CODE

    def marked(found: re.Match[str]) -> str:
        nonlocal room
        text = unescape(found[3])
        if len(text) > min(room, MAX_CODE_BLOCK):
            return found[0]
        room -= len(text)
        blocks.append(Code(found[2], text))
        return f"{found[1]}{MARK}{len(blocks) - 1}{MARK}"

    return _BLOCK.sub(marked, html.replace(MARK, "")), blocks


def put(html: str, shown: Sequence[str]) -> str:
    """The body with the HTML of each block in its place."""
    parts = html.split(MARK)
    parts[1::2] = [shown[int(position)] for position in parts[1::2]]
    return "".join(parts)
