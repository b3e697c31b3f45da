"""Makes safe HTML of a document's body, whatever markup it is in, and finds its title.

Runs in confined workers on hostile text. Stands on `frontmatter`, `dialects`, `html`, `sanitise`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from apps.content import bounds, dialects, frontmatter, headings
from apps.content.code_blocks import Code, take
from apps.content.flaws import Flaw, FlawError
from apps.content.fragments.found import SYSTEMS
from apps.content.fragments.taking import Taken
from apps.content.fragments.taking import take as take_fragments
from apps.content.frontmatter import Parts
from apps.content.headings import COMMONMARK, PYTHON_MARKDOWN, Heading
from apps.content.html import mark_links, page
from apps.content.sanitise import clean
from apps.content.worded import words_of
from apps.content.words import NO_WORDS, Words

HTML, JSON = "html", "json"
ASCIIDOC, ASCIIDOC_TEXT, ASCIIDOC_HTML = "asciidoc", "asciidoc-text", "asciidoc-html"
MARKUPS = (COMMONMARK, PYTHON_MARKDOWN, HTML, JSON, ASCIIDOC, ASCIIDOC_TEXT, ASCIIDOC_HTML)

NO_ASCIIDOCTOR = "This AsciiDoc document is shown as text: Asciidoctor is not installed here."
AS_TEXT = "This document is shown as text:"
NOT_SHOWN = "This document is not shown:"
MARKUP_KEYS = ("markup", "format")
IN_JSON = {"markdown": COMMONMARK, "commonmark": COMMONMARK, "python-markdown": PYTHON_MARKDOWN}

_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:[^\n]*$", re.M)
_ACTIVE = re.compile(
    r"<(?:(script|style|iframe|object|embed|form)\b"
    r"|[a-z][^<>]*?[\s\"'/](on[a-z]+)\s*=|[a-z][^<>]*?=\s*[\"']?\s*(javascript:))",
    re.I,
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the index needs of a document."""

    parts: Parts
    title: str | None
    flaws: tuple[Flaw, ...] = ()
    words: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Rendered:
    """Safe HTML with marks for its links and its blocks of code, and what kept it from being what
    it should be."""

    html: str
    links: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    blocks: tuple[Code, ...] = ()


def parse(markup: str, text: str) -> Parsed:
    """Costs the header, scans of the body and its words. Raises ValueError for a markup.

    Besides the header's flaws it names what `render` will refuse and what it will leave out.
    """
    markup, _, system = markup.partition("+")
    parts, words = _parts(markup, text), NO_WORDS
    try:
        bounds.check_size(text)
        taken = _taken(parts.body, system)
        title = _named(parts.front) or taken.plain(_title(markup, taken.body) or "") or None
        found = taken.flaw()
        refused = tuple(_CHECKS[markup](taken.body))
        flaws = (*refused, *([found] if found else ()))
        written = _written(markup, parts.front)
        words = words_of(written, taken, title or "", checked=markup == COMMONMARK and not refused)
    except FlawError as error:
        title = _named(parts.front)
        flaws = (error.moved(0),)
    moved = (replace(flaw, line=flaw.line + parts.header_lines) for flaw in flaws)
    return Parsed(parts, title and title[: bounds.MAX_TITLE], (*parts.flaws, *moved), words)


def render(markup: str, text: str) -> Rendered:
    """Never raises but for an unknown markup: what cannot be rendered is shown as text."""
    try:
        bounds.check_size(text)
    except FlawError as error:
        return Rendered(f"{_notice(NOT_SHOWN, error.reason)}\n", flaws=(error.moved(0),))
    markup, _, system = markup.partition("+")
    parts = Parts(text) if markup == ASCIIDOC_HTML else _parts(markup, text)
    taken = _taken(parts.body, system)
    try:
        made = taken.back(_RENDER[markup](replace(parts, body=taken.body)))
        html, links = mark_links(clean(made))
    except FlawError as error:
        shown = f"{_notice(AS_TEXT, error.reason)}\n{_source(parts.body)}"
        return Rendered(shown, flaws=(error.moved(parts.header_lines),))
    html, blocks = take(html)
    return Rendered(html, tuple(links), blocks=tuple(blocks))


def _taken(body: str, system: str) -> Taken:
    """Of a document that was written for another system."""
    if system and system not in SYSTEMS:
        raise ValueError(f"{system!r} is not a system; one of {', '.join(SYSTEMS)}")
    return take_fragments(body, system) if system else Taken(body)


