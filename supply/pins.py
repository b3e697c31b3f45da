"""The pinned requirements, as `make requirements` writes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = ROOT / "requirements" / "base.txt"
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Pin:
    """One requirement; `version` is empty where it is not pinned, `hashes` are what may come."""

    name: str
    version: str
    here: bool
    hashes: tuple[str, ...]

    def line(self) -> str:
        return " ".join((f"{self.name}=={self.version}", *self.hashes))


def pins(path: Path = RUNTIME) -> tuple[Pin, ...]:
    """In the order of the file. `here`: whether it is for a machine and a Python like this."""
    return tuple(map(_pin, _logical_lines(path.read_text(encoding="utf-8"))))


def _logical_lines(text: str) -> Iterator[str]:
    for line in re.sub(r"\\\n", " ", text).splitlines():
        line = re.sub(r"(^|\s)#.*", "", line).strip()
        if line and not line.startswith("-"):
            yield line


def _pin(line: str) -> Pin:
    required = Requirement(line.partition(" --hash=")[0].strip())
    found = re.fullmatch(r"==([^,*]+)", str(required.specifier))
    return Pin(
        name=canonicalize_name(required.name),
        version=found[1] if found else "",
        here=required.marker is None or required.marker.evaluate(),
        hashes=tuple(_HASH.findall(line)),
    )
