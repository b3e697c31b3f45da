"""Finds the heading that gives a document its title, and gives headings their ids. Pure.

A scan of lines, which costs thousands of documents less than rendering them. Parsing takes the
title from it and rendering leaves out the same lines, so that the two cannot disagree.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from apps.content.bounds import MAX_LIST_LINES, MAX_TITLE, MAX_TITLE_LINES
from apps.content.slugs import slugify

COMMONMARK = "commonmark"
PYTHON_MARKDOWN = "python-markdown"
NO_WORDS = "section"
BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details"
    "|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head"
    "|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p"
    "|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)

_FENCE = r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})"
_HTML = (
    r"^[ ]{0,3}<(?:(?P<until>!--|\?|!\[CDATA\[|!(?=[a-z])|(?:pre|script|style|textarea)(?=[\s>]))"
    rf"|(?P<block>/?(?:{BLOCK_TAGS})(?=[\s/>]|$)|/?[a-z][\w\-]*(?:\s[^<>\n]*)?/?>[ \t]*$))"
)
_BLOCKS = {
    COMMONMARK: re.compile(
        rf"{_FENCE}|{_HTML}|^[ ]{{0,3}}\#[ \t]+(?P<atx>[^\n]+)$|^[ ]{{0,3}}(?P<setext>=+)[ \t]*$",
        re.M | re.I,
    ),
    PYTHON_MARKDOWN: re.compile(
        rf"^(?P<fence>`{{3,}}|~{{3,}})|{_HTML}|^\#(?!\#)(?P<atx>[^\n]+)$|^(?P<setext>=+)[ ]*$",
        re.M | re.I,
    ),
}
_BLANK = re.compile(r"\n[ \t]*(?=\n|\Z)")
_END_OF = {
    "!--": re.compile("-->"),
    "?": re.compile(r"\?>"),
    "![cdata[": re.compile(r"\]\]>"),
    "!": re.compile(">"),
    **{tag: re.compile(f"</{tag}>", re.I) for tag in ("pre", "script", "style", "textarea")},
}
_BETWEEN_BLOCKS = re.compile(r"[ ]{0,3}(?:#{1,6}(?:[ \t]|$)|(?:[-*_][ \t]*){3,}$)", re.M)
_NOT_A_PARAGRAPH = re.compile(r"[ ]{4}|[ ]{0,3}(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]|\[[^\]\n]+\]:|\|)")
_LIST = re.compile(r"[ ]{0,3}(?:[-*+]|\d{1,9}[.)])[ \t]")
_ASCIIDOC = re.compile(r"(?:[ \t]*(?://[^\n]*|:[^\n]*)?\n)*[=#][ \t]+(?P<title>[^\n]+)$", re.M)
_ASCIIDOC_MARKS = re.compile(r"[*_`#]{1,2}(?=\S)(.+?)(?<=\S)[*_`#]{1,2}")
_HEADING_TAG = re.compile(r"<(/?)h([1-6])>")
_OWN_ATTRIBUTES = re.compile(r"\{:?[ ]*(?:#(?P<id>[\w:.\-]+)|\.)[^{}\n]*\}")
_ALT = re.compile(r'<img\b[^>]*?\balt="([^"]*)"[^>]*>')
_TAG = re.compile(r"<[^>]*>")
_FRAGMENT = re.compile(r'href="#([^"]+)"')


@dataclass(frozen=True, slots=True)
class Heading:
    """A level-1 heading: its inline markup, and where its lines are in the body."""

    inline: str
    start: int
    end: int


def level_one(body: str, dialect: str) -> Iterator[Heading]:
    """Headings of level 1 outside code, HTML, lists and quotes, in order. Linear."""
    blocks = _BLOCKS[dialect]
    lines = MAX_TITLE_LINES if dialect == COMMONMARK else 1
    position = floor = 0
    while found := blocks.search(body, position):
        position = max(found.end(), position + 1)
        if found["fence"]:
            position = _end_of_fence(body, found)
        elif found["until"] or found["block"]:
            position = _end_of_html(body, found)
        elif heading := _atx(body, found) if found["atx"] else _setext(body, found, floor, lines):
            yield heading
        floor = position


def asciidoc_title(body: str) -> Heading | None:
    """The document title, which only comments and attributes may precede."""
    found = _ASCIIDOC.match(body)
    if not found:
        return None
    title = _ASCIIDOC_MARKS.sub(r"\1", found["title"][:MAX_TITLE]).strip()
    return Heading(title, found.start("title"), found.end("title")) if title else None


def without(body: str, heading: Heading, dialect: str) -> str:
    """The body with a heading's lines replaced by what ends a paragraph as they did."""
    blank = "<!-- -->" if dialect == COMMONMARK else "\n"
    lines = body.count("\n", heading.start, heading.end)
    return body[: heading.start] + blank + "\n" * lines + body[heading.end :]


