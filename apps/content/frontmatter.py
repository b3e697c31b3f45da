"""Splits a file into header and body and reads the header; the first step for every document.

Input is hostile. Fences are found and formats told apart by python-frontmatter's classes, with
our own strict readers behind them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import frontmatter
from frontmatter.default_handlers import BaseHandler, JSONHandler, YAMLHandler

from apps.content.bounds import KIB, MAX_HEADER, MAX_HEADER_DEPTH
from apps.content.flaws import Flaw, FlawError, too_deep
from apps.content.strict import HALF_CHARACTER, read_json, read_toml
from apps.content.strict_yaml import read_yaml

NONE = "none"
BODY_KEYS = ("body", "content")
"""Of a JSON document: what is its body."""
BOM = "\ufeff"
TOO_LARGE = f"the header is longer than {MAX_HEADER // KIB} KiB; move text into the body"

_YAML_KEY = re.compile(r"[\w\"'][\w .\"'\-]*:(?:\s|$)")
_TOML_KEY = re.compile(r"\[\[?[\w.\"' -]+\]|[\w\"'][\w.\"' -]*=")
_JSON_KEY = re.compile(r'\{\s*"[^"\n]*"\s*:')
# A text without its closing quote takes all the rest, at once.
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.S)
_ALMOST_FENCE = re.compile(
    r"^(?:[ \t]*-{2,}|[ \t]*\+{2,}|[–—]+-*|-*[–—]+|={3,}|\.{3}|-{3}[ \t]*\w+)[ \t]*$", re.M
)


@dataclass(frozen=True, slots=True)
class Parts:
    """A file in its two parts. With a flaw, `front` is empty and `body` what seems to be it."""

    body: str
    front: dict[str, Any] = field(default_factory=dict)
    format: str = NONE
    flaws: tuple[Flaw, ...] = ()
    header_lines: int = 0


class _Yaml(YAMLHandler):
    FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.M)
    name, key, first_line = "yaml", _YAML_KEY, 1

    def load(self, fm: str, **kwargs: object) -> dict[str, Any]:
        return read_yaml(fm)


class _Toml(BaseHandler):
    FM_BOUNDARY = re.compile(r"^\+\+\+[ \t]*$", re.M)
    START_DELIMITER = END_DELIMITER = "+++"
    name, key, first_line = "toml", _TOML_KEY, 1

    def load(self, fm: str, **kwargs: object) -> dict[str, Any]:
        return read_toml(fm)


class _Json(JSONHandler):
    """The header is one JSON object, which needs no fence."""

    FM_BOUNDARY = re.compile(r'\{(?:\s*"|\s*\}[ \t]*$)', re.M)
    name, key, first_line = "json", _JSON_KEY, 0

    def split(self, text: str) -> tuple[str, str]:
        end = _end_of_object(text[: MAX_HEADER + 1])
        rest, newline, body = text[end:].partition("\n")
        if rest.strip():
            raise ValueError("more on the line of the closing brace: this is no header")
        return text[:end], newline + body

    def load(self, fm: str, **kwargs: object) -> dict[str, Any]:
        return read_json(fm)


Handler = _Yaml | _Toml | _Json
HANDLERS: Sequence[Handler] = (_Yaml(), _Toml(), _Json())


def split(text: str) -> Parts:
    """Never raises. Costs what the header is long, and one look for its end."""
    text = normal(text)
    handler = frontmatter.detect_format(text, HANDLERS)
    if not isinstance(handler, Handler):
        return Parts(text, flaws=_wrong_opening(text))
    try:
        header, body = handler.split(text)
    except FlawError as error:
        return Parts("", format=handler.name, flaws=(error.moved(0),))
    except ValueError:
        return Parts(text, flaws=_unclosed(text, handler))
    return _read(handler, header, body.removeprefix("\n"), text)


def normal(text: str) -> str:
    """Without byte order mark, with LF alone, and only characters that can be encoded."""
    text = text.removeprefix(BOM)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else HALF_CHARACTER.sub("\ufffd", text)


def read_document(text: str) -> dict[str, Any]:
    """A file that is all header: a JSON document. Raises FlawError."""
    return read_json(normal(text))


def _read(handler: Handler, header: str, body: str, text: str) -> Parts:
    lines = text.count("\n", 0, len(text) - len(body))
    # The line break after an opening fence comes with the header.
    header = header.removeprefix("\n")
    try:
        if len(header) > MAX_HEADER:
            raise FlawError("front-matter.too-large", 0, TOO_LARGE)
        front = handler.load(header)
    except FlawError as error:
        flaw = error.moved(handler.first_line)
        return Parts(body, {}, handler.name, (replace(flaw, line=max(flaw.line, 1)),), lines)
    return Parts(body, front, handler.name, (), lines)


def _end_of_object(text: str) -> int:
    """Where the object that begins `text` ends. Raises FlawError, or ValueError for no end."""
    depth = 0
    for token in _JSON_TOKEN.finditer(text):
        if token[0] in "{[":
            depth += 1
        elif token[0] in "}]":
            depth -= 1
        if depth > MAX_HEADER_DEPTH + 1:
            raise too_deep(text.count("\n", 0, token.start()) + 1, MAX_HEADER_DEPTH)
        if not depth:
            return token.end()
    if len(text) > MAX_HEADER:
        raise FlawError("front-matter.too-large", 1, TOO_LARGE)
    raise ValueError("no end")


def _unclosed(text: str, handler: Handler) -> tuple[Flaw, ...]:
    """A first line `---` may be a rule across the page: only keys after it make it a header."""
    first, _, rest = text.partition("\n")
    if handler.name == "json":
        if not handler.key.match(text):
            return ()
        reason = "the header begins with { here and its closing } is not found on a line's end"
        return (Flaw("front-matter.unclosed", 1, reason),)
    if not handler.key.match(_first_content(rest)):
        return ()
    fence = first.strip()
    if almost := _ALMOST_FENCE.search(rest):
        line = rest.count("\n", 0, almost.start()) + 2
        reason = f"the header must end with {fence}, not with {almost[0].strip()}"
        return (Flaw("front-matter.wrong-fence", line, reason),)
    reason = f"the header begins here and never ends; add a line {fence} after it"
    return (Flaw("front-matter.unclosed", 1, reason),)


def _wrong_opening(text: str) -> tuple[Flaw, ...]:
    """The first line is nearly a fence, keys follow, and another near-fence ends them."""
    first, _, rest = text.partition("\n")
    if not _ALMOST_FENCE.match(first) or not _ALMOST_FENCE.search(rest):
        return ()
    content = _first_content(rest)
    for handler in HANDLERS[:2]:
        if handler.key.match(content):
            reason = f"a header begins with --- or +++, not with {first.strip()[:20]}"
            return (Flaw("front-matter.wrong-fence", 1, reason),)
    return ()


def _first_content(text: str) -> str:
    """The first line that is neither blank nor a comment."""
    found = re.search(r"^(?![ \t]*(?:#|$)).*$", text, re.M)
    return found[0] if found else ""
