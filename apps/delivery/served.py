"""All that one commit needs to be served: frozen, and swapped as a whole when the site moves on."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from time import time

from apps.content.configuration import Configuration
from apps.content.files import ContentFiles
from apps.content.images.bounds import SHELF_BYTES
from apps.content.images.library import library
from apps.content.index import Index
from apps.content.pointer import Pointer
from apps.content.rendering import Renderer
from apps.content.shelf import Shelf
from apps.delivery import sitewide
from apps.delivery.context import SiteContext
from apps.delivery.observation import CommitMoved, Observing
from apps.delivery.pictures import Pictures
from apps.delivery.renditions import Renditions
from apps.delivery.routing import Routes
from apps.extensions.containment.containment import Containment
from apps.extensions.loading import load
from apps.extensions.registry import Registry
from apps.runtime.workers import Workers

ATTEMPTS = 3
RESPONSES = 2
"""Raise it with any change of ours that answers something else to the same request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One commit of the site with its extensions, routes and settings, until a moment (in seconds
    since 1970) shows more of it. `modified` is when the commit was made or a moment showed more of
    it, as far as it is known."""

    commit: str
    modified: int | None
    branch: str
    configuration: Configuration
    registry: Registry
    routes: Routes
    context: SiteContext
    until: float
    observing: Observing
    files: ContentFiles
    renditions: Renditions
    containment: Containment
    token: object = field(default_factory=object, compare=False)
    """Another one for each commit, version and moment that was loaded here."""
    made_by: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "made_by", _made_by(self))

    def renewed(self, clock: float) -> "Served":
        """The same at a later moment. Raises CommitMoved."""
        index = self.observing.index
        context, epoch = sitewide.read(self.configuration, self.registry, index, self.commit, clock)
        observing = replace(self.observing, now=epoch.now)
        return replace(
            self,
            modified=_modified(self.modified or 0, epoch),
            context=context,
            until=epoch.until,
            observing=observing,
            token=object(),
        )

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
    clock: Callable[[], float] = time
    image_room: int = SHELF_BYTES
    """Of renditions on the disk, in bytes."""
    renditions: Renditions = field(init=False, compare=False)

    def __post_init__(self) -> None:
        shelf = Shelf(self.files.images, self.image_room)
        made = Renditions(self.files, self.renderer.images, shelf)
        object.__setattr__(self, "renditions", made)


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
        return _served(node, pointer, configuration, registry)
    except BaseException:
        registry.discard(before)
        raise


def _served(
    node: Node,
    pointer: Pointer,
    configuration: Configuration,
    registry: Registry,
) -> Served:
    routes = Routes(registry)
    clock = node.clock()
    context, epoch = sitewide.read(configuration, registry, node.index, pointer.commit_id, clock)
    return Served(
        commit=pointer.commit_id,
        modified=_modified(min(pointer.committed, int(clock)), epoch),
        branch=pointer.branch,
        configuration=configuration,
        registry=registry,
        routes=routes,
        context=context,
        until=epoch.until,
        observing=Observing(
            index=node.index,
            commit=pointer.commit_id,
            now=epoch.now,
            routes=routes,
            renderer=node.renderer,
            root=configuration.root,
            pictures=Pictures(
                registry=registry,
                library=library(),
                root=configuration.root,
                base_url=configuration.base_url,
                focus=configuration.focus,
            ),
            headers=registry.headers(),
            language=configuration.language,
        ),
        files=node.files,
        renditions=node.renditions,
        containment=node.containment,
    )


def _modified(moment: int, epoch: sitewide.Epoch) -> int | None:
    """Of commits without a time nobody could tell one from another by it."""
    return max(moment, int(epoch.since)) if moment else None


def _made_by(served: "Served") -> str:
    """Everything that is not a fact of the index: what differs in it makes other pages."""
    parts = {
        "product": RESPONSES,
        "registry": served.registry.digest,
        "site": served.context.values,
        "sections": served.context.sections,
        "renderer": served.observing.renderer.id,
        "root": served.observing.root,
        "headers": served.observing.headers,
        "library": served.observing.pictures.library,
        "focus": dict(served.observing.pictures.focus),
    }
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
