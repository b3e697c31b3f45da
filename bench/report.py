"""What was measured: a table for people, `build/bench.json` for programs. Pure but `write`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNITS = ("req/s", "docs/s", "ms", "s", "MB", "steps")


class BenchError(Exception):
    """A measurement could not be made; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value. `of` names the figure that it is held against."""

    name: str
    value: float
    unit: str
    of: str | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"{self.name}: {self.unit!r} is none of {', '.join(UNITS)}")


def as_json(figures: Sequence[Figure]) -> dict[str, dict[str, Any]]:
    """`ratio` is value ÷ value of `of`; both are None where there is nothing to hold it against."""
    values = {figure.name: figure.value for figure in figures}
    return {figure.name: _row(figure, values) for figure in figures}


def table(figures: Sequence[Figure]) -> str:
    rows = [("", "value", "", "ratio", "of", "")]
    for figure, row in zip(figures, as_json(figures).values(), strict=True):
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
        value = _readable(figure.value)
        rows.append((figure.name, value, figure.unit, ratio, row["of"] or "", figure.note))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def write(figures: Sequence[Figure], path: Path) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(as_json(figures), indent=2, sort_keys=True) + "\n")
    draft.replace(path)


def _row(figure: Figure, values: Mapping[str, float]) -> dict[str, Any]:
    base = values.get(figure.of) if figure.of else None
    return {
        "value": round(figure.value, 4),
        "unit": figure.unit,
        "ratio": round(figure.value / base, 4) if base else None,
        "of": figure.of if base else None,
    }


def _line(row: tuple[str, ...], widths: Sequence[int]) -> str:
    name, value, unit, ratio, of, note = (
        text.rjust(width) if position in (1, 3) else text.ljust(width)
        for position, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"{name}  {value} {unit}  {ratio}  {of}  {note}".rstrip()


def _readable(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}" if value < 100 else f"{value:.0f}"
