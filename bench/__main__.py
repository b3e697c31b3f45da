"""`python -m bench [NAME ...]`: measures, prints a table and writes `build/bench.json`."""

import platform
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence

from bench import serving, startup, syncing
from bench.load import CONNECTIONS, ROOT, generator
from bench.report import BenchError, Figure, table, write
from bench.run import Run, new_run

MEASUREMENTS: Mapping[str, Callable[[Run], list[Figure]]] = {
    "startup": startup.measure,
    "syncing": syncing.measure,
    "serving": serving.wsgi,
    "serving_asgi": serving.asgi,
}
RESULTS = ROOT / "build" / "bench.json"


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 when a measurement could not be made."""
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    names = parser.parse_args(arguments).names or list(MEASUREMENTS)
    if unknown := sorted(set(names) - set(MEASUREMENTS)):
        parser.error(f"no such measurement: {', '.join(unknown)}")
    # A terminated run ends its servers on the way out, as an interrupted one does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    start, figures, failures = time.perf_counter(), list[Figure](), list[str]()
    with new_run() as run:
        for name in names:
            _measure(name, run, figures, failures)
        _print(run, figures, failures, time.perf_counter() - start)
    write(figures, RESULTS)
    return 1 if failures else 0


def _measure(name: str, run: Run, figures: list[Figure], failures: list[str]) -> None:
    print(f"{name} …", file=sys.stderr, flush=True)
    try:
        figures += MEASUREMENTS[name](run)
    except BenchError as error:
        failures.append(f"{name}: {error}")


def _print(run: Run, figures: list[Figure], failures: list[str], seconds: float) -> None:
    print(table(figures))
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    made = f"{CONNECTIONS} connections made by {generator()}"
    print(f"\n{system}; {made}; {run.cores}; {seconds:.0f} s")
    for failure in failures:
        print(f"\nnot measured: {failure}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
