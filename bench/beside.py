"""The same answer from the cache behind each server that is installed, beside a bare application
there."""

from contextlib import ExitStack

from bench import servers
from bench.hits import warm
from bench.report import Figure
from bench.run import Run
from bench.turns import Target, take_turns
from whispercms.servers import SERVERS, WSGI

FIGURES = tuple(f"{kind}_behind_{name}" for name in SERVERS for kind in ("hit", "floor"))
FIRST = "hit_behind_granian"


def measure(run: Run) -> list[Figure]:
    state, targets = warm(run), dict[str, Target]()
    with ExitStack() as stack:
        for name, server in SERVERS.items():
            if not server.is_installed():
                continue
            environment = run.environment(state, run.site)
            site = stack.enter_context(
                servers.like(
                    *(run, name, server.application, environment), path=servers.READY, pinned=True
                )
            )
            targets[f"hit_behind_{name}"] = Target(site, run.site.page)
            given = run.folder / f"reply-{site.port}.json"
            targets[f"hit_behind_{name}"].answer().write(given)
            kind = "wsgi" if server.application == WSGI else "asgi"
            bare = {**run.environment(run.folder, run.site), servers.REPLY: str(given)}
            floor = servers.like(run, name, f"bench.floor:{kind}", bare, pinned=True)
            targets[f"floor_behind_{name}"] = Target(stack.enter_context(floor), "/")
        taken = take_turns(run, targets)
    return [turns.rate(name, None if name == FIRST else FIRST) for name, turns in taken.items()]
