"""An extension in a folder, for a test to spoil."""

from pathlib import Path

from apps.extensions.finding import Kind
from apps.extensions.workshop.creating import begin


def made(site: Path, kind: Kind = "plugin", name: str = "tried") -> Path:
    site.mkdir(exist_ok=True)
    return begin(kind, name, site)


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (name, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def add(folder: Path, name: str, text: str) -> None:
    """At the end of a file, which need not be there yet."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(before + text, encoding="utf-8")
