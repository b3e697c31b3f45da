"""Where a site's feeds are: for pages to name, and for readers who look elsewhere. Pure."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from apps.content.queries.filling import fill
from apps.delivery.replies import URL_SAFE
from apps.delivery.terms import TermAddress, term_address
from apps.extensions.registry import MountedTheme, Registry
from apps.extensions.routes import MANY, Route

ATOM, RSS, JSON = "application/atom+xml", "application/rss+xml", "application/feed+json"
TYPES: Final = (ATOM, RSS, JSON)
HABITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("atom.xml", "feed.xml", "feed.atom"), ATOM),
        **dict.fromkeys(("index.xml", "rss.xml", "rss", "feed.rss", "feed"), RSS),
        **dict.fromkeys(("feed.json", "index.json"), JSON),
    }
)
"""How other systems call a feed that stands beside the page that it is of."""

Feed = tuple[str, str]
"""Content type and address."""


class Feeds:
    """Those of all mounted themes, by what they are of; Atom first."""

    def __init__(self, registry: Registry) -> None:
        routes = sorted(_routes(registry), key=lambda each: TYPES.index(each[0]))
        self._site: list[Feed] = []
        self._sections: list[Feed] = []
        self._terms: list[tuple[str, TermAddress]] = []
        for type_, theme, route in routes:
            self._take(type_, theme, route)

    def of_site(self) -> list[Feed]:
        return _quoted(self._site)

    def of_section(self, section: str) -> list[Feed]:
        return _quoted(self._in_section(section))

    def of_term(self, taxonomy: str, slug: str) -> list[Feed]:
        return _quoted(self._of_term(taxonomy, slug))

    def habitual(self, path: str) -> list[str]:
        """Where what another system has at `path` could be, not quoted. It may be of nothing."""
        above, _, name = path.rstrip("/").rpartition("/")
        if (wanted := HABITS.get(name)) is None:
            return []
        parts = above.strip("/").split("/") if above else []
        found = self._of_term(*parts) if len(parts) == 2 else []
        found += self._in_section("/".join(parts)) if parts else self._site
        return [address for type_, address in found if type_ == wanted and address != path]

    def _take(self, type_: str, theme: MountedTheme, route: Route) -> None:
        path = theme.mount + route.path.lstrip("/")
        if address := term_address(theme, route):
            self._terms.append((type_, address))
        elif not route.variables:
            self._site.append((type_, path))
        elif route.variables == {MANY} and route.query and _is_of_section(theme, route):
            self._sections.append((type_, path))

    def _in_section(self, section: str) -> list[Feed]:
        return [(type_, fill(path, {MANY: section})) for type_, path in self._sections]

    def _of_term(self, taxonomy: str, slug: str) -> list[Feed]:
        found = ((type_, address.of(taxonomy, slug)) for type_, address in self._terms)
        return [(type_, address) for type_, address in found if address]


def _routes(registry: Registry) -> Iterator[tuple[str, MountedTheme, Route]]:
    for theme in registry.themes:
        for route in theme.manifest.routes:
            if (type_ := route.content_type.partition(";")[0]) in TYPES:
                yield type_, theme, route


def _is_of_section(theme: MountedTheme, route: Route) -> bool:
    """Whose path is that of the section from the site's front page on."""
    section = route.query.section if route.query else None
    return section == f"/{{{MANY}}}" or (section == f"{{{MANY}}}" and theme.mount == "/")


def _quoted(feeds: list[Feed]) -> list[Feed]:
    return [(type_, quote(address, safe=URL_SAFE)) for type_, address in feeds]
