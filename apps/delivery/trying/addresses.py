"""Every address of a site that may have a page: documents, sections, terms, and fixed routes."""

from collections.abc import Iterator

from apps.content.catalogue import Catalogue
from apps.content.queries.filling import fill
from apps.delivery.observation import Observation
from apps.delivery.quoting import quoted
from apps.delivery.terms import PAGE, term_address
from apps.extensions.registry import MountedTheme, Registry
from apps.extensions.routes import MANY, Route

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
    path = theme.mount + route.path.lstrip("/")
    if not route.variables - {MANY, PAGE}:
        yield fill(path.replace(f"{{{MANY}}}/", ""), {PAGE: "1"})
    if MANY in route.variables and route.query and route.query.section:
        yield from (fill(path, {MANY: section}) for section in known.sections)
    if route.terms is not None:
        yield from (fill(path, dict.fromkeys(route.variables, name)) for name, _ in known.terms)
    if route.document is not None and route.variables == {MANY}:
        yield from (f"{theme.mount}{url[1:]}" for url in known.urls if url != "/")
    if address := term_address(theme, route):
        yield from (url for term in known.terms if (url := address.of(*term)))


def further(observation: Observation) -> Iterator[str]:
    """The other pages of a list, told on its first one."""
    found = observation.found
    if found and found.match and found.listing and found.listing.page == 1:
        match = found.match
        pattern = match.theme.mount + match.route.path.lstrip("/")
        is_numbered = PAGE in match.route.variables
        for number in range(2, found.listing.pages + 1):
            if is_numbered:
                yield fill(pattern, {**match.params, PAGE: str(number)})
            elif match.base.endswith("/"):
                yield f"{match.base}page/{number}/"


def shown(path: str) -> str:
    return quoted(path)