def _parts(markup: str, text: str) -> Parts:
    """A JSON document is all header; the text that it carries is its body."""
    if markup not in MARKUPS:
        raise ValueError(f"{markup!r} is not a markup; one of {', '.join(MARKUPS)}")
    if markup != JSON:
        return frontmatter.split(text)
    try:
        bounds.check_size(text)
        front = frontmatter.read_document(text)
    except FlawError as error:
        return Parts("", format=JSON, flaws=(error.moved(0),))
    body = next(
        (front[key] for key in frontmatter.BODY_KEYS if isinstance(front.get(key), str)), ""
    )
    return Parts(body, {k: v for k, v in front.items() if k not in frontmatter.BODY_KEYS}, JSON)


def _named(front: Mapping[str, Any]) -> str | None:
    """The title as the front matter says it, in one line."""
    title = front.get("title")
    if isinstance(title, bool) or not isinstance(title, str | int | float):
        return None
    return _line(str(title)) or None


def _title(markup: str, body: str) -> str | None:
    """The title as the body says it. `render` leaves out what this finds."""
    if markup in dialects.RENDER:
        found = _heading(body, markup)
        return found[1] if found else None
    if markup == HTML:
        bounds.check_html(body)
        return _line(page(body, keep_heading=True).title) or None
    if markup in (ASCIIDOC, ASCIIDOC_TEXT):
        heading = headings.asciidoc_title(body)
        return (_line(heading.inline) or None) if heading else None
    return None


def _heading(body: str, dialect: str) -> tuple[Heading, str] | None:
    """The first level-1 heading that has words (or an image's), and these as plain text."""
    for heading in headings.level_one(body, dialect):
        inline = headings.without_attributes(heading.inline)
        definitions = "\n".join(_DEFINITION.findall(body)) if "[" in inline else ""
        title = _line(headings.plain(dialects.inline(inline, definitions)))
        if title:
            return heading, title
    return None


def _markdown(dialect: str) -> Callable[[Parts], str]:
    def render(parts: Parts) -> str:
        body = parts.body
        if not _named(parts.front) and (found := _heading(body, dialect)):
            body = headings.without(body, found[0], dialect)
        return dialects.RENDER[dialect](body)

    return render


def _html(parts: Parts) -> str:
    bounds.check_html(parts.body)
    return page(parts.body, keep_heading=bool(_named(parts.front))).body


def _json(parts: Parts) -> str:
    dialect = _written(JSON, parts.front)
    return parts.body if dialect == HTML else dialects.RENDER[dialect](parts.body)


def _written(markup: str, front: Mapping[str, Any]) -> str:
    """What the body of a document is written in; that of a JSON document as its keys say it."""
    if markup != JSON:
        return markup
    said = next((front[key] for key in MARKUP_KEYS if key in front), HTML)
    return IN_JSON.get(said, HTML) if isinstance(said, str) else HTML


def _asciidoc_text(parts: Parts) -> str:
    body = parts.body
    if not _named(parts.front) and (heading := headings.asciidoc_title(body)):
        body = body[: heading.start].rpartition("\n")[0] + body[heading.end :]
    return f"{_notice(NO_ASCIIDOCTOR)}\n{_source(body)}"


_RENDER: Mapping[str, Callable[[Parts], str]] = {
    COMMONMARK: _markdown(COMMONMARK),
    PYTHON_MARKDOWN: _markdown(PYTHON_MARKDOWN),
    HTML: _html,
    JSON: _json,
    ASCIIDOC: _asciidoc_text,
    ASCIIDOC_TEXT: _asciidoc_text,
    ASCIIDOC_HTML: lambda parts: parts.body,
}


def _nothing(body: str) -> Iterator[Flaw]:
    yield from ()


def _refusals(check: Callable[[str], None]) -> Callable[[str], Iterator[Flaw]]:
    def find(body: str) -> Iterator[Flaw]:
        try:
            check(body)
        except FlawError as error:
            yield error.moved(0)

    return find


def _left_out(body: str) -> Iterator[Flaw]:
    """One flaw for the first element that sanitising drops with all that it does."""
    if found := _ACTIVE.search(body):
        what = next(name for name in found.groups() if name).lower()
        reason = f"{what} is left out: pages hold text and pictures, never programs"
        yield Flaw("markup.left-out", body.count("\n", 0, found.start()) + 1, reason)


_CHECKS: Mapping[str, Callable[[str], Iterator[Flaw]]] = {
    **dict.fromkeys(MARKUPS, _nothing),
    COMMONMARK: _refusals(bounds.check_commonmark),
    PYTHON_MARKDOWN: _refusals(bounds.check_python_markdown),
    HTML: _left_out,
    JSON: _left_out,
}


def _notice(*sentences: str) -> str:
    return f'<p class="notice" role="note">{escape(" ".join(sentences))}</p>'


def _source(text: str) -> str:
    return f"<pre><code>{escape(text.strip())}</code></pre>\n"


def _line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())
