"""Whether a file that an import has made is to be written, where one may be there already. Pure.

What a person changed since the last import is theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.gitsync.importing.ledger import Entry
from apps.gitsync.importing.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Decided:
    outcome: Outcome
    reason: str = ""


def decided(
    entry: Entry | None, path: str, blob: str, there: Mapping[str, str], *, theirs: bool
) -> Decided:
    """`there` are blobs by path of the commit that the import builds upon."""
    current = there.get(path)
    if current == blob:
        return Decided(Outcome.UNCHANGED)
    if theirs or (entry is None and current is None):
        return Decided(Outcome.WRITTEN)
    if entry is None:
        return Decided(
            Outcome.KEPT, "a file is there that no import wrote; --theirs takes its place"
        )
    if current == entry.blob:
        return Decided(Outcome.WRITTEN)
    if current is None:
        return Decided(Outcome.KEPT, "it was removed or moved since; --theirs brings it back")
    return Decided(Outcome.KEPT, "it was changed since; --theirs writes it anew")
