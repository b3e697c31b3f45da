"""The standings of a supervisor as a file, for those who ask from another process."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from apps.runtime.supervision import Standing, Standings, State

COMPONENTS: Final = "components.json"
"""Of the serving process that started or changed last."""
PROGRAMS: Final = "programs.json"
"""Of `manage.py serve`."""


def write_standings(path: Path, standings: Standings) -> None:
    """Whole or not at all. Raises OSError."""
    told = {name: each.as_json() for name, each in standings.items()}
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"process": os.getpid(), "parts": told}))
    draft.replace(path)


def read_standings(path: Path) -> Standings:
    """Nothing where the process that wrote them is gone. Their moments are not told."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(path.read_text())
        os.kill(int(found["process"]), 0)
        return {name: _standing(each) for name, each in found["parts"].items()}
    return {}


def troubles(standings: Standings) -> Mapping[str, str]:
    """Of the parts that were given up, by name: what may be said to anybody."""
    given_up = (name for name, each in standings.items() if each.state is State.FAILED)
    return {name: f"{name} has failed and was given up" for name in given_up}


def _standing(told: Mapping[str, object]) -> Standing:
    return Standing(
        state=State(str(told["state"])),
        failures=int(str(told["failures"])),
        reason=str(told["reason"]),
    )
