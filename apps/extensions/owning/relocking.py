"""The lock with other pins in it: what people wrote beside them stays."""

from collections.abc import Mapping

from apps.content.edit_messages import DocumentEdits
from apps.content.editing import ABSENT, Changes, EditError
from apps.extensions.lock import Entry, Tables, read_lock, write_lock


def relocked(before: bytes | None, wanted: bytes, edits: DocumentEdits) -> bytes:
    """`wanted` has the pins in this program's order and style. It counts where nobody has written
    in the file by hand, and where that cannot be kept."""
    if before is None:
        return wanted
    old, new = read_lock(before).tables, read_lock(wanted).tables
    if before == write_lock(old):
        return wanted
    try:
        kept = edits.edited(before, changes(old, new), alone="toml").content
    except EditError:
        return wanted
    made = _joined(kept, write_lock(_new(old, new)))
    found = read_lock(made)
    return made if found.tables == new and not found.problems else wanted


def changes(before: Tables, after: Tables) -> Changes:
    """Of the pins that there are."""
    return {
        **_changes("themes", before.themes, after.themes),
        **_changes("plugins", before.plugins, after.plugins),
    }


def _changes(kind: str, before: Mapping[str, Entry], after: Mapping[str, Entry]) -> Changes:
    return {
        (kind, name): after[name].model_dump(exclude_none=True) if name in after else ABSENT
        for name in sorted(before)
        if before[name] != after.get(name)
    }


def _new(before: Tables, after: Tables) -> Tables:
    return Tables(
        themes={name: each for name, each in after.themes.items() if name not in before.themes},
        plugins={name: each for name, each in after.plugins.items() if name not in before.plugins},
    )


def _joined(above: bytes, below: bytes) -> bytes:
    """With an empty line between them."""
    return above.rstrip(b"\n") + b"\n\n" + below if above.strip() and below else above + below
