"""The row that says which commit the index is of; a sync moves it last."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from apps.content.configuration import Configuration, read_configuration
from apps.content.entries import MODULUS, row_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Which commit the index is of, and what its rows were read with.

    `configuration` is the text of `config.toml`, `others` what other systems' configuration files
    hold, with their blobs, as JSON by path, `names` the top folder's entries, `digest` the
    sum of all row digests as hexadecimal digits, `basis` what decided beside the commit's policies,
    `committed` the commit's own time, in seconds since 1970.
    """

    commit_id: str
    branch: str
    configuration: str
    names: str
    renderer: str
    digest: str
    basis: str = ""
    committed: int = 0
    others: str = ""

    def site_configuration(self) -> Configuration:
        """The configuration that the rows were read with."""
        names = frozenset(self.names.split("\n"))
        return read_configuration(self.configuration or None, names, foreign_values(self.others))

    def public_digest(self) -> str:
        """What two indexes of one commit must agree on, whatever way they were built."""
        own = row_digest(_Identity(self.configuration, self.names, self.renderer, self.others))
        return f"sha256:{(int(self.digest, 16) + own) % MODULUS:064x}"


def foreign_values(others: str) -> dict[str, Mapping[str, Any]]:
    """By path, of what the pointer keeps."""
    kept = json.loads(others) if others else {}
    return {path: each["values"] for path, each in kept.items()}


def read_pointer(connection: sqlite3.Connection) -> Pointer | None:
    """None before the first commit was applied."""
    names = ", ".join(f.name for f in fields(Pointer))
    row = connection.execute(f"SELECT {names} FROM pointer").fetchone()  # noqa: S608
    values = dict(zip(names.split(", "), row, strict=True)) if row else None
    return Pointer(**values) if values else None


@dataclass(frozen=True, slots=True)
class _Identity:
    configuration: str
    names: str
    renderer: str
    others: str
