"""Everything done to HTML besides sanitising it: links marked, text read, transforms carried out.

The only module that imports turbohtml. Input may be hostile; it runs in confined workers.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, TypedDict

import turbohtml
from turbohtml import TokenType
from turbohtml.rewrite import Element, ElementHandler
from turbohtml.rewrite import rewrite as stream

from apps.content.allowance import Allowance
from apps.content.bounds import MAX_SELECTOR, MAX_TRANSFORMS
from apps.content.elements import TEXT
from apps.content.frames import Frames
from apps.content.passes import Numbered, passes
from apps.content.sanitise import MARK
from apps.content.transforms import Edit, RefusedError, decode
from apps.content.visits import Together, Visit

UNSEEN = frozenset(("iframe", "noscript", "object", "script", "style", "template", "title"))
_WITHIN_LINES = TEXT - {"br"}

_MARK_REFERENCE = re.compile(r"&#(?:[xX]0*[fF][dD][dD]0|0*64976)(?![0-9a-fA-F]);?")
_LINKED = (
    '[href]:not([href^="https:"], [href^="http:"], [href^="#"], [href^="/"]),'
    " [src], [poster], [srcset]"
)
_ELSEWHERE = re.compile(r"[#/\\]|[a-zA-Z][a-zA-Z0-9+.\-]*:")
_CANDIDATE = re.compile(r"(?P<url>[^\s,](?:\S*[^\s,])?)(?P<rest>,+(?=\s|$)|\s+[^,]*(?:,|$)|$)")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_SIGNS = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SIGN = re.compile(f"[{_SIGNS}]")
_WORD = re.compile(rf"[{_SIGNS}]|[^\W_{_SIGNS}]+(?:['’\-][^\W_{_SIGNS}]+)*")
_SPELLED = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_ASCII = bytes(range(128))
_KINDS = "".join("a" if chr(n).isalnum() else "-" if chr(n) in "'-" else " " for n in range(128))
_LETTERS = _KINDS.encode().ljust(256)
_JOINT = re.compile(rb"-(?<=a-)(?=a)")
_FEW = 16
"""Kinds of letters beyond ASCII, each of which costs a pass over the text."""
START_TAG, END_TAG, TEXT_RUN = TokenType.START_TAG, TokenType.END_TAG, TokenType.TEXT


class SelectorError(ValueError):
    """The text is no CSS selector; the message says why."""


class Dropped(TypedDict):
    """A transform that was not carried out: its position and why."""

    index: int
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML file's title (empty when it says none) and the inside of its body."""

    title: str
    body: str


def mark_links(html: str) -> tuple[str, list[str]]:
    """Puts MARK, position, MARK in the place of each target inside the repository.

    Such are relative links and Zola's `@/…`; not fragments, rooted paths or URLs with a scheme.
    The same target has one position. Marks that were there before are removed. What may be a file
    of the site's in an `img` is marked as `frames` says.
    """
    html = html.replace(MARK, "")
    if "&#" in html:
        html = _MARK_REFERENCE.sub("", html)
    links: dict[str, int] = {}

    def mark(url: str) -> str:
        target = url.strip()
        if not target or _ELSEWHERE.match(target):
            return url
        return f"{MARK}{links.setdefault(target, len(links))}{MARK}"

    def visit(element: Element, /) -> None:
        for name in ("href", "src", "poster", "srcset"):
            if value := element.get(name):
                marked = _in_srcset(value, mark) if name == "srcset" else mark(value)
                if marked != value:
                    element.set_attribute(name, marked)

    frames = Frames(links)
    marked = stream(
        html, elements=[("picture img", frames.leave), ("img[src]", frames.visit), (_LINKED, visit)]
    )
    return frames.settled(marked), list(links)


def count(html: str, selector: str) -> int:
    """How many elements of a body match. Raises SelectorError."""
    if len(selector) > MAX_SELECTOR:
        raise SelectorError(f"a selector has at most {MAX_SELECTOR} characters")
    try:
        return len(turbohtml.parse_fragment(html).select(selector))
    except turbohtml.SelectorSyntaxError as error:
        raise SelectorError(str(error)) from None


def words(html: str) -> int:
    """Words that a reader sees; each sign of Chinese or Japanese counts as one."""
    seen = _seen(html)
    text = seen.encode("utf-8", "surrogatepass")
    beyond = text.translate(None, _ASCII)
    alike = _alike(set(beyond.decode("utf-8", "surrogatepass"))) if beyond else {}
    if len(alike) > _FEW:
        # Most texts have no such sign, and then a simpler pattern finds the same words sooner.
        pattern = _WORD if _SIGN.search(seen) else _SPELLED
        return len(pattern.findall(seen))
    for sign, plain in alike.items():
        text = text.replace(sign.encode(), plain)
    return _plain_words(text)


def _alike(signs: set[str]) -> dict[str, bytes]:
    """Those that are more than a space between words, with what counts as they do."""
    found = {sign: b"a" for sign in signs if sign.isalnum()}
    found |= {sign: b" a " for sign in signs if _SIGN.match(sign)}
    return found | ({"’": b"'"} if "’" in signs else {})


