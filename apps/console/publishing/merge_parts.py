"""A merge as a form: its places with what stands on each side, what somebody chose for them, and
the file that comes of it. Pure but for whoever merges.

Used where a publication conflicts and where a save does; `console/parts/merge.html` shows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from apps.console.diff_words import visible
from apps.console.publishing.bounds import PLACES, TEXT_CHARACTERS
from apps.content.merging.conflicts import Conflict
from apps.content.merging.document import Merged
from apps.content.merging.messages import FileMerges
from apps.content.merging.parts import Form
from apps.content.merging.three_way import Side, Three

CHOICE, TEXT, RESULT = "choice-", "text-", "result-"
"""Names of fields, before the number of a place or a file."""


class Way(StrEnum):
    """What becomes of one place."""

    OURS = "ours"
    THEIRS = "theirs"
    BASE = "base"
    BOTH = "both"
    TEXT = "text"


SIDES: Final = {Way.OURS: Side.OURS, Way.THEIRS: Side.THEIRS, Way.BASE: Side.BASE}


class BadChoice(Exception):
    """What was sent is no choice. `reason` is for the person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Choice:
    """`text` is what somebody wrote in the place of all sides."""

    way: Way
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Sides are None where they have nothing. `key` names an entry of the header; `line` is of
    ours. A place of neither is a file as a whole."""

    number: str
    key: str
    line: int
    base: str | None
    ours: str | None
    theirs: str | None
    choice: Choice | None = None
    is_text: bool = True

    @property
    def both(self) -> bool:
        """Whether one can stand after the other: paragraphs, and no entries of a header."""
        return bool(self.line and not self.key and self.ours and self.theirs)

    @property
    def is_writable(self) -> bool:
        """Whether somebody's own words can stand there."""
        return self.is_text and bool(self.key or self.line)

    @property
    def written(self) -> str:
        """What the field of one's own text begins with."""
        if self.choice and self.choice.way is Way.TEXT:
            return self.choice.text
        return self.ours or self.theirs or ""


def place_of(number: str, conflict: Conflict, choice: Choice | None = None) -> Place:
    sides = Three(conflict.base, conflict.ours, conflict.theirs)
    texts = [None if each is None else _text(each) for each in sides]
    return Place(
        number=number,
        key=".".join(conflict.field),
        line=conflict.line,
        base=texts[0] and visible(texts[0]),
        ours=texts[1] and visible(texts[1]),
        theirs=texts[2] and visible(texts[2]),
        choice=choice,
        is_text=not conflict.is_whole,
    )


def places_of(
    conflicts: Sequence[Conflict], above: str = "", chosen: Mapping[str, Choice] | None = None
) -> tuple[Place, ...]:
    """`above` is the number of their file, where there are several."""
    numbers = [f"{above}.{n}" if above else str(n) for n in range(1, len(conflicts) + 1)]
    found = chosen or {}
    return tuple(
        place_of(number, each, found.get(number))
        for number, each in zip(numbers, conflicts, strict=True)
    )


def choices_in(sent: Mapping[str, str]) -> dict[str, Choice]:
    """By number, of a form. Raises BadChoice."""
    found = {}
    for name, value in sent.items():
        if not name.startswith(CHOICE) or not value:
            continue
        number = name.removeprefix(CHOICE)
        try:
            way = Way(value)
        except ValueError:
            raise BadChoice(f"there is no such choice for {number[:20]}") from None
        text = sent.get(TEXT + number, "") if way is Way.TEXT else ""
        if len(text) > TEXT_CHARACTERS:
            raise BadChoice(f"a text has over {TEXT_CHARACTERS} characters")
        found[number] = Choice(way, text.replace("\r\n", "\n"))
    return found


@dataclass(frozen=True, slots=True)
class Contents:
    """The three versions of a file that can be merged in parts, and who merges them."""

    versions: Three[bytes]
    form: Form
    merges: FileMerges = field(compare=False)

    def merged(self, choices: Mapping[int, Side]) -> Merged:
        return self.merges.merge(self.versions, self.form, choices)


def result(contents: Contents, chosen: Mapping[int, Choice]) -> bytes:
    """The file with each place as it was chosen, counted from 0; ours where nothing was. Raises
    BadChoice."""
    sides = {n: SIDES[each.way] for n, each in chosen.items() if each.way in SIDES}
    own = {n: each for n, each in chosen.items() if each.way not in SIDES}
    plain = contents.merged(sides)
    if not own:
        return plain.content
    if len(plain.conflicts) > PLACES:
        raise BadChoice(f"there are over {PLACES} places; take a side for each")
    spans = []
    for number, choice in own.items():
        if not 0 <= number < len(plain.conflicts):
            raise BadChoice(f"there is no place {number + 1}")
        conflict = plain.conflicts[number]
        theirs = contents.merged({**sides, number: Side.THEIRS}).content
        at = _at(plain.content, theirs, conflict)
        spans.append((at, len(conflict.ours or b""), _put(conflict, choice)))
    return _spliced(plain.content, spans)


def _at(ours: bytes, theirs: bytes, conflict: Conflict) -> int:
    """Where our side of a place stands in a result, told by the result with theirs. Raises
    BadChoice."""
    mine, other = conflict.ours or b"", conflict.theirs or b""
    most = min(len(ours), len(theirs))
    same = next((n for n in range(most) if ours[n] != theirs[n]), most)
    for start in range(same, max(same - len(mine) - len(other), 0) - 1, -1):
        stands = ours.startswith(mine, start) and theirs.startswith(other, start)
        if stands and ours[start + len(mine) :] == theirs[start + len(other) :]:
            return start
    raise BadChoice("this place cannot be written anew by itself; edit the whole text instead")


def _put(conflict: Conflict, choice: Choice) -> bytes:
    mine, other = conflict.ours or b"", conflict.theirs or b""
    if choice.way is Way.TEXT:
        text = choice.text.encode()
        ends = (mine or other).endswith(b"\n")
        return text + b"\n" if ends and text and not text.endswith(b"\n") else text
    if conflict.field:
        raise BadChoice(f"{'.'.join(conflict.field)} can have one value only")
    gap = b"" if mine.endswith(b"\n\n") or not mine else b"\n" if mine.endswith(b"\n") else b"\n\n"
    return mine + gap + other


def _spliced(content: bytes, spans: Sequence[tuple[int, int, bytes]]) -> bytes:
    """Raises BadChoice where two places meet."""
    made, done = [], 0
    for start, length, new in sorted(spans):
        if start < done:
            raise BadChoice("two places meet here; edit the whole text instead")
        made += [content[done:start], new]
        done = start + length
    return b"".join([*made, content[done:]])


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
