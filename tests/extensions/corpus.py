"""Runs hostile programs through the real path: parent, frames, confined worker, Lua.

`python -m tests.extensions.corpus FOLDER` tries every program of a folder and says how many passed.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.extensions.proposals import decode_proposals
from apps.runtime.faults import WorkerFault, WorkerTimeout
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import WorkerPool, Workers

# The kernel counts CPU time; the wall is roomy, since the machine may be busy with other tests.
LIMITS = Limits(cpu_seconds=0.2, wall_seconds=1.0)
GRACE = 0.1
SEED = "c0ffee" * 8
EVENT = {
    "req": {"method": "GET", "path": "/", "headers": {"accept": "*/*"}},
    "content": {"meta": {"title": "T"}, "words": 3},
    "resp": {"status": 200},
}
PROBE = "local event = ... return event.req.path .. #event.content.meta.title"
CLASSES = {
    "ok": "ok-isolated",
    "error": "denied",
    "denied": "denied",
    "budget": "timeout",
    "memory": "memory",
    "bad-result": "bad-result",
}
CAPABILITIES = ("propose:metadata", "propose:status", "propose:header", "propose:transform")


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    source: str
    allowed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Run:
    """One call: its class, everything that came out of it, and how long it took."""

    kind: str
    answer: Any
    seconds: float


def read_cases(folder: Path) -> Iterator[Case]:
    """In the manifest's order. A program's first line says what it attempts."""
    for line in (folder / "MANIFEST.tsv").read_text().splitlines()[1:]:
        if not line.strip():
            continue
        name, expected, also = (cell.strip() for cell in f"{line}\t-\t-".split("\t")[:3])
        source = (folder / name).read_bytes().decode("utf-8", "replace")
        yield Case(name, source, frozenset({expected, *also.replace(" ", "").split(",")}))


def failures(workers: Workers, case: Case) -> list[str]:
    """Why the case did not pass; empty when it did."""
    runs, probed = _attempt(workers, case.source)
    found = [
        f"{run.kind}, allowed {sorted(case.allowed)}"
        for run in runs
        if run.kind not in case.allowed
    ]
    found += [
        f"took {run.seconds:.3f} s" for run in runs if run.seconds > LIMITS.wall_seconds + GRACE
    ]
    said = repr([run.answer for run in runs])
    found += [word for word in ("ESCAPED", "LEAK") if word in said]
    if len({repr(run.answer) for run in runs if run.kind == "ok-isolated"}) > 1:
        found.append(f"differs between runs: {said[:500]}")
    if probed != ("ok-isolated", "/1"):
        found.append(f"the probe afterwards: {probed}")
    return found


def _attempt(workers: Workers, source: str) -> tuple[list[Run], tuple[str, Any]]:
    """Twice in one worker and once in a fresh one; then a harmless program."""
    with closing(_pool(workers, source)) as pool, closing(_pool(workers, source)) as fresh:
        runs = [_run(pool), _run(pool), _run(fresh)]
    with closing(_pool(workers, PROBE)) as pool:
        probe = _run(pool)
    return runs, (probe.kind, probe.answer.get("result"))


def _pool(workers: Workers, source: str) -> WorkerPool:
    setup = {"id": "hostile", "form": "function", "source": source, "settings": {}}
    setup |= {"capabilities": CAPABILITIES, "seed": SEED, "budget": {}}
    spec = WorkerSpec(
        name="hostile",
        entry="apps.extensions.sandbox.lua_worker",
        setup={"plugins": [setup]},
        limits=LIMITS,
    )
    pool = workers.pool(spec)
    with suppress(WorkerFault):  # The call says so again.
        pool.warm()
    return pool


def _run(pool: WorkerPool) -> Run:
    started = time.monotonic()
    try:
        reply = pool.call({"calls": [{"plugin": "hostile", "event": EVENT}]})["replies"][0]
    except WorkerTimeout:
        return Run("timeout", {}, time.monotonic() - started)
    except WorkerFault as fault:
        return Run(f"attack: {fault}", {}, time.monotonic() - started)
    seconds = time.monotonic() - started
    _, problems = decode_proposals(reply["proposals"])
    kind = "bad-result" if problems else CLASSES[reply["outcome"]]
    return Run(kind, reply, seconds)


def main(folder: str) -> int:
    workers = Workers()
    passed = failed = 0
    try:
        for case in read_cases(Path(folder)):
            reasons = failures(workers, case)
            passed, failed = passed + (not reasons), failed + bool(reasons)
            if reasons:
                sys.stdout.write(f"{case.name}: {'; '.join(reasons)}\n")
    finally:
        workers.stop()
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
