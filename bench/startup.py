"""Start-up, from nothing to the first answer: with an empty state folder, and with nothing new."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench import processes, servers
from bench.commands import manage
from bench.report import Figure
from bench.run import Run
from bench.servers import Answer
from bench.sized import sized

FIGURES = ("start_first", "start_second", "start_bare_django")
SIZES = {"1k": 1_000, "100k": 100_000}
SIZE_FIGURES = tuple(f"start_{size}" for size in SIZES)
ROUNDS = 3
GIVEN = Answer(200, b"x" * 10_000, (("content-length", "10000"),))


def measure(run: Run) -> list[Figure]:
    """Each round starts the site on an empty state folder, again on the same, and bare Django."""
    first, second, bare = [], [], []
    environment = {**run.environment(run.folder, run.site), **_given(run)}
    for _ in range(ROUNDS):
        state = run.state()
        with servers.web(run, state) as server:
            first.append(server.seconds)
        with servers.web(run, state) as server:
            second.append(server.seconds)
        with servers.like(run, "granian", "bench.bare:wsgi", environment) as server:
            bare.append(server.seconds)
    base = "start_bare_django"
    return [
        _figure("start_first", first, base, "empty state folder, cloned and indexed, to /readyz"),
        _figure("start_second", second, base, "nothing new, to /readyz"),
        _figure(base, bare, None, "one view, on the same server, to its first answer"),
    ]


def by_size(run: Run) -> list[Figure]:
    """To the first page of a site that is synced already, the two sizes by turns."""
    nodes = {size: _synced(run, count) for size, count in SIZES.items()}
    seconds: dict[str, list[float]] = {size: [] for size in SIZES}
    for _ in range(ROUNDS):
        for size, (node, state, page) in nodes.items():
            with servers.web(node, state, until=page) as server:
                seconds[size].append(server.seconds)
    return [
        _figure(
            f"start_{size}",
            seconds[size],
            None if size == "1k" else "start_1k",
            f"{count:,} documents, synced before, to the first page",
        )
        for size, count in SIZES.items()
    ]


def _synced(run: Run, count: int) -> tuple[Run, Path, str]:
    """A node whose index and renderings are complete, and the address of a page."""
    made, state = sized(run.folder, count, 1), run.state()
    node = replace(run, site=made.site)
    manage(node, state, made.site, "syncrepo")
    with servers.web(node, state) as server:
        processes.settle(server.process.pid)
    (index,) = state.rglob("index*.sqlite3")
    with sqlite3.connect(index) as database:
        asked = "SELECT url FROM document WHERE source = ?"
        (page,) = database.execute(asked, (made.site.document,)).fetchone()
    database.close()
    return node, state, page


def _given(run: Run) -> dict[str, str]:
    path = run.folder / "reply.json"
    GIVEN.write(path)
    return {servers.REPLY: str(path)}


def _figure(name: str, seconds: list[float], of: str | None, note: str) -> Figure:
    spread = f"{min(seconds):.2f} to {max(seconds):.2f} s in {len(seconds)} starts"
    return Figure(name=name, value=median(seconds), unit="s", of=of, note=f"{note}; {spread}")
