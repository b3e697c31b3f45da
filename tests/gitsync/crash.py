"""`make crash RUNS=2000`: kills every operation again and again, and counts what was lost."""

import argparse
import gc
import logging
import random
import shutil
import sys
import tempfile
from pathlib import Path
from time import monotonic

import tests.conftest  # noqa: F401, as it sets Django up

PROGRESS = 50


def main(runs: int, seed: int, first: int, only: str | None) -> int:
    """The number of runs that lost something. Each can be made again by its number."""
    from apps.content.rendering import Renderer
    from apps.runtime.workers import Workers
    from tests.gitsync.harness import Harness
    from tests.gitsync.operations import OPERATIONS

    folder = Path(tempfile.mkdtemp(prefix="whispercms-crash-"))
    workers = Workers(required=False)
    lost, started = 0, monotonic()
    logging.disable()
    say(f"seed {seed}, {runs} runs")
    try:
        harness = Harness(folder, workers, Renderer(workers))
        ready = [harness.prepared(each) for each in OPERATIONS if only in (None, each.name)]
        for each in ready:
            say(f"{each.operation.name}: {len(each.whole.lines)} lines")
        for number in range(first, first + runs):
            chance = random.Random(f"{seed}-{number}")
            try:
                harness.kill(ready[number % len(ready)], chance)
            except AssertionError as error:
                lost += 1
                say(f"LOST in run {number}: {error}")
            if number % PROGRESS == 0:
                gc.collect()  # Connections of SQLite to worlds that are gone.
                say(f"run {number}, {monotonic() - started:.0f} s")
    finally:
        workers.stop()
        shutil.rmtree(folder, ignore_errors=True)
    say(f"{runs} runs, {lost} lost")
    return lost


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--first", type=int, default=1, help="number of the first run")
    parser.add_argument("--only", help="name of an operation")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    chosen = parser.parse_args()
    sys.exit(1 if main(chosen.runs, chosen.seed, chosen.first, chosen.only) else 0)
