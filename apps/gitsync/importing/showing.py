"""The report of an import for people: a few lines at a terminal, each thing by name in a file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from apps.gitsync.importing.outcomes import ImportReport, Told

FEW: Final = 10
CELL: Final = 300
MARKUP: Final = frozenset("\\`*_{}[]<>|#")


def as_text(report: ImportReport) -> str:
    return "\n".join(map(_plain, _lines(report)))


def write_report(path: Path, report: ImportReport) -> None:
    """By its ending: JSON, else Markdown. Raises OSError."""
    if path.suffix.lower() == ".json":
        text = json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n"
    else:
        text = "\n".join(_markdown(report)) + "\n"
    path.write_text(text, encoding="utf-8", errors="replace")


def _lines(report: ImportReport) -> Iterator[str]:
    where = f" as {report.commit[:10]}" if report.commit else ""
    pushed = ", published" if report.published else ""
    yield f"{report.state}: {report.files} files on {report.branch}{where}{pushed}"
    for kind, counts in report.counts().items():
        outcomes = ", ".join(f"{count} {name}" for name, count in counts.items() if name != "held")
        yield f"  {kind}: {counts['held']} in the file; {outcomes or 'none taken'}"
    yield from (f"  {note}" for note in report.notes)
    if report.fetch:
        yield f"  {len(report.fetch)} files are to be fetched; --report names them"
    yield from (f"  {problem}" for problem in report.problems[:FEW])
    if len(report.problems) > FEW:
        yield f"  and {len(report.problems) - FEW} more problems; --report names them"


def _markdown(report: ImportReport) -> Iterator[str]:
    yield from (
        "# Import from WordPress",
        "",
        *(f"- {_cell(each.strip())}" for each in _lines(report)),
        "",
        "## Items",
        "",
    )
    yield "| kind | id | title | outcome | file | address | why |"
    yield "|---|---|---|---|---|---|---|"
    yield from map(_row, report.items)
    if report.fetch:
        yield from ("", "## To be fetched", "", *(f"- {_cell(url)}" for url in report.fetch))
    if report.problems:
        yield from ("", "## Problems", "", *(f"- {_cell(str(each))}" for each in report.problems))


def _row(told: Told) -> str:
    why = "; ".join(told.reasons)
    cells = (told.kind, told.id, told.title, str(told.outcome), told.path, told.address, why)
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    """Nothing of an export becomes markup of the report."""
    return "".join(f"\\{c}" if c in MARKUP else c for c in _plain(text[:CELL]))


def _plain(text: str) -> str:
    """Nor an order to a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
