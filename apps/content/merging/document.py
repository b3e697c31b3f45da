"""Three-way merge of one file by meaning: the header by key, the body by paragraph. Pure.

Whatever Git merges by line and can still be read is clean here too, with the same bytes unless
the header would mean something else, such as a tag twice that both sides added.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.content.flaws import Flaw
from apps.content.merging.conflicts import Clash, Conflict, Ledger, is_clean
from apps.content.merging.headers import Way, header_way
from apps.content.merging.lines import ended, merge_lines, with_end_of
from apps.content.merging.paragraphs import merge_body
from apps.content.merging.parts import ALONE, Form, Parts, read_parts
from apps.content.merging.texts import Text, marked, read_text, written
from apps.content.merging.three_way import Side, Three

Choices = Mapping[int, Side]
NOTHING: Choices = {}


@dataclass(frozen=True, slots=True)
class Merged:
    """`content` has ours where nothing was chosen for a conflict. `flaws` are those of a header
    that cannot be read although both sides' can."""

    content: bytes
    conflicts: tuple[Conflict, ...] = ()
    flaws: tuple[Flaw, ...] = ()


def merge_document(
    base: bytes | None,
    ours: bytes,
    theirs: bytes,
    *,
    form: Form = Form.DOCUMENT,
    choices: Choices = NOTHING,
) -> Merged:
    """`base` is None where both sides added the file. `choices` are by the place of a conflict
    in `conflicts`, which choices do not change. Never raises."""
    if ours in (theirs, base):
        return Merged(theirs)
    if theirs == base:
        return Merged(ours)
    contents = Three(base, ours, theirs)
    texts = contents.map(read_text)
    mine, their = texts.ours, texts.theirs
    unknown = base is not None and texts.base is None
    if form is Form.WHOLE or mine is None or their is None or unknown:
        return as_a_whole(contents, choices)
    sides = Three(texts.base, mine, their)
    if not all(side.utf8 for side in sides if side):
        form = Form.TEXT
    return _with_own_breaks(sides, form) or _merged(sides, form, choices)


def reads(content: bytes, form: Form) -> bool:
    """Whether it has a header that can be read, or none."""
    text = read_text(content)
    return text is None or not text.utf8 or not read_parts(text.plain, form).flaws


def as_a_whole(contents: Three[bytes], choices: Choices = NOTHING) -> Merged:
    """Of files that are not merged in parts."""
    side = choices.get(0, Side.OURS)
    conflict = Conflict(base=contents.base, ours=contents.ours, theirs=contents.theirs)
    return Merged(contents.at(side) or b"", (conflict,))


def _with_own_breaks(sides: Three[Text], form: Form) -> Merged | None:
    """As Git merges a file whose lines end in several ways, if that is clean."""
    if not any(side.mixed for side in sides if side):
        return None
    raw = sides.map(lambda side: side.raw)
    pieces = merge_lines(raw.base or "", raw.ours, raw.theirs)
    text = Ledger().settle(pieces)
    if not is_clean(pieces) or _flaws(sides, text, form):
        return None
    return Merged(marked(text, sides))


def _merged(sides: Three[Text], form: Form, choices: Choices) -> Merged:
    texts = sides.map(lambda side: side.plain)
    ledger = Ledger(choices)
    if form in ALONE:
        text = with_end_of(_way(texts.map(ended), form)(ledger), texts)
    else:
        text = _way(texts, form)(ledger)
    flaws = _flaws(sides, text, form)
    return Merged(written(text, sides), tuple(ledger.conflicts), flaws)


def _flaws(sides: Three[Text], text: str, form: Form) -> tuple[Flaw, ...]:
    if any(read_parts(side.plain, form).flaws for side in sides[1:] if side):
        return ()
    return read_parts(text, form).flaws


def _way(texts: Three[str], form: Form) -> Way:
    """The best there is: by meaning, as Git, by meaning with conflicts, or ours against theirs."""
    pieces = merge_lines(texts.base or "", texts.ours, texts.theirs)

    def by_line(ledger: Ledger) -> str:
        return ledger.settle(pieces)

    if form is Form.TEXT:
        return by_line
    parts = texts.map(lambda text: read_parts(text, form))
    if parts.ours.flaws or parts.theirs.flaws:
        return by_line
    by_meaning, ledger = _parts_way(parts), Ledger()
    reads = _stands(by_meaning(ledger), form)
    if reads and not ledger.conflicts:
        return by_meaning
    if is_clean(pieces) and _stands(by_line(Ledger()), form):
        return by_line
    return by_meaning if reads else lambda ledger: _one_side(texts, ledger)


def _parts_way(parts: Three[Parts]) -> Way:
    base = parts.base if parts.base and not parts.base.flaws else Parts(None, "")
    header = header_way(base.header, parts.ours.header, parts.theirs.header)
    pieces = merge_body(base.body, parts.ours.body, parts.theirs.body)
    above = parts.ours.header.whole.count("\n") if parts.ours.header else 0

    def way(ledger: Ledger) -> str:
        head = header(ledger)
        body = ledger.settle(pieces, above=above)
        return f"{head}\n{body}" if body and head and not head.endswith("\n") else head + body

    return way


def _stands(text: str, form: Form) -> bool:
    return not read_parts(text, form).flaws


def _one_side(texts: Three[str], ledger: Ledger) -> str:
    shown: Three[str | None] = Three(*texts)
    return shown.at(ledger.choose(Clash(shown, line=1))) or ""