def _plain_words(text: bytes) -> int:
    """As many as _WORD finds, in a fraction of the time; what is not ASCII counts as a space."""
    spelled = text.translate(_LETTERS)
    apart = spelled.replace(b"-", b" ")
    joints = len(_JOINT.findall(spelled)) if b"-" in spelled else 0
    return apart.startswith(b"a") + apart.count(b" a") - joints


def text(html: str) -> str:
    """What a reader sees, a line for each block."""
    return _LINES.sub("\n", _SPACES.sub(" ", _seen(html))).strip()


def _seen(html: str) -> str:
    """The text of all elements that are shown, with a line break at each edge of a block."""
    parts: list[str] = []
    unseen = None
    for token in turbohtml.tokenize(html, capture_attributes=False):
        kind = token.type
        if unseen:
            if kind is END_TAG and token.tag == unseen:
                unseen = None
        elif kind is TEXT_RUN:
            parts.append(token.data or "")
        elif (tag := token.tag) and tag not in _WITHIN_LINES:
            if kind is START_TAG and tag in UNSEEN:
                unseen = tag
            else:
                parts.append("\n")
    return "".join(parts)


def page(html: str, *, keep_heading: bool) -> Page:
    """Reads a whole HTML file or a part of one.

    The title is that of `<title>`, else of the first level-1 heading. Unless it is kept, a
    heading that says the title is left out of the body.
    """
    tree = turbohtml.parse(html)
    heading = tree.select_one("h1")
    named = tree.select_one("head > title")
    said = _line(heading.text) if heading else ""
    title = (_line(named.text) if named else "") or said
    if heading and said == title and not keep_heading:
        heading.decompose()
    body = tree.select_one("body")
    return Page(title, body.inner_html if body else "")


def rewrite(
    html: str, transforms: Sequence[Any], accept: Sequence[str]
) -> tuple[str, list[Dropped]]:
    """Carries out transforms in their order, each on what the ones before have made.

    A transform touches only elements that match both its selector and one of `accept`. One pass
    over the page for each, or for several where nobody could tell; without transforms the page
    stays what it is, byte for byte. A pass that would go over MAX_REWRITING is left out, by
    counting and not by the clock.
    """
    dropped: list[Dropped] = []
    allowed = ", ".join(selector for selector in accept if _usable(selector))
    spent = Allowance(html)
    for together in passes(transforms, allowed):
        if len(together) > 1 and (done := _shared_pass(html, together, allowed, spent)):
            html = done
            continue
        for index, transform in together:
            try:
                if index >= MAX_TRANSFORMS:
                    raise RefusedError(f"a page takes at most {MAX_TRANSFORMS} transforms")
                spent.work(html, transform)
                html = _pass(html, decode(transform), allowed, spent)
                spent.look_again(html, transform)
            except (RefusedError, ValueError) as error:
                dropped.append({"index": index, "reason": str(error)})
    return html, dropped


def _pass(html: str, edit: Edit, allowed: str, spent: Allowance) -> str:
    """Raises RefusedError when every element that it would touch was refused."""
    if not allowed:
        raise RefusedError("the theme accepts no transforms here")
    visit = Visit(edit, spent)
    handlers: list[tuple[str, ElementHandler]] = [
        (allowed, visit.enter),
        (edit.selector, visit.act),
        (allowed, visit.leave),
    ]
    rewritten = stream(html, elements=handlers)
    if visit.refused and not visit.done:
        raise RefusedError(visit.refused)
    return rewritten if visit.done else html


def _shared_pass(
    html: str, together: Sequence[Numbered], allowed: str, spent: Allowance
) -> str | None:
    """None, with nothing spent, where one of them is refused: then each is told by itself."""
    before = spent.spent()
    try:
        visits: list[Visit] = []
        for _, transform in together:
            spent.work(html, transform)
            visits.append(Visit(decode(transform), spent))
        first = visits[0]
        # In their order: what comes later may undo what was done before.
        runs = groupby(visits, key=lambda visit: visit.edit.selector)
        acts: list[tuple[str, ElementHandler]] = [
            (selector, Together(tuple(run), first).act) for selector, run in runs
        ]
        around = [(allowed, first.enter), *acts, (allowed, first.leave)] if allowed else []
        rewritten = stream(html, elements=around)
        if allowed and not any(visit.refused for visit in visits):
            return rewritten if any(visit.done for visit in visits) else html
    except (RefusedError, ValueError):
        pass
    spent.restore(before)
    return None


@lru_cache(maxsize=256)
def _usable(selector: str) -> bool:
    """A theme's manifest was checked long before; what is not usable accepts nothing."""
    try:
        stream("", elements=[(selector, _ignore)])
    except (TypeError, ValueError):
        return False
    return "/*" not in selector


def _ignore(element: Element, /) -> None:
    pass


def _in_srcset(value: str, mark: Callable[[str], str]) -> str:
    return _CANDIDATE.sub(lambda found: mark(found["url"]) + found["rest"], value)


def _line(text: str) -> str:
    return " ".join(text.split())
