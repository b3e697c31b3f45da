"""Where themes list the documents of a term. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apps.content.queries.filling import VARIABLE, fill
from apps.extensions.registry import MountedTheme, Registry
from apps.extensions.routes import Route

PAGE: Final = "page"
"""The variable that is the number of a list's page."""
HTML: Final = "text/html"
ANY: Final = ""


@dataclass(frozen=True, slots=True)
class TermAddress:
    """A route that lists by a taxonomy, or by any; `path` has the variables `names`."""

    taxonomy: str
    path: str
    names: tuple[str, str]

    def of(self, taxonomy: str, slug: str) -> str | None:
        """None for another taxonomy."""
        if self.taxonomy not in (ANY, taxonomy):
            return None
        return fill(self.path, dict(zip(self.names, (taxonomy, slug), strict=True)))


def term_address(theme: MountedTheme, route: Route) -> TermAddress | None:
    """Of a route whose only variables are a term and its taxonomy."""
    listed = route.query.term if route.query else None
    if listed is None:
        return None
    taxonomy, term = (VARIABLE.fullmatch(each) for each in listed)
    named = {each[1] for each in (taxonomy, term) if each}
    if term is None or route.variables - {PAGE} != named:
        return None
    path = theme.mount + route.path.lstrip("/")
    names = (taxonomy[1] if taxonomy else "", term[1])
    return TermAddress(ANY if taxonomy else listed[0], path, names)


class Terms:
    """Where terms are listed for people: by taxonomy, the first route that there is."""

    def __init__(self, registry: Registry) -> None:
        self._addresses = tuple(_addresses(registry))

    def url(self, taxonomy: str, slug: str) -> str | None:
        """Not quoted."""
        found = (address.of(taxonomy, slug) for address in self._addresses)
        return next((url for url in found if url), None)


def _addresses(registry: Registry) -> Iterator[TermAddress]:
    """Those of one taxonomy first, for they say more."""
    found = [
        address
        for theme in registry.themes
        for route in theme.manifest.routes
        if route.content_type.startswith(HTML) and (address := term_address(theme, route))
    ]
    return iter(sorted(found, key=lambda address: address.taxonomy == ANY))
