"""A file's bytes as a text with plain line breaks, and the way back to its own. Pure."""

import re
from dataclasses import dataclass

from apps.content.bounds import MAX_MERGED
from apps.content.merging.conflicts import as_bytes
from apps.content.merging.three_way import Three, decide_form

BOM = "\ufeff"
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Text:
    """`raw` is what the file says, without a byte order mark; `plain` has LF alone."""

    raw: str
    plain: str
    bom: str
    breaks: str
    """The line break most used, or empty where there is none."""
    mixed: bool
    utf8: bool


def read_text(content: bytes) -> Text | None:
    """None for what is no text or too long. Bytes that are no UTF-8 become half characters."""
    if b"\0" in content or len(content) > MAX_MERGED:
        return None
    text = content.decode("utf-8", "surrogateescape")
    bom = BOM if text.startswith(BOM) else ""
    raw = text.removeprefix(BOM)
    breaks = _BREAK.findall(raw) if "\r" in raw else ["\n"] * ("\n" in raw)
    most = max(sorted(set(breaks)), key=breaks.count, default="")
    utf8 = not any("\ud800" <= c <= "\udfff" for c in raw) if not raw.isascii() else True
    return Text(raw, _BREAK.sub("\n", raw), bom, most, len(set(breaks)) > 1, utf8)


def written(text: str, sides: Three[Text]) -> bytes:
    """A merged plain text with the line breaks and the mark that its sides want."""
    known = [side.breaks for side in (sides.ours, sides.theirs) if side.breaks]
    base = sides.base.breaks if sides.base and sides.base.breaks else None
    breaks = decide_form(Three(base, known[0], known[-1])) if known else "\n"
    return marked(text.replace("\n", breaks), sides)


def marked(raw: str, sides: Three[Text]) -> bytes:
    return as_bytes(decide_form(sides.map(lambda side: side.bom)) + raw)
