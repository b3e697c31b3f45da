"""How the last look at this node's clone went; loads nothing of Git, as whoever only serves asks it
too.
"""

import json
from dataclasses import dataclass
from typing import Final

from apps.gitsync.source import SiteSource

SOUND, DAMAGED, MENDED, UNFINISHED = "sound", "damaged", "mended", "unfinished"
LISTS: Final = ("findings", "lost", "recovered", "asides")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tended:
    """How the last check went. `at` in seconds since 1970; `boot` names the machine's last start;
    `lost` is what could not be saved of our own, for a person to read; `asides` are clones that
    were set aside, and looked through."""

    state: str
    at: float
    boot: str
    findings: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    recovered: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()


def read_tended(source: SiteSource) -> Tended | None:
    try:
        values = json.loads(source.tended.read_text())
        lists = {key: tuple(map(str, values.get(key, ()))) for key in LISTS}
        state, boot = str(values["state"]), str(values["boot"])
        return Tended(state=state, at=float(values["at"]), boot=boot, **lists)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def trouble(tended: Tended | None) -> str | None:
    """What a person has to look at."""
    if tended is None or (tended.state != DAMAGED and not (tended.lost or tended.recovered)):
        return None
    if tended.state == DAMAGED:
        return "this node's clone is damaged; see manage.py checkrepo"
    return "this node's clone was damaged and made anew; see manage.py checkrepo"
