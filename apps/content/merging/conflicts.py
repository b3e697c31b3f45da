"""What could not be decided, and what a person decided about it. Pure; used by every merge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from apps.content.merging.three_way import Side, Three

Field = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Both sides changed the same. `field` are the keys that lead to an entry of the header, or
    empty for lines; then `line` is 1-based in ours. A side is None where it has nothing."""

    field: Field = ()
    line: int = 0
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None

    @property
    def is_whole(self) -> bool:
        """Of a file that cannot be merged in parts."""
        return not self.field and not self.line

    def __str__(self) -> str:
        if self.is_whole:
            return "file"
        return ".".join(self.field) or f"line {self.line}"


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict in a text that is still being put together."""

    texts: Three[str | None]
    line: int = 0
    field: Field = ()


Piece = str | Clash


class Ledger:
    """Collects the conflicts of one merge in their order, and answers with what was chosen."""

    def __init__(self, choices: Mapping[int, Side] | None = None) -> None:
        self.conflicts: list[Conflict] = []
        self._choices = choices or {}

    def choose(self, clash: Clash) -> Side:
        """Ours, where nobody has chosen yet."""
        number = len(self.conflicts)
        self.conflicts.append(
            Conflict(
                field=clash.field,
                line=clash.line,
                base=_bytes(clash.texts.base),
                ours=_bytes(clash.texts.ours),
                theirs=_bytes(clash.texts.theirs),
            )
        )
        return self._choices.get(number, Side.OURS)

    def settle(self, pieces: Iterable[Piece], *, above: int = 0) -> str:
        """The text of the pieces. `above` is how many lines of ours stand before them."""
        return "".join(
            piece if isinstance(piece, str) else self._settled(piece, above) for piece in pieces
        )

    def _settled(self, clash: Clash, above: int) -> str:
        side = self.choose(replace(clash, line=clash.line + above))
        return clash.texts.at(side) or ""


def is_clean(pieces: Iterable[Piece]) -> bool:
    return all(isinstance(piece, str) for piece in pieces)


def as_bytes(text: str) -> bytes:
    """What is no UTF-8 goes through a merge as half characters."""
    return text.encode("utf-8", "surrogateescape")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else as_bytes(text)
