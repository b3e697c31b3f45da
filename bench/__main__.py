"""`python -m bench [NAME ...]`: measures, prints a table and writes `build/bench.json`."""

import platform
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench import deciding, extensions, policy, releases, serving, startup, sync_cost, syncing
from bench.load import CONNECTIONS, ROOT, generator
from bench.report import BenchError, Figure, table, write
from bench.run import Run, new_run


@dataclass(frozen=True, slots=True)
class Measurement:
    """What is measured together, and the names of the figures that come of it."""

    name: str
    measure: Callable[[Run], list[Figure]]
    figures: tuple[str, ...]


MEASUREMENTS = (
    Measurement("startup", startup.measure, startup.FIGURES),
    Measurement("syncing", syncing.measure, syncing.FIGURES),
    Measurement("sync_cost", sync_cost.measure, sync_cost.FIGURES),
    Measurement("releases", releases.measure, releases.FIGURES),
    Measurement("policy", deciding.measure, deciding.FIGURES),
    Measurement("policy_site", policy.measure, policy.FIGURES),
    Measurement("serving", serving.wsgi, serving.FIGURES),
    Measurement("serving_asgi", serving.asgi, serving.ASGI_FIGURES),
    Measurement("plugins", extensions.plugins, extensions.FIGURES),
    Measurement("workers", extensions.workers, extensions.WORKER_FIGURES),
    Measurement("burner", extensions.burner, extensions.BURNER_FIGURES),
)
RESULTS = ROOT / "build" / "bench.json"


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 when a measurement could not be made."""
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    names = ", ".join(each.name for each in MEASUREMENTS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{names}, or a figure of theirs")
    chosen = _chosen(parser, parser.parse_args(arguments).names)
    # A terminated run ends its servers on the way out, as an interrupted one does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    start, figures, failures = time.perf_counter(), list[Figure](), list[str]()
    with new_run() as run:
        for measurement in chosen:
            _measure(measurement, run, figures, failures)
        _print(run, figures, failures, time.perf_counter() - start)
    write(figures, RESULTS)
    return 1 if failures else 0


def _chosen(parser: ArgumentParser, names: Sequence[str]) -> list[Measurement]:
    """A figure brings those that are measured with it, since it is held against them."""
    known = {name for each in MEASUREMENTS for name in (each.name, *each.figures)}
    if unknown := sorted(set(names) - known):
        parser.error(f"no such measurement: {', '.join(unknown)}")
    wanted = set(names) or known
    return [each for each in MEASUREMENTS if wanted & {each.name, *each.figures}]


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
    for failure in failures:
        print(f"\nnot measured: {failure}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
