"""Which theme and route answer a path: patterns built once from manifests, then only read.

Django's own URL patterns do the matching; a route that finds no content lets the next one try.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.urls.resolvers import RoutePattern

from apps.content.queries.filling import fill
from apps.delivery.feeds import Feeds
from apps.delivery.query_keys import MARK
from apps.delivery.replies import URL_SAFE
from apps.delivery.terms import PAGE, Terms
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

    @property
    def document(self) -> str:
        """The address of the document that the route shows."""
        if self.route.document is None:
            return self.base
        # What stands for no segment at all leaves its slashes behind.
        address = re.sub("/+", "/", fill(self.route.document, self.params))
        return address if self.base.endswith("/") else address.rstrip("/")


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
        self._terms = Terms(registry)
        self._searching = tuple(
            (theme, compiled.patterns, compiled.route.search)
            for theme, routes in self._themes
            for compiled in routes
            if compiled.route.search is not None
        )
        self._has_json = any(theme.says_problems for theme in registry.themes)
        self.feeds = Feeds(registry)

    def theme_for(self, path: str) -> MountedTheme:
        """The theme whose mount holds the path; there is always one at `/`."""
        return next(t for t, _ in self._themes if f"{path}/".startswith(t.mount))

    def is_of_json(self, path: str) -> bool:
        """Whether it lies below the mount of a theme whose errors are JSON, as far as it can be
        read."""
        return self._has_json and path.startswith("/") and self.theme_for(path).says_problems

    def matches(self, path: str) -> Iterator[Match]:
        """Every route of the path's theme that fits, in the manifest's order."""
        theme = self.theme_for(path)
        if not path.startswith(theme.mount):  # It lacks the last slash.
            return
        routes = next(routes for t, routes in self._themes if t is theme)
        inner = path[len(theme.mount) :]
        for compiled in routes:
            for pattern in compiled.patterns:
                if found := pattern.match(inner):
                    yield from _match(theme, compiled.route, path, dict(found[2]))
                    break

    def keys(self, path: str) -> tuple[str, ...]:
        """What the routes of a path may read of the query (`query_keys`)."""
        if not self._searching:
            return ()
        theme = self.theme_for(path)
        inner = path[len(theme.mount) :]
        return next(
            (
                tuple(f"{MARK}{key}" for key in search.keys)
                for of, patterns, search in self._searching
                if of is theme and any(pattern.match(inner) for pattern in patterns)
            ),
            (),
        )

    def term_url(self, taxonomy: str, slug: str) -> str | None:
        """Where a theme lists the documents of a term, quoted; None where no route does."""
        url = self._terms.url(taxonomy, slug)
        return quote(url, safe=URL_SAFE) if url else None


def _match(theme: MountedTheme, route: Route, path: str, params: dict[str, Any]) -> Iterator[Match]:
    numbered = "page" in params
    page = params.pop("page", 1)
    if not 1 <= page <= PAGES:
        return
    if PAGE in route.variables:
        base, numbered = path, False
        written = theme.mount + fill(route.path.lstrip("/"), {**params, PAGE: str(page)})
    else:
        base = path[: path.rindex("page/")] if numbered else path
        written = f"{base}page/{page}/" if numbered else path
    if path == written:  # A number has one way to be written.
        yield Match(theme, route, {MANY: "", **params}, page, base, numbered)


def _compile(route: Route) -> Compiled:
    """`{path}` stands for any number of segments, none included; other names for one."""
    pattern = route.path.lstrip("/")
    bare = pattern.replace(f"{{{MANY}}}/", "") if f"{{{MANY}}}/" in pattern else None
    forms = [form for form in (bare, pattern) if form is not None]
    if route.query is not None and route.path.endswith("/") and PAGE not in route.variables:
        forms = [f"{form}page/{{page}}/" for form in forms] + forms
    return Compiled(route, tuple(RoutePattern(_django(form), is_endpoint=True) for form in forms))


def _django(pattern: str) -> str:
    converters = {MANY: "path", PAGE: "int"}
    parts = pattern.replace("}", "{").split("{")
    return "".join(
        f"<{converters.get(part, 'str')}:{part}>" if position % 2 else part
        for position, part in enumerate(parts)
    )
