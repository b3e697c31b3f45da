"""Answers from the cache, beside bare applications that return the same bytes on the same server,
and beside a bare Django view there."""

import html
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench import nginx, processes, servers
from bench.report import BenchError, Figure
from bench.run import Run
from bench.servers import Server
from bench.turns import Target, take_turns

FIGURES = (
    *("floor_granian", "django_granian", "hit_granian", "hit_granian_bare"),
    *("not_modified", "not_found", "refused"),
)
KIND_FIGURES = ("hit_page", "hit_compressed", "hit_list", "hit_asset")
DAPHNE_FIGURES = (
    *("floor_daphne", "django_daphne", "hit_daphne", "hit_daphne_bare"),
    *("not_modified_daphne", "refused_daphne"),
)
NGINX_FIGURES = ("nginx_static", "nginx_hit")
CONNECTIONS = (1, 100, 1000)
CONNECTION_FIGURES = tuple(
    f"{name}_{number}" for number in CONNECTIONS for name in ("hit_granian", "floor_granian")
)
FEATURES = {"WHISPERCMS_RATE_LIMITS": "/ 1000000/second", "WHISPERCMS_METRICS": "local"}
"""Everything that may be on, and no visitor comes near the limit."""
MISSING, REFUSED = "/there/is/no/such/page/", "/%00"
STYLE = re.compile(r'href="(/-/themes/[^"]+\.css)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """The site with all that may be on and with its cache alone, and the floors below it."""

    site: Server
    alone: Server
    floor: Server
    django: Server


def granian(run: Run) -> list[Figure]:
    with _granian(run) as ours:
        page = _page(run, ours.site)
        targets = {
            "floor_granian": Target(ours.floor, "/"),
            "django_granian": Target(ours.django, "/"),
            "hit_granian": page,
            "hit_granian_bare": Target(ours.alone, run.site.page),
            "not_modified": _again(page),
            "not_found": Target(ours.site, MISSING, 404),
            "refused": Target(ours.site, REFUSED, 400),
        }
        return _rates(run, targets, "floor_granian", {"not_modified": "hit_granian"})


def kinds(run: Run) -> list[Figure]:
    """Other answers from the cache, beside that of the page as it is."""
    with servers.web(run, warm(run), FEATURES, pinned=True) as site:
        page = _page(run, site)
        targets = {
            "hit_page": page,
            "hit_compressed": replace(page, headers=(("accept-encoding", "gzip, br"),)),
            "hit_list": Target(site, "/"),
            "hit_asset": Target(site, _style(page)),
        }
        return _rates(run, targets, "hit_page", {})


def daphne(run: Run) -> list[Figure]:
    with ExitStack() as stack:
        state = warm(run)
        site = stack.enter_context(servers.daphne(run, state, FEATURES, pinned=True))
        environment = run.environment(state, run.site)
        alone = servers.like(
            run,
            "daphne",
            "bench.alone:asgi",
            environment,
            path=run.site.page,
            pinned=True,
        )
        bare = _floors(run, site, "daphne", "asgi")
        ours = Servers(
            site=site,
            alone=stack.enter_context(alone),
            floor=stack.enter_context(bare["floor"]),
            django=stack.enter_context(bare["django"]),
        )
        page = _page(run, site)
        targets = {
            "floor_daphne": Target(ours.floor, "/"),
            "django_daphne": Target(ours.django, "/"),
            "hit_daphne": page,
            "hit_daphne_bare": Target(ours.alone, run.site.page),
            "not_modified_daphne": _again(page),
            "refused_daphne": Target(ours.site, REFUSED, 400),
        }
        return _rates(run, targets, "floor_daphne", {"not_modified_daphne": "hit_daphne"})


def connections(run: Run) -> list[Figure]:
    """A hit for one visitor at a time, for a hundred and for a thousand."""
    with _granian(run) as ours:
        page, floor = _page(run, ours.site), Target(ours.floor, "/")
        figures = []
        for number in CONNECTIONS:
            targets = {
                f"floor_granian_{number}": replace(floor, connections=number),
                f"hit_granian_{number}": replace(page, connections=number),
            }
            figures += _rates(run, targets, f"floor_granian_{number}", {})
        return figures


def static(run: Run) -> list[Figure]:
    """The page as a file behind nginx, where that is installed."""
    if nginx.program() is None:
        return []
    with servers.web(run, warm(run), FEATURES, pinned=True) as site:
        page = _page(run, site)
        with nginx.serving(run, page.answer().body) as server:
            targets = {"nginx_static": Target(server, nginx.PATH), "nginx_hit": page}
            return _rates(run, targets, "nginx_static", {})


def warm(run: Run) -> Path:
    """A state folder whose site is indexed and rendered: what a node is like after a minute."""
    state = run.folder / "warm"
    if not state.exists():
        state.mkdir()
        with servers.web(run, state) as server:
            processes.settle(server.process.pid)
    return state


@contextmanager
def _granian(run: Run) -> Iterator[Servers]:
    state = warm(run)
    with ExitStack() as stack:
        site = stack.enter_context(servers.web(run, state, FEATURES, pinned=True))
        environment = run.environment(state, run.site)
        alone = servers.like(
            run, "granian", "bench.alone:wsgi", environment, path=run.site.page, pinned=True
        )
        bare = _floors(run, site, "granian", "wsgi")
        yield Servers(
            site=site,
            alone=stack.enter_context(alone),
            floor=stack.enter_context(bare["floor"]),
            django=stack.enter_context(bare["django"]),
        )


def _floors(
    run: Run, site: Server, name: str, kind: str
) -> dict[str, AbstractContextManager[Server]]:
    """A bare application and a bare Django view that give the page's bytes and headers."""
    given = run.folder / f"reply-{site.port}.json"
    _page(run, site).answer().write(given)
    environment = {**run.environment(run.folder, run.site), servers.REPLY: str(given)}
    return {
        which: servers.like(run, name, f"bench.{module}:{kind}", environment, pinned=True)
        for which, module in (("floor", "floor"), ("django", "bare"))
    }


def _rates(
    run: Run, targets: Mapping[str, Target], floor: str, others: Mapping[str, str]
) -> list[Figure]:
    taken = take_turns(run, targets)
    held = {name: None if name == floor else others.get(name, floor) for name in targets}
    return [turns.rate(name, held[name]) for name, turns in taken.items()]


def _page(run: Run, site: Server) -> Target:
    return Target(site, run.site.page)


def _again(page: Target) -> Target:
    """As a browser asks that has the page. Raises BenchError where the page has no validator."""
    tag = page.answer().header("etag")
    if not tag:
        raise BenchError(f"{page.path} has no ETag")
    return replace(page, status=304, headers=(("if-none-match", tag),))


def _style(page: Target) -> str:
    found = STYLE.search(html.unescape(page.answer().body.decode()))
    if found is None:
        raise BenchError(f"{page.path} links no style sheet of a theme")
    return found[1]
