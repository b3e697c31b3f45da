"""Every bound on a document, and the scans that find what would cost a parser too much. Pure.

Each scan is linear and stands before a parser that is not. What they miss meets the worker's
limits of time and memory, which cost the document its worker; what they find costs nothing.
"""

import re
from collections.abc import Collection, Iterator

from apps.content.elements import NEVER_DEEP, VOID
from apps.content.flaws import FlawError

KIB = 1024
MIB = 1024 * KIB

MAX_DOCUMENT = 2 * MIB
"""Characters of one file."""
MAX_PYTHON_MARKDOWN = 512 * KIB
"""The same for Python-Markdown, which is some fifty times as slow as the compiled parser."""
MAX_HTML = 8 * MIB
"""Characters that one file may become: footnotes and tables can repeat themselves."""
MAX_HEADER = 64 * KIB
MAX_HEADER_DEPTH = 24
"""An answer holds a header some levels down, and a message has 64."""
MAX_HEADER_NODES = 10_000
MAX_QUOTES = 32
"""Nested block quotes: 100,000 take comrak 4 s."""
MAX_INDENT = 400
"""Columns before a list item: Python-Markdown recurses once for every four."""
MAX_HTML_DEPTH = 500
"""Elements open at once: ammonia takes time by the square of it (20,000 take 1 s)."""
MAX_ATTRIBUTES = 1_000
"""Of one tag: by the square again (20,000 take 0.2 s)."""
MAX_TABLE_CELLS = 200_000
"""A row may be two characters and still get every column: 200,000 cells take 0.5 s."""
MAX_DESCRIPTIONS = 4_000
"""Terms of description lists: by the square (20,000 take 3.5 s)."""
MAX_EMAILS = 2_000
"""More "@" are not looked at for links: 25,000 addresses overflow comrak's stack."""
MAX_HEADINGS = 3_000
"""For Python-Markdown, which makes ids by the square of headings alike."""
MAX_CODE_BLOCK = 10_000
"""Characters of program code whose words are marked: the patterns of a language are not linear."""
MAX_CODE = 100_000
"""In one document."""
MAX_BLOCK_COST = 10_000_000
"""Openers times length, over all blocks: Python-Markdown does 10 million steps in about 1 s."""
RULES_PER_OPENER = 5
"""Headings, rules and definitions in one block cost by the square too, but so many times less."""
TAGS_PER_OPENER = 200
UNCLOSED_PER_OPENER = 8
"""So do fences that never end, each of which is looked for to the end of the document."""
MAX_TITLE = 1_000
MAX_TITLE_LINES = 4
MAX_LIST_LINES = 50
"""Looked at above an indented heading to see whether it belongs to a list."""
MAX_TRANSFORMS = 256
"""Of one page: each is a pass over it."""
MAX_SELECTOR = 500
MAX_FRAGMENT = 64 * KIB
"""Characters of text or HTML in one transform."""
MAX_INSERTED = 2 * MIB
"""Characters that the transforms of one page may add, counted once for every element."""
MAX_REWRITING = 200_000_000
"""Of one page, in units of which the costliest page and selector need about one per nanosecond."""
PASS_COST = 100
"""For each character of the page, in each pass."""
SELECTOR_COST = 3
"""For each character of the page, and each of the selector."""
NESTING_COST = 4
"""For each element of the page and each that may stand around it, in each pass: where elements are
nested by the thousand, the ancestors of each are gone through."""
FRAGMENT_COST = 300
"""For each character that a transform brings, which is sanitised."""
MAX_MERGED = 4 * MIB
"""Bytes of a text whose changes are merged; a longer one is taken from one side."""
MAX_MERGED_HEADER = 512 * KIB
"""Characters of a file that is all header; of a longer one lines are merged."""
MAX_MERGE_STEPS = 1_000_000
"""What is not compared after so many (half a second) counts as changed."""
MAX_MERGE_PAIRS = 400
"""Of paragraphs in one change that are looked at for what was edited."""
MAX_EDITED_FIELDS = 32
"""Of one edit: each reads the header several times."""
MAX_EDIT_STEPS = 64
"""Of all fields of one edit together; over its share, a field's value is written anew."""
MAX_COMPARED_ITEMS = 40_000
"""Of an old and a new list, multiplied, behind what both begin with: difflib is not linear."""
MAX_REDUMPED = 16 * KIB
"""Characters that ruamel.yaml or tomlkit may be given: they read some 30 KiB in a second."""

