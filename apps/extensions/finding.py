"""Finds an extension's files: the site's own first, then those that come with the product."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from apps.extensions.names import ID

Kind = Literal["theme", "plugin"]
KINDS: Final[tuple[Kind, ...]] = ("plugin", "theme")
SITE, BUNDLED = "site", "bundled"
PROGRAM: Final = "main.lua"
"""Of a plugin, in its folder."""


@dataclass(frozen=True, slots=True)
class ExtensionFiles:
    """All files of one extension: name below its folder → bytes."""

    kind: Kind
    id: str
    origin: str
    files: Mapping[str, bytes]

    @property
    def key(self) -> str:
        """As commands and people name it."""
        return f"{self.kind}:{self.id}"

    @property
    def folder(self) -> str:
        return f"{self.kind}s/{self.id}"

    @property
    def manifest_path(self) -> str:
        return f"{self.folder}/{self.kind}.toml"

    def digest(self) -> str:
        """SHA-256 over the sorted names and contents; what `extensions.lock` pins."""
        lines = (
            f"{name}\0{hashlib.sha256(content).hexdigest()}\n"
            for name, content in sorted(self.files.items())
        )
        return f"sha256:{hashlib.sha256(''.join(lines).encode()).hexdigest()}"


def find(kind: Kind, name: str, kept: Mapping[str, bytes], bundled: Path) -> ExtensionFiles | None:
    """`kept` are the site's files by path; `bundled` holds `themes/` and `plugins/`. Nothing is
    looked for under what is no name."""
    if ID.fullmatch(name) is None:
        return None
    prefix = f"{kind}s/{name}/"
    own = {
        path[len(prefix) :]: content for path, content in kept.items() if path.startswith(prefix)
    }
    if own:
        return ExtensionFiles(kind, name, SITE, MappingProxyType(own))
    files = _read_folder(bundled / f"{kind}s" / name)
    return ExtensionFiles(kind, name, BUNDLED, files) if files else None


def digest_of(bundled: Path) -> str:
    """Of all extensions that come with the product, as they were when they were first asked for."""
    lines = (
        f"{kind}:{folder.name}\0{ExtensionFiles(kind, folder.name, BUNDLED, files).digest()}\n"
        for kind in KINDS
        for folder in sorted((bundled / f"{kind}s").glob("*"))
        if (files := _read_folder(folder))
    )
    return f"sha256:{hashlib.sha256(''.join(lines).encode()).hexdigest()}"


@cache
def _read_folder(folder: Path) -> Mapping[str, bytes]:
    return MappingProxyType(
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }
    )
