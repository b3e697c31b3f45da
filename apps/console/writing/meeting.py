"""What somebody wrote and what others did to the same document meanwhile, brought together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.console.node import ConsoleNode
from apps.content.merging.conflicts import Conflict
from apps.content.merging.document import Merged
from apps.content.merging.forms import form_of
from apps.content.merging.three_way import Side, Three
from apps.gitsync.git.repository import Repository
from apps.gitsync.writing.changing import content_at, newest_seen
from apps.gitsync.writing.path_history import PathCommit, path_history

OTHERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One that needs a decision. `name` is that of its control."""

    name: str
    where: str
    base: str | None
    mine: str | None
    theirs: str | None
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """`tip` is the newest commit, `theirs` the file there, None where it is gone. `merged` is both,
    with mine where a place is not decided."""

    path: str
    base: str
    tip: str
    before: bytes | None
    mine: bytes
    theirs: bytes | None
    merged: bytes
    places: tuple[Place, ...]
    others: tuple[PathCommit, ...]
    flaw: str = ""

    @property
    def is_decided(self) -> bool:
        return not self.flaw and all(place.chosen for place in self.places)


def meet(
    node: ConsoleNode, path: str, base: str, mine: bytes, choices: Mapping[int, Side] | None = None
) -> Meeting | None:
    """None where nobody else changed the file since `base`. Raises GitFault."""
    source = node.site().source
    repository, tip = Repository(source.repository), newest_seen(source)
    before = content_at(repository, source, base, path)
    theirs = content_at(repository, source, tip, path)
    if base == tip or before == theirs or theirs == mine:
        return None
    chosen = choices or {}
    made = _merged(node, path, Three(before, mine, theirs), chosen)
    places = tuple(_place(n, each, chosen) for n, each in enumerate(made.conflicts))
    others = path_history(repository, f"{base}..{tip}", path, limit=OTHERS)
    flaw = str(made.flaws[0].reason) if made.flaws else ""
    return Meeting(
        path=path,
        base=base,
        tip=tip,
        before=before,
        mine=mine,
        theirs=theirs,
        merged=made.content,
        places=places,
        others=tuple(others),
        flaw=flaw,
    )


def _merged(
    node: ConsoleNode, path: str, contents: Three[bytes | None], chosen: Mapping[int, Side]
) -> Merged:
    base, mine, theirs = contents
    if mine is None:
        raise AssertionError
    if theirs is not None:
        return node.scribe().merge(Three(base, mine, theirs), form_of(path), chosen)
    conflict = Conflict(base=base, ours=mine, theirs=None)
    return Merged(b"" if chosen.get(0) is Side.THEIRS else mine, (conflict,))


def _place(number: int, conflict: Conflict, chosen: Mapping[int, Side]) -> Place:
    side = chosen.get(number)
    return Place(
        name=f"choice-{number}",
        where="" if conflict.is_whole else str(conflict),
        base=_text(conflict.base),
        mine=_text(conflict.ours),
        theirs=_text(conflict.theirs),
        chosen=str(side) if side else "",
    )


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "replace")


def read_choices(sent: Mapping[str, Any]) -> dict[int, Side]:
    """What a form says of places; anything else in it is left out."""
    sides = {str(side): side for side in Side}
    found = {}
    for name, value in sent.items():
        number = name.removeprefix("choice-")
        if number != name and number.isdecimal() and len(number) < 5 and value in sides:
            found[int(number)] = sides[value]
    return found
