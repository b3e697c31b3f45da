"""What the processes that share a port tell each other, so that whichever is asked answers for all:
a file for each, named after the parent that they have in common.
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from apps.delivery.measures import BUCKETS, Times
from whispercms.metrics.adding import added, lasting
from whispercms.metrics.families import BY_NAME, Number, Sample


class Shared:
    """Of one process. Raises OSError where the folder cannot be written to."""

    def __init__(self, folder: Path, parent: int, process: int) -> None:
        self._folder, self._parent = folder, parent
        self._own = folder / f"{parent}-{process}.json"
        self._inherited: list[Sample] = []
        self._written = ""

    def begin(self) -> None:
        """Clears away what is of a server that is gone, and takes over what was counted by those of
        this one that have ended."""
        self._folder.mkdir(exist_ok=True, mode=0o700)
        for path in sorted(self._folder.glob("*.json")):
            parent, process = _named(path)
            if parent != self._parent:
                if not _lives(parent):
                    path.unlink(missing_ok=True)
            elif not _lives(process) or path == self._own:
                self._inherited = added(self._inherited, self._claimed(path))

    def tell(self, samples: Iterable[Sample]) -> None:
        """Whole or not at all."""
        text = json.dumps([_told(each) for each in self.own(samples)])
        if text != self._written:
            draft = self._own.with_suffix(f".{os.getpid()}")
            draft.write_text(text)
            draft.replace(self._own)
            self._written = text

    def own(self, samples: Iterable[Sample]) -> list[Sample]:
        return added(samples, self._inherited)

    def others(self) -> list[Sample]:
        found: list[list[Sample]] = []
        for path in sorted(self._folder.glob(f"{self._parent}-*.json")):
            if path != self._own:
                samples = _read(path)
                found.append(samples if _lives(_named(path)[1]) else lasting(samples))
        return added(*found)

    def _claimed(self, path: Path) -> list[Sample]:
        """One of several that start at the same time gets it."""
        claim = path.with_suffix(f".of-{os.getpid()}")
        try:
            path.rename(claim)
        except OSError:
            return []
        samples = lasting(_read(claim))
        claim.unlink(missing_ok=True)
        return samples


def _named(path: Path) -> tuple[int, int]:
    parent, _, process = path.stem.partition("-")
    return (int(parent), int(process)) if parent.isdigit() and process.isdigit() else (0, 0)


def _lives(process: int) -> bool:
    """0 is nobody: a signal to it would go to ourselves."""
    if process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _told(sample: Sample) -> list[Any]:
    value: Any = sample.value
    if isinstance(value, Times):
        value = [list(value.counts), value.seconds]
    return [sample.family.name, list(sample.labels), value]


def _read(path: Path) -> list[Sample]:
    """What another version wrote and this one does not know is left out."""
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text())
        if isinstance(found, list):
            return list(_samples(found))
    return []


def _samples(found: list[Any]) -> Iterator[Sample]:
    for each in found:
        with suppress(KeyError, ValueError, TypeError):
            name, labels, value = each
            family = BY_NAME[name]
            if len(labels) == len(family.labels):
                yield Sample(family, tuple(str(label) for label in labels), _number(value))


def _number(value: Any) -> Number:
    if not isinstance(value, list):
        return float(value)
    counts, seconds = value
    if len(counts) != len(BUCKETS) + 1:
        raise ValueError("other buckets")
    return Times(tuple(int(each) for each in counts), float(seconds))
