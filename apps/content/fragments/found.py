"""Finds shortcodes, Liquid and Tera in a text, each once, in time that its length bounds. Pure."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

MAX_FRAGMENT: Final = 10_000
"""Characters from one end of a fragment to the other; what is longer is text."""
HUGO, JEKYLL, ZOLA = "hugo", "jekyll", "zola"
SYSTEMS: Final = (HUGO, JEKYLL, ZOLA)
_OPENS: Final = {
    HUGO: re.compile(r"\{\{[<%]"),
    JEKYLL: re.compile(r"\{\{|\{%"),
    ZOLA: re.compile(r"\{\{|\{%"),
}
_CLOSES: Final = {"{{<": ">}}", "{{%": "%}}", "{{": "}}", "{%": "%}"}
_NAME: Final = re.compile(r"[\s\-/]*+([\w./:\-]*[\w])")
_CODE: Final = re.compile(
    r"^ {0,3}(`{3,}+|~{3,}+)[^\n]*+\n(?:(?! {0,3}\1)[^\n]*\n)*(?: {0,3}\1[^\n]*)?"
    r"|(?<!`)(`+)(?!`)[^\n]{0,1000}?(?<!`)\2(?!`)",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """`start` and `end` are places in the text; `name` is what is to be run, `inner` what stands
    between the marks. A literal one is only meant to be shown."""

    start: int
    end: int
    mark: str
    name: str
    inner: str
    closing: bool
    literal: bool


class Fragments:
    """Those of one text, asked for from front to back."""

    def __init__(self, text: str, system: str) -> None:
        self._text, self._opens = text, _OPENS[system]
        self._code = [found.span() for found in _CODE.finditer(text)] if system == ZOLA else []
        self._ended: set[str] = set()

    def after(self, at: int) -> Fragment | None:
        """The first one that begins there or later."""
        while opened := self._opens.search(self._text, at):
            mark, start, at = opened[0], opened.start(), opened.end()
            if mark in self._ended or self._is_in_code(start):
                continue
            end = self._text.find(_CLOSES[mark], at)
            if end < 0:
                self._ended.add(mark)
            elif end - at <= MAX_FRAGMENT:
                return _fragment(self._text, start, end, mark)
        return None

    def closing(self, name: str, at: int) -> tuple[int, int] | None:
        """Where the fragment begins and ends that closes the one of this name."""
        if name in self._ended:
            return None
        word = re.escape(name)
        pattern = rf"\{{(?:%-?|\{{[<%])\s*(?:end|/\s*){word}\s*(?:-?%|[>%]\}})\}}"
        if found := re.compile(pattern).search(self._text, at):
            return found.span()
        self._ended.add(name)
        return None

    def _is_in_code(self, at: int) -> bool:
        before = bisect_right(self._code, (at, len(self._text))) - 1
        return before >= 0 and at < self._code[before][1]


def _fragment(text: str, start: int, end: int, mark: str) -> Fragment:
    inner = text[start + len(mark) : end]
    literal = inner.strip().startswith("/*") and inner.strip().endswith("*/")
    shown = inner.strip()[2:-2] if literal else inner
    name = _NAME.match(shown)
    return Fragment(
        start=start,
        end=end + len(_CLOSES[mark]),
        mark=mark,
        name=name[1][:80] if name else mark,
        inner=shown,
        closing=shown.lstrip(" -").startswith(("/", "end")),
        literal=literal,
    )


def shown(fragment: Fragment, text: str) -> str:
    """A fragment as its author wrote it; a literal one without what marks it so."""
    if fragment.literal:
        return f"{fragment.mark}{fragment.inner}{_CLOSES[fragment.mark]}"
    return text[fragment.start : fragment.end]
