"""Every address of a site that may have a page: documents, sections, terms, and fixed routes."""

from collections.abc import Iterator

from apps.content.catalogue import Catalogue
from apps.delivery.context import quoted
from apps.extensions.registry import MountedTheme, Registry
from apps.extensions.routes import MANY, Route, fill

MISSING = "/there-is-no-such-page/"
"""Plugins are told of pages that are not there as well."""


def addresses(known: Catalogue, *registries: Registry) -> list[str]:
    """Decoded paths, each once, in their order. Further pages of lists are found on the first."""
    found = {*known.urls, *(f"/{section}/" for section in known.sections), "/", MISSING}
    for registry in registries:
        for theme in registry.themes:
            for route in theme.manifest.routes:
                found.update(_of_route(theme, route, known))
    return sorted(found)


def _of_route(theme: MountedTheme, route: Route, known: Catalogue) -> Iterator[str]:
    """Those that the route alone tells."""
    pattern = theme.mount + route.path.lstrip("/")
    variables = route.variables - {MANY}
    pattern = pattern.replace(f"{{{MANY}}}/", "")
    if not variables:
        yield pattern
    for taxonomy, value in route.query.filters if route.query else ():
        if len(variables) == 1 and value == f"{{{next(iter(variables))}}}":
            name = value.strip("{}")
            yield from (fill(pattern, {name: slug}) for t, slug in known.terms if t == taxonomy)


def shown(path: str) -> str:
    return quoted(path)
