"""What a start has found out of its node: processes that are forked of it need not look again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

from apps.content.rendering import Asciidoctor, remember_asciidoctor


@dataclass(frozen=True, slots=True)
class Prepared:
    """`confinement` as `Workers.confinement` says it."""

    confinement: Mapping[str, str]
    asciidoctor: Asciidoctor | None = None

    def as_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Of a process of our own, so nothing about it is in doubt."""
        values = json.loads(text)
        program = values["asciidoctor"]
        return cls(values["confinement"], Asciidoctor(**program) if program else None)


_kept: list[Prepared] = []


def keep(found: Prepared) -> None:
    """Before the processes are forked that are to know it."""
    _kept[:] = [found]
    if found.asciidoctor:
        remember_asciidoctor(found.asciidoctor)


def known() -> Prepared | None:
    """None where this process was not forked of one that prepared the node."""
    return _kept[0] if _kept else None
