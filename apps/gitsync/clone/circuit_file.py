"""Keeps a node's circuit breaker over restarts, in a small file that is whole or not there."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from apps.gitsync.clone.circuit import CLOSED, Circuit


def read_circuit(path: Path) -> Circuit:
    """A file that is missing or makes no sense is a closed one: then the remote is asked."""
    try:
        values = json.loads(path.read_text())
        return Circuit(int(values["failures"]), float(values["retry_at"]), str(values["code"]))
    except (OSError, ValueError, KeyError, TypeError):
        return CLOSED


def write_circuit(path: Path, circuit: Circuit) -> None:
    """Writes only what differs. Raises OSError."""
    if read_circuit(path) == circuit:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(circuit)))
    draft.replace(path)
