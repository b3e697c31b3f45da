"""Containments on a real database, in this process and in others."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from apps.extensions.containment.containment import Containment
from apps.extensions.containment.store import DatabaseStore
from tests.sites import ROOT

PATIENCE = 10.0
OTHER = """
import json, sys, django
django.setup()
from apps.extensions.containment.breaker import Cause
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.containment.containment import Containment
containment = Containment(DatabaseStore(sys.argv[1]))
containment.start()
print("ready", flush=True)
for line in sys.stdin:
    name, *values = json.loads(line)
    if name == "failed":
        values[1] = Cause(values[1])
    said = getattr(containment, name)(*values)
    print(json.dumps(said if isinstance(said, bool) else None), flush=True)
"""


class Clock:
    """Stands until it is moved."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class OtherProcess:
    """A containment in a process of its own, with the same database."""

    def __init__(self, site: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", OTHER, site],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        assert self._process.stdout and self._process.stdout.readline() == "ready\n"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(self, name: str, *values: Any) -> Any:
        """Calls a method of the other's containment."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps([name, *values]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def new_site() -> str:
    return uuid4().hex[:12]


@contextmanager
def following(site: str, clock: Callable[[], float] | None = None) -> Iterator[Containment]:
    store = DatabaseStore(site)
    made = Containment(store, clock) if clock else Containment(store)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def becomes_true(ask: Callable[[], object]) -> bool:
    """At once, or in the time that a loaded machine may take."""
    deadline = monotonic() + PATIENCE
    while not ask():
        if monotonic() > deadline:
            return False
        sleep(0.01)
    return True