_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)")
_LONG_TAG = re.compile(rf"<[a-zA-Z][^>]{{{2 * MAX_ATTRIBUTES},}}")
_CLOSED_IN_DRAWING = re.compile(
    r"<(?:circle|ellipse|g|image|line|path|poly\w+|rect|stop|use)\b[^>]*/>"
)
_QUOTES = re.compile(
    r"^(?:[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*>)" + f"{{{MAX_QUOTES + 1}}}", re.M
)
_INDENTED_ITEM = re.compile(rf"^[ \t]{{{MAX_INDENT + 1}}}[ \t]*(?:[-*+]|\d+\.)[ \t]", re.M)
_DELIMITER_ROW = re.compile(r"\n[ \t>|:\-]+(?=\n|\Z)")
_DESCRIPTION = re.compile(r"^[ \t>]*:[ \t]", re.M)
_HEADING = re.compile(r"^(?:#|[=\-*_ ]+$)", re.M)
_DEFINITION = re.compile(r"^[ \t]*:[ \t]", re.M)
_FENCE_LINE = re.compile(r"^(~{3,}+|`{3,}+)([^\n]*)$", re.M)
_BLANK = re.compile(r"\n[ \t]*(?=\n)")
_ITEMS = tuple(
    (re.compile(rf"[ \t]*{marker}"), re.compile(rf"\n(?=[ \t]*{marker})"))
    for marker in (r"(?:[-*+]|\d+\.)[ \t]", ">", r"\|", r"\[(?!\^)[^\]\n]*\]:")
)
_UNCLOSED_TAG = re.compile(r"<(?![/a-zA-Z][^<>]*>)")
_BACKTICKS = re.compile(r"`+")


def check_size(text: str, limit: int = MAX_DOCUMENT) -> None:
    if len(text) > limit:
        reason = f"the document has {len(text):,} characters; {limit:,} is the most, so split it"
        raise FlawError("markup.too-large", 1, reason)


def check_commonmark(text: str) -> None:
    """Raises FlawError for Markdown whose cost is out of proportion to its length."""
    _check_quotes(text)
    _check_tables(text)
    count = len(_DESCRIPTION.findall(text)) if text.count(":") > MAX_DESCRIPTIONS else 0
    if count > MAX_DESCRIPTIONS:
        reason = f"{count:,} lines begin with a colon; {MAX_DESCRIPTIONS:,} is the most"
        raise FlawError("markup.too-complex", 1, reason)


def check_python_markdown(text: str) -> None:
    check_size(text, MAX_PYTHON_MARKDOWN)
    _check_quotes(text)
    _check_tables(text)
    if found := _INDENTED_ITEM.search(text):
        raise _too_deep(text, found.start(), f"a list item stands over {MAX_INDENT} columns in")
    prose, unclosed = _without_code(text)
    if (headings := len(_HEADING.findall(prose))) > MAX_HEADINGS:
        reason = f"there are {headings:,} headings and rules; {MAX_HEADINGS:,} is the most"
        raise FlawError("markup.too-complex", 1, reason)
    cost = unclosed * len(text) // UNCLOSED_PER_OPENER
    for piece in _pieces(prose):
        cost += _openers(piece) * len(piece)
        if cost > MAX_BLOCK_COST:
            reason = "too many brackets, '<', backticks or rules without a blank line between"
            raise _too_deep(text, text.find(piece), reason)


