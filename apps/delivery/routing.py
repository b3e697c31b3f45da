"""Which theme and route answer a path: patterns built once from manifests, then only read.

Django's own URL patterns do the matching; a route that finds no content lets the next one try.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.urls.resolvers import RoutePattern

from apps.delivery.replies import URL_SAFE
from apps.extensions.registry import MountedTheme, Registry
from apps.extensions.routes import MANY, Route

PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Match:
    """A route that fits the path. `base` is the path without its `page/N/`, if it has one."""

    theme: MountedTheme
    route: Route
    params: Mapping[str, str]
    page: int
    base: str
    numbered: bool


@dataclass(frozen=True, slots=True)
class Compiled:
    route: Route
    patterns: tuple[RoutePattern, ...]


class Routes:
    """The routes of all mounted themes, the longest mount first."""

    def __init__(self, registry: Registry) -> None:
        self._themes = tuple(
            (theme, tuple(_compile(route) for route in theme.manifest.routes))
            for theme in sorted(registry.themes, key=lambda theme: -len(theme.mount))
        )
        self._terms = _term_addresses(registry)

    def theme_for(self, path: str) -> MountedTheme:
        """The theme whose mount holds the path; there is always one at `/`."""
        return next(t for t, _ in self._themes if f"{path}/".startswith(t.mount))

    def matches(self, path: str) -> Iterator[Match]:
        """Every route of the path's theme that fits, in the manifest's order."""
        theme = self.theme_for(path)
        routes = next(routes for t, routes in self._themes if t is theme)
        inner = path[len(theme.mount) :]
        for compiled in routes:
            for pattern in compiled.patterns:
                if found := pattern.match(inner):
                    yield from _match(theme, compiled.route, path, dict(found[2]))
                    break

    def term_url(self, taxonomy: str, slug: str) -> str | None:
        """Where a theme lists the documents of a term, quoted; None where no route does."""
        template = self._terms.get(taxonomy)
        return quote(template.replace("\0", slug), safe=URL_SAFE) if template else None


def _match(theme: MountedTheme, route: Route, path: str, params: dict[str, Any]) -> Iterator[Match]:
    numbered = "page" in params
    page = params.pop("page", 1)
    if 1 <= page <= PAGES:
        base = path[: path.rindex("page/")] if numbered else path
        yield Match(theme, route, {MANY: "", **params}, page, base, numbered)


def _compile(route: Route) -> Compiled:
    """`{path}` stands for any number of segments, none included; other names for one."""
    pattern = route.path.lstrip("/")
    bare = pattern.replace(f"{{{MANY}}}/", "") if f"{{{MANY}}}/" in pattern else None
    forms = [form for form in (bare, pattern) if form is not None]
    if route.query is not None:
        forms = [f"{form}page/{{page}}/" for form in forms] + forms
    return Compiled(route, tuple(RoutePattern(_django(form), is_endpoint=True) for form in forms))


def _django(pattern: str) -> str:
    converters = {MANY: "path", "page": "int"}
    parts = pattern.replace("}", "{").split("{")
    return "".join(
        f"<{converters.get(part, 'str')}:{part}>" if position % 2 else part
        for position, part in enumerate(parts)
    )


def _term_addresses(registry: Registry) -> dict[str, str]:
    """taxonomy → path with NUL for the term, from the first route that lists by it."""
    found: dict[str, str] = {}
    for theme in registry.themes:
        for route in theme.manifest.routes:
            for taxonomy, value in route.query.filters if route.query else ():
                if value.startswith("{") and value in route.path:
                    path = theme.mount + route.path.lstrip("/").replace(value, "\0")
                    found.setdefault(taxonomy, path)
    return found
