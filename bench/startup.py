"""Start-up, from nothing to the first answer: with an empty state folder, and with nothing new."""

from statistics import median

from bench import servers
from bench.report import Figure
from bench.run import Run

FIGURES = ("start_first", "start_second", "start_bare_django")
ROUNDS = 3
BODY = 10_000


def measure(run: Run) -> list[Figure]:
    """Each round starts the site on an empty state folder, again on the same, and bare Django."""
    first, second, bare = [], [], []
    for _ in range(ROUNDS):
        state = run.state()
        with servers.web(run, state) as server:
            first.append(server.seconds)
            arguments = server.server_arguments()
        with servers.web(run, state) as server:
            second.append(server.seconds)
        with servers.bare_like(run, arguments, BODY) as server:
            bare.append(server.seconds)
    base = "start_bare_django"
    return [
        _figure("start_first", first, base, "empty state folder, cloned and indexed, to /readyz"),
        _figure("start_second", second, base, "nothing new, to /readyz"),
        _figure(base, bare, None, "one view, on the same server, to its first answer"),
    ]


def _figure(name: str, seconds: list[float], of: str | None, note: str) -> Figure:
    spread = f"{min(seconds):.2f} to {max(seconds):.2f} s in {len(seconds)} starts"
    return Figure(name=name, value=median(seconds), unit="s", of=of, note=f"{note}; {spread}")
