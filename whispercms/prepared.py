"""What a start has found out of its node: processes that are forked of it need not look again."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from apps.content.rendering import Asciidoctor, remember_asciidoctor
from apps.runtime.workers import Nursery


@dataclass(frozen=True, slots=True)
class Prepared:
    """`confinement` as `Workers.confinement` says it."""

    confinement: Mapping[str, str]
    asciidoctor: Asciidoctor | None = None

    def as_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Of a process of our own. Raises what reading another text raises."""
        values = json.loads(text)
        program = values["asciidoctor"]
        return cls(values["confinement"], Asciidoctor(**program) if program else None)


_kept: list[Prepared] = []
_ready: list[bool] = []
_nurseries: list[Nursery] = []


def keep(found: Prepared) -> None:
    """Before the processes are forked that are to know it."""
    _kept[:] = [found]
    if found.asciidoctor:
        remember_asciidoctor(found.asciidoctor)


def known() -> Prepared | None:
    """None where this process was not forked of one that has found it."""
    return _kept[0] if _kept else None


def keep_ready() -> None:
    """The node was brought up to date, or is meanwhile; as `keep`."""
    _ready[:] = [True]


def is_ready() -> bool:
    return bool(_ready)


def keep_nursery(nursery: Nursery) -> None:
    """As `keep`."""
    _nurseries[:] = [nursery]


def nursery() -> Nursery | None:
    return _nurseries[0] if _nurseries else None


def write(file: Path, found: Prepared) -> None:
    """Whole or not at all, for the next start. Raises OSError."""
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_text(found.as_text())
    draft.replace(file)


def recall(file: Path) -> None:
    """What an earlier start wrote of programs, as long as they are the same files. What holds
    hostile code is proved at each start."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        if found := Prepared.of_text(file.read_text()).asciidoctor:
            remember_asciidoctor(found)
