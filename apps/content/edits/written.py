"""A file as it was written: its byte order mark and line ends beside the text that readers see.

Readers see LF alone, so edits are made on that text; every line keeps the end that it had.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from apps.content.edits.fields import EditError

BOM = "\ufeff"
_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Splice:
    """Puts `text` in the place of what stands between two offsets."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """`ends` are the line ends in order, one for each LF of `text`."""

    text: str
    ends: tuple[str, ...]
    bom: str = ""

    def spliced(self, splices: Iterable[Splice]) -> "Written":
        """Offsets are those of this text. Those that begin alike are made in their order."""
        made = self
        for splice in reversed(sorted(splices, key=lambda each: each.start)):
            made = made._with(splice)
        return made

    def _with(self, splice: Splice) -> "Written":
        splice = _behind_line(self.text, _smallest(self.text, splice))
        before = self.text.count("\n", 0, splice.start)
        gone = self.text.count("\n", splice.start, splice.end)
        ends = self.ends[max(before - 1, 0) : before] or self.ends[:1] or ("\n",)
        return replace(
            self,
            text=self.text[: splice.start] + splice.text + self.text[splice.end :],
            ends=(
                *self.ends[:before],
                *(ends * splice.text.count("\n")),
                *self.ends[before + gone :],
            ),
        )

    def encode(self) -> bytes:
        lines = self.text.split("\n")
        raw = "".join(line + end for line, end in zip(lines, (*self.ends, ""), strict=True))
        return (self.bom + raw).encode()


def read_written(content: str | bytes) -> Written:
    """Raises EditError for what is not UTF-8."""
    try:
        text = content.decode() if isinstance(content, bytes) else content
        text.encode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1 if isinstance(content, bytes) else 0
        raise EditError("edit.encoding", line, "the file is not UTF-8; save it as UTF-8") from None
    except UnicodeEncodeError as error:
        line = str(content).count("\n", 0, error.start) + 1
        raise EditError("edit.encoding", line, "the text holds half of a character") from None
    bom = BOM if text.startswith(BOM) else ""
    text = text.removeprefix(BOM)
    return Written(_END.sub("\n", text), tuple(_END.findall(text)), bom)


def _smallest(text: str, splice: Splice) -> Splice:
    """Without what is the same at both ends, so that kept lines keep their ends."""
    old, new = text[splice.start : splice.end], splice.text
    front = _common(old, new)
    back = _common(old[front:][::-1], new[front:][::-1])
    return Splice(splice.start + front, splice.end - back, new[front : len(new) - back])


def _behind_line(text: str, splice: Splice) -> Splice:
    """A line added to the end of another comes behind that one's own line end."""
    start = splice.start
    if start == splice.end and splice.text.startswith("\n") and text.startswith("\n", start):
        return Splice(start + 1, start + 1, splice.text[1:] + "\n")
    return splice


def _common(one: str, other: str) -> int:
    """How many characters both begin with. Compares slices, which is fast for long texts."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
