"""Shortcodes of a body: what can stand for them here, the others as they were written. Pure.

What is honoured is put in the place of a word that `paragraphs` takes for a block.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

from apps.content.wordpress import bounds

HONOURED: Final = ("caption", "wp_caption", "gallery", "embed", "audio", "video")
PAIRED: Final = frozenset({"caption", "wp_caption", "embed", "audio", "video"})
_NAMED: Final = re.compile(r"(?<!\[)\[(/?)([a-zA-Z][\w-]*)(?=[\s\]/])([^\[\]]*)\](?!\])")
_ESCAPED: Final = re.compile(r"\[\[([a-zA-Z][\w-]*(?=[\s\]/])[^\[\]]*)\]\]")
_ATTRIBUTE: Final = re.compile(r"""([\w-]+)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'=]+))""")
_URL: Final = re.compile(r"https?://[^\s\"'<>\[\]]+")
_IMAGE: Final = re.compile(r"(?:<a\b[^<>]*>\s*+)?<img\b[^<>]*>(?:\s*+</a>)?", re.I)
_ALIGNED: Final = re.compile(r"align(?:left|right|center|none)")
_FILES: Final = ("src", "mp3", "m4a", "ogg", "wav", "wma", "mp4", "m4v", "webm", "ogv", "flv")
_ID: Final = re.compile(r"\d{1,15}")
IDS: Final = 500
"""Of one gallery."""


@dataclass(slots=True)
class Taken:
    """`values` stand where `mark` says: finished HTML, or a gallery that only the whole export can
    tell. `left` counts what is shown as it was written."""

    text: str
    values: list[Any] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)


def mark(number: int) -> str:
    return f'<figure data-kept="{number}"></figure>'


MARK: Final = re.compile(r'(?:<p>\s*+)?<figure data-kept="(\d{1,5})"></figure>(?:\s*+</p>)?')


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    name: str
    attributes: str
    inner: str


def take(text: str) -> Taken:
    taken = Taken("")
    parts, at = [], 0
    for span in _spans(text):
        value = _value(span)
        if value is None or len(taken.values) >= bounds.SHORTCODES:
            taken.left[span.name] += 1
            continue
        if span.start < at:
            continue
        parts += [text[at : span.start], f"\n\n{mark(len(taken.values))}\n\n"]
        taken.values.append(value)
        at = span.end
    taken.text = _ESCAPED.sub(r"[\1]", "".join([*parts, text[at:]]))
    return taken


def _spans(text: str) -> Iterator[_Span]:
    """One pass; an opener that is closed by the next of its name has what is between as `inner`."""
    found = list(_NAMED.finditer(text)) if "[" in text else []
    ends = {each[2] for each in found if each[1]}
    skip = -1
    for number, each in enumerate(found):
        if number <= skip or each[1]:
            continue
        name, after = each[2].lower(), found[number + 1] if number + 1 < len(found) else None
        if name not in HONOURED and each[2] not in ends and not _is_shortcode(each):
            continue
        closed = name in PAIRED and after is not None and after[1] and after[2].lower() == name
        if closed and after is not None:
            inner, end, skip = text[each.end() : after.start()], after.end(), number + 1
        else:
            inner, end = "", each.end()
        yield _Span(each.start(), end, name, each[3], inner)


def _is_shortcode(found: re.Match[str]) -> bool:
    """Words in brackets are prose; what has attributes, or a name of parts, is meant to run."""
    return "=" in found[3] or "_" in found[2] or "-" in found[2]


def _value(span: _Span) -> Any:
    attributes = {
        name.lower(): double or single or bare
        for name, double, single, bare in _ATTRIBUTE.findall(span.attributes)
    }
    if span.name in ("caption", "wp_caption"):
        return _caption(attributes, span.inner)
    if span.name == "gallery":
        ids = _ID.findall(attributes.get("ids") or attributes.get("include") or "")[:IDS]
        columns = attributes.get("columns", "3")
        return {"gallery": ids, "columns": columns if _ID.fullmatch(columns) else "3"}
    if span.name == "embed":
        found = _URL.search(span.inner.strip())
        return link(found[0]) if found else None
    return _player(span, attributes)


def _caption(attributes: dict[str, str], inner: str) -> str | None:
    image = _IMAGE.search(inner)
    if image is None:
        return None
    text = attributes.get("caption") or (inner[: image.start()] + inner[image.end() :]).strip()
    aligned = attributes.get("align", "")
    classes = f"wp-caption {aligned}" if _ALIGNED.fullmatch(aligned) else "wp-caption"
    said = f"<figcaption>{text}</figcaption>" if text else ""
    return f'<figure class="{classes}">{image[0]}{said}</figure>'


def _player(span: _Span, attributes: dict[str, str]) -> str | None:
    given = [attributes[name] for name in _FILES if name in attributes]
    given += [found[0] for found in [_URL.search(span.attributes)] if found and not given]
    if not given:
        return None
    sources = "".join(f'<source src="{escape(url)}">' for url in given)
    return f'<{span.name} controls preload="none">{sources}</{span.name}>'


def link(url: str) -> str:
    shown = escape(url.replace("&amp;", "&"))
    return f'<p><a href="{shown}">{shown}</a></p>'
