"""All that one commit needs to be served: frozen, and swapped as a whole when the site moves on."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from apps.content.configuration import Configuration
from apps.content.files import ContentFiles
from apps.content.index import Index
from apps.content.pointer import Pointer
from apps.content.rendering import Renderer
from apps.delivery.context import SiteContext, quoted
from apps.delivery.observation import CommitMoved, Observing
from apps.delivery.routing import Routes
from apps.extensions.authority import rules_in
from apps.extensions.containment.containment import Containment
from apps.extensions.loading import load
from apps.extensions.registry import Registry
from apps.policy.rules import Rules
from apps.runtime.workers import Workers

ATTEMPTS = 3
FEED = "application/atom+xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One commit of the site with its extensions, routes and settings."""

    commit: str
    branch: str
    registry: Registry
    rules: Rules
    routes: Routes
    context: SiteContext
    observing: Observing
    files: ContentFiles
    containment: Containment

    def is_as(self, other: "Served") -> bool:
        """Whether a visitor could not tell them apart."""
        mine = (self.commit, self.branch, self.registry.digest)
        return mine == (other.commit, other.branch, other.registry.digest)

    def become_current(self, before: "Served | None") -> None:
        """Extensions that are others than before begin without credit."""
        registry = before.registry if before else None
        self.containment.loaded(self.registry.new_since(registry))


class NothingServed(Exception):
    """The index is of no commit yet."""

    remedy = "Run manage.py syncrepo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What a process needs to serve whatever commit the index is of."""

    index: Index
    files: ContentFiles
    renderer: Renderer
    workers: Workers
    bundled: Path
    containment: Containment
    pinned: bool = True
    """No extension of the site runs whose bytes nobody has accepted."""


def load_served(node: Node, before: Registry | None) -> Served:
    """Builds everything that requests only read. Workers of unchanged extensions are kept.

    Raises NothingServed, ExtensionsUnusable, or CommitMoved where syncs come too fast.
    """
    for _ in range(ATTEMPTS):
        pointer, kept = node.index.pointer_and_kept()
        if pointer is None:
            raise NothingServed("the index is empty")
        with suppress(CommitMoved):
            return assemble(node, pointer, pointer.site_configuration(), kept, before)
    raise CommitMoved


def assemble(
    node: Node,
    pointer: Pointer,
    configuration: Configuration,
    kept: Mapping[str, bytes],
    before: Registry | None,
) -> Served:
    """The documents of the index with these extensions, settings and policies. Raises
    ExtensionsUnusable, and CommitMoved where the index is of another commit by now; then no worker
    is left of it."""
    registry = load(
        configuration,
        kept,
        workers=node.workers,
        bundled=node.bundled,
        before=before,
        pinned=node.pinned,
    )
    try:
        return _served(node, pointer, configuration, kept, registry)
    except BaseException:
        registry.discard(before)
        raise


def _served(
    node: Node,
    pointer: Pointer,
    configuration: Configuration,
    kept: Mapping[str, bytes],
    registry: Registry,
) -> Served:
    routes = Routes(registry)
    return Served(
        commit=pointer.commit_id,
        branch=pointer.branch,
        registry=registry,
        rules=rules_in(kept),
        routes=routes,
        context=_context(configuration, registry, node.index, pointer),
        observing=Observing(
            index=node.index,
            commit=pointer.commit_id,
            routes=routes,
            renderer=node.renderer,
            root=configuration.root,
            headers=registry.headers(),
        ),
        files=node.files,
        containment=node.containment,
    )


def _context(
    configuration: Configuration, registry: Registry, index: Index, pointer: Pointer
) -> SiteContext:
    """Raises CommitMoved: what is shown on every page is of the commit that the pages are of."""
    with index.snapshot(lambda *_: None) as reader:
        if reader.commit() != pointer.commit_id:
            raise CommitMoved
        home = reader.document("/", "")
        sections = reader.sections()
    menu = [{"title": s.title, "url": quoted(s.url)} for s in sections if "/" not in s.section]
    values = {
        "title": configuration.title or (home.title if home else "") or "Untitled site",
        "description": configuration.description or (home.description if home else ""),
        "base_url": configuration.base_url,
        "language": configuration.language,
        "sections": menu,
        "feed_url": _feed(registry),
    }
    return SiteContext(values, {s.section: (s.title, s.url) for s in sections})


def _feed(registry: Registry) -> str | None:
    mounts = (
        theme.mount
        for theme in registry.themes
        for route in theme.manifest.routes
        if route.content_type.startswith(FEED) and route.path == "/"
    )
    return next(mounts, None)
