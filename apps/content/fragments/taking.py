"""Takes fragments out of a body before it is rendered, and puts them back as what readers see.

A word stands for each meanwhile, which every markup leaves as it is; so nothing of a fragment is
taken for markup. What is put back is sanitised with all else.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from typing import Final

from apps.content.flaws import Flaw
from apps.content.fragments.found import Fragment, Fragments, shown
from apps.content.fragments.honoured import Place, Put, honoured

FEW: Final = 3
"""Parts of what was made that tell where a fragment stands."""
NAMES: Final = 12
"""How many are named of those that a document has."""
CODE: Final = "markup.not-run"
_TAG: Final = re.compile(r"(<[a-zA-Z/!][^<>]*>)")
_ID: Final = re.compile(r'\bid="[^"]*"')
_RAW: Final = ("pre", "code", "textarea", "title")
BETWEEN: Final = ("else", "elsif", "when")
"""They belong to a fragment that is counted."""
_OTHERS: Final = "others"
_COUNTED: Final = re.compile(r"(\S+) ×(\d+)")


@dataclass(frozen=True, slots=True)
class Taken:
    """A body with words in the place of its fragments: what was written (`texts`), or the finished
    `html`, by word; and which were counted. `words` fits any such word."""

    body: str
    words: re.Pattern[str] | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    html: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    line: int = 0

    def flaw(self) -> Flaw | None:
        """One for all that is shown as it is."""
        return Flaw(CODE, self.line, said(self.counts)) if self.counts else None

    def plain(self, text: str) -> str:
        """A text of the body, such as its title, as it was written."""
        return self.words.sub(self._written, text) if self.words else text

    def back(self, html: str) -> str:
        """Rendered HTML with everything in its place."""
        if self.words is None:
            return html
        html = re.sub(rf"<p>\s*({self.words.pattern})\s*</p>", self._alone, html)
        parts, within = _TAG.split(html), 0
        for at, part in enumerate(parts):
            if at % 2:
                within += _step(part)
                parts[at] = self._in_tag(part)
            else:
                parts[at] = self._in_text(part, bare=within > 0)
        return "".join(parts)

    def _written(self, found: re.Match[str]) -> str:
        return self.texts.get(found[0], "")

    def _alone(self, found: re.Match[str]) -> str:
        """What is a block of its own must not stand in a paragraph."""
        return found[1] if found[1] in self.html else found[0]

    def _in_tag(self, tag: str) -> str:
        assert self.words is not None
        if not self.words.search(tag):
            return tag
        words = self.words
        tag = _ID.sub(lambda found: words.sub("", found[0]), tag)
        return words.sub(lambda found: escape(self._written(found)), tag)

    def _in_text(self, text: str, *, bare: bool) -> str:
        assert self.words is not None

        def put(found: re.Match[str]) -> str:
            if found[0] in self.html:
                return self.html[found[0]]
            raw = escape(self._written(found))
            return raw if bare else f"<code>{raw}</code>"

        return self.words.sub(put, text)


def take(body: str, system: str) -> Taken:
    """Costs a scan of the body where there is no brace pair in it."""
    if "{{" not in body and "{%" not in body:
        return Taken(body)
    return _Taking(body, system).taken()


class _Taking:
    """One pass over a body."""

    def __init__(self, body: str, system: str) -> None:
        self._body, self._system = body, system
        self._word = _word(body)
        self._fragments = Fragments(body, system)
        self._texts: dict[str, str] = {}
        self._html: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._line = 0

    def taken(self) -> Taken:
        parts: list[str] = []
        at = 0
        while fragment := self._fragments.after(at):
            parts.append(self._body[at : fragment.start])
            place = Place(self._body, "".join(parts[-FEW:]), self._system, self._fragments.closing)
            put = honoured(fragment, place)
            parts.append(self._shown(fragment) if put is None else self._put(put))
            at = fragment.end if put is None else put.end
        parts.append(self._body[at:])
        words = re.compile(rf"{self._word}\d+z")
        return Taken("".join(parts), words, self._texts, self._html, self._counts, self._line)

    def _put(self, put: Put) -> str:
        if not put.html:
            return put.text
        word = self._next()
        self._html[word] = put.html
        return word

    def _shown(self, fragment: Fragment) -> str:
        word = self._next()
        self._texts[word] = shown(fragment, self._body)
        if not (fragment.literal or fragment.closing or fragment.name in BETWEEN):
            self._counts[fragment.name] += 1
            self._line = self._line or self._body.count("\n", 0, fragment.start) + 1
        return word

    def _next(self) -> str:
        return f"{self._word}{len(self._texts) + len(self._html)}z"


def said(counts: Mapping[str, int]) -> str:
    """In words that `counted` reads again."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    named = ranked[:NAMES]
    if rest := sum(count for _, count in ranked[NAMES:]):
        named.append((_OTHERS, rest))
    listed = ", ".join(f"{name} ×{count}" for name, count in named)
    return f"not run here and shown as written: {listed}"


def counted(reason: str) -> dict[str, int]:
    """How many of each a problem's reason names."""
    return {name: int(count) for name, count in _COUNTED.findall(reason)}


def _word(body: str) -> str:
    """One that the body does not have, the same for the same body."""
    seed = body
    while True:
        seed = sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()
        word = f"fragment{seed[:12]}x"
        if word not in body:
            return word


def _step(tag: str) -> int:
    """Whether text after this tag stands in code or outside of it again."""
    name = re.match(r"<(/?)([a-zA-Z]+)", tag)
    if name is None or name[2].lower() not in _RAW:
        return 0
    return -1 if name[1] else 1