def check_html(html: str) -> None:
    """Raises FlawError where more elements are open at once than MAX_HTML_DEPTH.

    An estimate by tag name that may say more than a parser would: end tags close their own name,
    and `/>` closes nothing, unless it is in a drawing.
    """
    check_size(html, MAX_HTML)
    for tag in _LONG_TAG.finditer(html):
        if len(tag[0].split()) > MAX_ATTRIBUTES:
            reason = f"a tag has more than {MAX_ATTRIBUTES:,} attributes"
            raise FlawError("markup.too-complex", _line(html, tag.start()), reason)
    if html.count("<") <= MAX_HTML_DEPTH:
        return
    lower = html.lower()
    if _depth(lower) > MAX_HTML_DEPTH:
        if "<svg" in lower and _depth(_CLOSED_IN_DRAWING.sub("", lower)) <= MAX_HTML_DEPTH:
            return
        raise _too_deep("", 0, f"more than {MAX_HTML_DEPTH} elements or lists are nested")


def elements(html: str) -> int:
    """At least as many as there are, and as can be nested."""
    return html.count("<") - html.count("</")


def nesting(html: str) -> int:
    """Elements times those that are open at most; without a tree none closes by itself."""
    return elements(html) * _depth(html.lower(), flat=VOID)


def _depth(html: str, flat: Collection[str] = NEVER_DEEP) -> int:
    depth = deepest = 0
    opened = dict.fromkeys(flat, -1)
    for end, name in _TAG.findall(html):
        count = opened.get(name, 0)
        if count < 0 or (end and not count):
            continue
        step = -1 if end else 1
        opened[name] = count + step
        depth += step
        deepest = max(deepest, depth)
    return deepest


def _check_quotes(text: str) -> None:
    if text.count(">") > MAX_QUOTES and (found := _QUOTES.search(text)):
        raise _too_deep(text, found.start(), f"more than {MAX_QUOTES} block quotes are nested")


def _check_tables(text: str) -> None:
    if "|" not in text:
        return
    cells = 0
    for row in _DELIMITER_ROW.finditer(text):
        columns = row[0].count("|")
        if columns:
            end = text.find("\n\n", row.end())
            cells += columns * (1 + text.count("\n", row.end(), end if end >= 0 else len(text)))
        if cells > MAX_TABLE_CELLS:
            reason = f"tables have more than {MAX_TABLE_CELLS:,} cells; split the document"
            raise FlawError("markup.too-complex", _line(text, row.end()), reason)


def _without_code(text: str) -> tuple[str, int]:
    """Text outside fenced code, and how many fences have no end and are searched in vain."""
    fences = list(_FENCE_LINE.finditer(text))
    last = {fence[1]: fence.start() for fence in fences if not fence[2].strip()}
    parts = []
    done = unclosed = 0
    within = ""
    for fence in fences:
        if within:
            if fence[1] == within and not fence[2].strip():
                done, within = fence.end(), ""
        elif last.get(fence[1], -1) > fence.start():
            parts.append(text[done : fence.start()])
            within = fence[1]
        else:
            unclosed += 1
    return "".join([*parts, text[done:]]), unclosed


def _pieces(text: str) -> Iterator[str]:
    """What Python-Markdown's inline patterns see at once: blocks, and the items of lists."""
    for block in _BLANK.split(text):
        block = block.lstrip("\n")
        for begins, between in _ITEMS:
            if begins.match(block):
                yield from between.split(block)
                break
        else:
            yield block


def _openers(piece: str) -> int:
    rules = len(_HEADING.findall(piece)) + len(_DEFINITION.findall(piece))
    count = piece.count("[") + rules // RULES_PER_OPENER
    if "<" in piece:
        count += len(_UNCLOSED_TAG.findall(piece)) + piece.count("<") // TAGS_PER_OPENER
    if "`" in piece:
        count += len(_BACKTICKS.findall(piece))
    return count


def _too_deep(text: str, at: int, reason: str) -> FlawError:
    return FlawError("markup.too-deep", _line(text, max(at, 0)), reason)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
