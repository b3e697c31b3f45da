"""`python -m bench [NAME ...]`: measures, prints a table and writes `build/bench.json`.

Without a name the few that `make bench` is for; `all` is everything."""

import platform
import signal
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench import (
    beside,
    deciding,
    document,
    extensions,
    features,
    hits,
    misses,
    mixed,
    policy,
    releases,
    resting,
    searching,
    startup,
    sync_cost,
    syncing,
    targets,
    writing,
)
from bench.load import CONNECTIONS, ROOT, generator
from bench.report import BenchError, Figure, table, write
from bench.run import QUICK_ROUNDS, ROUNDS, Run, new_run


@dataclass(frozen=True, slots=True)
class Measurement:
    """What is measured together, and the names of the figures that come of it."""

    name: str
    measure: Callable[[Run], list[Figure]]
    figures: tuple[str, ...]


MEASUREMENTS = (
    Measurement("hits", hits.granian, hits.FIGURES),
    Measurement("hits_daphne", hits.daphne, hits.DAPHNE_FIGURES),
    Measurement("kinds", hits.kinds, hits.KIND_FIGURES),
    Measurement("connections", hits.connections, hits.CONNECTION_FIGURES),
    Measurement("servers", beside.measure, beside.FIGURES),
    Measurement("static", hits.static, hits.NGINX_FIGURES),
    Measurement("misses", misses.rates, misses.FIGURES),
    Measurement("miss_plugins", misses.plugins, misses.PLUGIN_FIGURES),
    Measurement("mixed", mixed.measure, mixed.FIGURES),
    Measurement("memory", resting.measure, resting.FIGURES),
    Measurement("startup", startup.measure, startup.FIGURES),
    Measurement("startup_by_size", startup.by_size, startup.SIZE_FIGURES),
    Measurement("features", features.measure, features.FIGURES),
    Measurement("syncing", syncing.measure, syncing.FIGURES),
    Measurement("sync_cost", sync_cost.measure, sync_cost.FIGURES),
    Measurement("releases", releases.measure, releases.FIGURES),
    Measurement("searching", searching.measure, searching.FIGURES),
    Measurement("writing", writing.measure, writing.FIGURES),
    Measurement("policy", deciding.measure, deciding.FIGURES),
    Measurement("policy_site", policy.measure, policy.FIGURES),
    Measurement("workers", extensions.workers, extensions.WORKER_FIGURES),
    Measurement("burner", extensions.burner, extensions.BURNER_FIGURES),
)
QUICK = ("hits", "hits_daphne", "misses", "miss_plugins", "features")
"""What `make bench` measures; it is to take less than three minutes."""
ALL = "all"
RESULTS = ROOT / "build" / "bench.json"


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 when a measurement could not be made."""
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    names = ", ".join(each.name for each in MEASUREMENTS)
    said = f"{names}, a figure of theirs, or {ALL}"
    parser.add_argument("names", nargs="*", metavar="NAME", help=said, default=QUICK)
    parser.add_argument("--document", action="store_true", help="write docs/performance.md as well")
    given = parser.parse_args(arguments)
    chosen = _chosen(parser, given.names)
    # A terminated run ends its servers on the way out, as an interrupted one does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    start, figures, failures = time.perf_counter(), list[Figure](), list[str]()
    is_quick = tuple(given.names) == QUICK
    with new_run(QUICK_ROUNDS if is_quick else ROUNDS) as run:
        for measurement in chosen:
            _measure(measurement, run, figures, failures)
        _print(run, figures, failures, time.perf_counter() - start)
    write(figures, RESULTS)
    if given.document:
        document.write(figures, _command(given))
    return 1 if failures else 0


def _chosen(parser: ArgumentParser, names: Sequence[str]) -> list[Measurement]:
    """A figure brings those that are measured with it, since it is held against them."""
    known = {name for each in MEASUREMENTS for name in (each.name, *each.figures)}
    if unknown := sorted(set(names) - known - {ALL}):
        parser.error(f"no such measurement: {', '.join(unknown)}")
    wanted = known if ALL in names else set(names)
    return [each for each in MEASUREMENTS if wanted & {each.name, *each.figures}]


def _command(given: Namespace) -> str:
    names = () if tuple(given.names) == QUICK else given.names
    return " ".join(("python -m bench", *names, "--document"))


def _measure(
    measurement: Measurement, run: Run, figures: list[Figure], failures: list[str]
) -> None:
    print(f"{measurement.name} …", file=sys.stderr, flush=True)
    try:
        figures += measurement.measure(run)
    except BenchError as error:
        failures.append(f"{measurement.name}: {error}")


def _print(run: Run, figures: list[Figure], failures: list[str], seconds: float) -> None:
    print(table(figures))
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    made = f"{CONNECTIONS} connections made by {generator()}"
    print(f"\n{system}; {made}; {run.cores}; {seconds:.0f} s")
    print(f"\n{targets.told(figures)}")
    for failure in failures:
        print(f"\nnot measured: {failure}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
