"""Makes paragraphs and line breaks as WordPress does when it shows a classic post (`wpautop`).

A port of its rules, with patterns whose cost is linear. Pure; hostile input, in a worker.
"""

import re
from typing import Final

_BLOCKS: Final = (
    "(?:table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map"
    "|area|blockquote|address|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup"
    "|header|footer|nav|figure|figcaption|details|menu|summary)"
)
_TAG: Final = rf"</?{_BLOCKS}(?=[\s/>])[^<>]*>"
_LINE: Final = "\ufdd1"
"""Stands for a line break within a tag meanwhile; as `_KEPT` a noncharacter, which is no text."""
_KEPT: Final = "\ufdd2"
_OWN: Final = re.compile(f"[{_LINE}{_KEPT}]")

_PRE: Final = re.compile(r"<pre\b.*?</pre>", re.S)
_PRE_END: Final = "</pre>"
_TWO_BREAKS: Final = re.compile(r"<br\s*+/?>\s*+<br\s*+/?>")
_BEFORE: Final = re.compile(rf"(<{_BLOCKS}[\s/>])")
_AFTER: Final = re.compile(rf"(</{_BLOCKS}>|<hr\s*+/?>)")
_ANY_TAG: Final = re.compile(r"<[a-zA-Z/!][^<>]*>")
_CAPTION: Final = re.compile(r"(?<!\s)\s*+(<figcaption[^<>]*>)")
_CAPTION_END: Final = re.compile(r"</figcaption>\s*+")
_BLANK: Final = re.compile(r"\n(?:[^\S\n]*+\n)+")
_EMPTY: Final = re.compile(r"<p>\s*+</p>")
_UNCLOSED: Final = re.compile(r"<p>([^<]++)</(div|address|form)>")
_ALONE: Final = re.compile(rf"<p>\s*+({_TAG})\s*+</p>")
_ITEM: Final = re.compile(r"<p>(<li[^\n]+?)</p>")
_QUOTE: Final = re.compile(r"<p><blockquote([^<>]*)>", re.I)
_OPENED: Final = re.compile(rf"<p>\s*+({_TAG})")
_CLOSED: Final = re.compile(rf"({_TAG})\s*+</p>")
_SPACE: Final = re.compile(r"(?<!\s)[^\S\n]*+\n\s*+")
_BREAK: Final = "<br />"
_BREAK_AFTER: Final = re.compile(rf"({_TAG})\s*+<br />")
_BREAK_BEFORE: Final = re.compile(
    r"<br />(\s*+</?(?:p|li|div|dl|dd|dt|th|pre|td|ul|ol)(?=[\s/>])[^<>]*>)"
)


def paragraphs(text: str) -> str:
    """HTML in which an empty line ends a paragraph and a line break is one."""
    text = _OWN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        return ""
    kept: list[str] = []
    text = _without_pre(text, kept)
    text = _parted(text)
    text = "".join(f"<p>{part.strip(chr(10))}</p>\n" for part in _BLANK.split(text) if part)
    text = _broken(_tidied(text))
    return _back(kept, text).replace(_LINE, "\n").strip("\n") + "\n"


def _parted(text: str) -> str:
    """An empty line at each edge of a block; none within a tag."""
    text = _TWO_BREAKS.sub("\n\n", text)
    text = _AFTER.sub(r"\1\n\n", _BEFORE.sub(r"\n\n\1", text))
    text = _ANY_TAG.sub(lambda found: found[0].replace("\n", _LINE), text)
    if "<figcaption" in text:
        text = _CAPTION_END.sub("</figcaption>", _CAPTION.sub(r"\1", text))
    return text


def _tidied(text: str) -> str:
    """Blocks are taken out of the paragraphs that were made around them."""
    text = _UNCLOSED.sub(r"<p>\1</p></\2>", _EMPTY.sub("", text))
    text = _ITEM.sub(r"\1", _ALONE.sub(r"\1", text))
    text = _QUOTE.sub(r"<blockquote\1><p>", text)
    text = text.replace("</blockquote></p>", "</p></blockquote>")
    return _CLOSED.sub(r"\1", _OPENED.sub(r"\1", text))


def _broken(text: str) -> str:
    text = text.replace("<br>", _BREAK).replace("<br/>", _BREAK)
    text = _SPACE.sub(_break, text)
    text = _BREAK_BEFORE.sub(r"\1", _BREAK_AFTER.sub(r"\1", text))
    return text.replace("\n</p>", "</p>")


def _break(found: re.Match[str]) -> str:
    """Of a run of white space: what comes up to its last line break is one, unless there is."""
    space, kept = found[0], ""
    if found.string.endswith(_BREAK, 0, found.start()):
        kept, space = space[0], space[1:]
    _, line, tail = space.rpartition("\n")
    return f"{kept}{_BREAK}\n{tail}" if line else kept + space


def _without_pre(text: str, kept: list[str]) -> str:
    """Only what comes before the last end is searched: an opener without one would be looked for
    to the end of the text, once for each."""

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"<pre {_KEPT}{len(kept) - 1}></pre>"

    end = text.rfind(_PRE_END) + len(_PRE_END)
    return text if end < len(_PRE_END) else _PRE.sub(keep, text[:end]) + text[end:]


def _back(kept: list[str], text: str) -> str:
    return re.sub(rf"<pre {_KEPT}(\d+)></pre>", lambda found: kept[int(found[1])], text)
