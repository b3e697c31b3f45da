"""Reads the documentation, so that tests can hold it against the code."""

import importlib
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs"
FILES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *FOLDER.glob("*.md")])
HEADING = re.compile(r"^(#+) (.+)$", re.M)
FENCE = re.compile(r"^```[a-z]*\n(.*?)^```$", re.M | re.S)
NAMED = re.compile(r"^`([^`\s]+)`\n\n```[a-z]*\n(.*?)^```$", re.M | re.S)
CODE = re.compile(r"`([^`]+)`")
UNITS = {"KiB": 1024, "MiB": 1024 * 1024, "s": 1}


def read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def part(text: str, heading: str) -> str:
    """What stands under a heading, down to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#+ |\Z)", text, re.M | re.S)
    assert found, f"there is no heading {heading!r}"
    return found[1]


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a text: rows of cells, without head and rule."""
    found = []
    for block in re.findall(r"(?:^\|.*\|$\n?)+", text, re.M):
        lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in block.strip().splitlines()]
        found.append([[cell.strip() for cell in line] for line in lines[2:]])
    return found


def table(name: str, heading: str, number: int = 0) -> list[list[str]]:
    return tables(part(read(name), heading))[number]


def codes(cell: str) -> list[str]:
    """What stands between backticks."""
    return CODE.findall(cell)


def first_codes(rows: list[list[str]]) -> list[str]:
    return [code for row in rows for code in codes(row[0])]


def named_files(name: str) -> dict[str, str]:
    """File name → content, of the blocks that follow a line with nothing but the name."""
    return dict(NAMED.findall(read(name)))


def number(text: str) -> float:
    """`2 MiB`, `0.15 s` and `10,000` as numbers."""
    digits, _, unit = text.replace(",", "").partition(" ")
    return float(digits) * UNITS.get(unit, 1)


def resolve(dotted: str) -> Any:
    """A module, or what is in one. Raises ImportError or AttributeError."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for name in parts[length:]:
            found = getattr(found, name)
        return found
    raise ImportError(dotted)