def without_attributes(inline: str) -> str:
    """Without the id or classes that a heading may end with: `{#here}`, `{: .wide}`."""
    return _split_attributes(inline)[0]


def plain(html: str) -> str:
    """Inline HTML as one line of text; an image is its description."""
    return " ".join(unescape(_TAG.sub("", _ALT.sub(r"\1", html))).split())


def with_ids(html: str) -> str:
    """Every heading without attributes gets an id: its own `{#id}`, else one from its words.

    Zola's form (`what-s-new`), unless the document itself links to GitHub's (`whats-new`).
    """
    links = {unquote(unescape(link)) for link in _FRAGMENT.findall(html)}
    taken: dict[str, int] = {}
    parts: list[str] = []
    done = 0
    opened: re.Match[str] | None = None
    for tag in _HEADING_TAG.finditer(html):
        if not tag[1]:
            opened = tag
        elif opened and opened[2] == tag[2]:
            inner, anchor = _anchored(html[opened.end() : tag.start()], links)
            parts += [
                html[done : opened.start()],
                f'<h{tag[2]} id="{_free(anchor, taken)}">',
                inner,
            ]
            done, opened = tag.start(), None
    return "".join(parts) + html[done:] if parts else html


def _anchored(inner: str, links: set[str]) -> tuple[str, str]:
    inner, own = _split_attributes(inner)
    if own:
        return inner, own
    text = plain(inner)
    zola, github = slugify(text), _github_slug(text)
    return inner, (github if github in links and zola not in links else zola) or NO_WORDS


def _split_attributes(inline: str) -> tuple[str, str]:
    """A heading without the attributes at its end, and the id among them."""
    inline = inline.rstrip()
    if not inline.endswith("}"):
        return inline, ""
    at = inline.rfind("{")
    found = _OWN_ATTRIBUTES.fullmatch(inline, max(at, 0))
    return (inline[:at].rstrip(), found["id"] or "") if found else (inline, "")


def _free(anchor: str, taken: dict[str, int]) -> str:
    """The anchor, numbered from its second use on."""
    name = anchor
    while name in taken:
        taken[anchor] += 1
        name = f"{anchor}-{taken[anchor]}"
    taken[name] = 0
    return name


def _github_slug(text: str) -> str:
    text = unicodedata.normalize("NFC", text.lower())
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def _atx(body: str, found: re.Match[str]) -> Heading | None:
    inline = _without_closing(found["atx"].strip())
    if not inline or (found[0][0] == " " and _in_list(body, found.start())):
        return None
    return Heading(inline, found.start(), found.end())


def _without_closing(inline: str) -> str:
    text = inline.rstrip("#")
    return text.rstrip() if not text or text[-1] in " \t" else inline


def _in_list(body: str, start: int) -> bool:
    """Whether the nearest line above that is not indented begins a list item."""
    for _ in range(MAX_LIST_LINES):
        if not start:
            return False
        above = _line_above(body, start)
        line = body[above:start]
        if _LIST.match(line):
            return True
        if line.strip() and line[0] not in " \t":
            return False
        start = above
    return True


def _setext(body: str, underline: re.Match[str], floor: int, most: int) -> Heading | None:
    """The paragraph above an underline, unless it has more lines than a title would."""
    end = underline.start()
    start = end
    while start > floor and (above := _line_above(body, start)) >= floor:
        line = body[above:start]
        if not line.strip() or _BETWEEN_BLOCKS.match(line):
            break
        if _NOT_A_PARAGRAPH.match(line) or most == 0:
            return None
        start, most = above, most - 1
    inline = " ".join(body[start:end].split())
    return Heading(inline, start, underline.end()) if inline and body[start] != "\t" else None


def _line_above(body: str, start: int) -> int:
    return body.rfind("\n", 0, start - 1) + 1


def _end_of_fence(body: str, found: re.Match[str]) -> int:
    """After the closing fence, without which the fence hides all the rest."""
    fence = found["fence"]
    close = re.compile(rf"^[ \t>]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$", re.M)
    closing = close.search(body, found.end())
    return closing.end() if closing else len(body)


def _end_of_html(body: str, found: re.Match[str]) -> int:
    """CommonMark 4.6: some kinds end on the line that has their end, others at a blank line."""
    end = _END_OF[found["until"].lower()] if found["until"] else _BLANK
    ending = end.search(body, found.end())
    if not ending:
        return len(body)
    newline = body.find("\n", ending.start()) if found["until"] else ending.end()
    return newline if newline >= 0 else len(body)
