"""Writes the measured ratios into docs/performance.md, between two markers; the rest is people's.

No absolute speed is kept: it would say more about a machine than about the product."""

import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.load import ROOT, generator
from bench.report import Figure, as_json
from bench.targets import verdicts

PATH = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
KEPT = ("ms", "s", "MB", "steps")
"""Units whose values mean something beside their ratio."""


def write(figures: Sequence[Figure], command: str, path: Path = PATH) -> None:
    """Puts the tables in the place of those that are there. Raises ValueError without markers."""
    text = path.read_text(encoding="utf-8")
    before, found, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not found or not ended:
        raise ValueError(f"{path.name} has no place for what was measured")
    parts = (BEGIN, _how(command), _targets(figures), _ratios(figures), END)
    path.write_text(before + "\n\n".join(parts) + after, encoding="utf-8")


def _how(command: str) -> str:
    kind = f"{platform.system()} on {platform.machine()} with {os.cpu_count()} cores"
    return f"`{command}`, {kind}, Python {platform.python_version()}, load by {generator()}."


def _targets(figures: Sequence[Figure]) -> str:
    rows = ["| target | bound | measured | |", "|---|---|---|---|"]
    for target, found, holds in verdicts(figures):
        said = "holds" if holds else "missed"
        rows.append(f"| `{target.what}` | {target.must} {target.bound:g} | {found:.3g} | {said} |")
    return "\n".join(rows)


def _ratios(figures: Sequence[Figure]) -> str:
    rows = ["| name | ratio | of | value |", "|---|---|---|---|"]
    for name, row in as_json(figures).items():
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.3g}"
        of = f"`{row['of']}`" if row["of"] else ""
        rows.append(f"| `{name}` | {ratio} | {of} | {_value(row)} |")
    return "\n".join(rows)


def _value(row: Mapping[str, object]) -> str:
    return f"{row['value']:.3g} {row['unit']}" if row["unit"] in KEPT else ""
