"""All that one commit needs to be served: frozen, and swapped as a whole when the site moves on."""

from dataclasses import dataclass
from pathlib import Path

from apps.content.configuration import Configuration
from apps.content.files import ContentFiles
from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.delivery.context import SiteContext, quoted
from apps.delivery.observation import Observing
from apps.delivery.routing import Routes
from apps.extensions.containment.containment import Containment
from apps.extensions.loading import load
from apps.extensions.registry import Registry
from apps.policy.rules import VISITOR, readable
from apps.runtime.workers import Workers

FEED = "application/atom+xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One commit of the site with its extensions, routes and settings."""

    commit: str
    branch: str
    registry: Registry
    routes: Routes
    context: SiteContext
    observing: Observing
    files: ContentFiles
    containment: Containment


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


def load_served(node: Node, before: Registry | None) -> Served:
    """Builds everything that requests only read. Workers of unchanged extensions are kept.

    Raises NothingServed or ExtensionsUnusable.
    """
    pointer = node.index.pointer()
    if pointer is None:
        raise NothingServed("the index is empty")
    configuration = pointer.site_configuration()
    registry = load(
        configuration,
        node.index.kept(),
        workers=node.workers,
        bundled=node.bundled,
        before=before,
    )
    node.containment.loaded(registry.new_since(before))
    routes = Routes(registry)
    return Served(
        commit=pointer.commit_id,
        branch=pointer.branch,
        registry=registry,
        routes=routes,
        context=_context(configuration, registry, node.index),
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


def _context(configuration: Configuration, registry: Registry, index: Index) -> SiteContext:
    with index.snapshot(lambda *_: None) as reader:
        home = reader.document("/", "")
        sections = reader.sections(readable(VISITOR))
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
