"""The site as this node serves it now, for verbs that look at its pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

from apps.content.index import Index
from apps.content.rendering import Renderer, find_asciidoctor
from apps.delivery.served import Node, NothingServed, Served
from apps.delivery.trying.rehearsal import apart
from apps.extensions.containment.containment import Containment
from apps.extensions.settling import ExtensionsUnusable
from apps.gitsync.management.answers import workers_of_this_node
from whispercms.management.verb import EXIT_NODE, EXIT_REFUSED, VerbEnd


@dataclass(frozen=True, slots=True)
class Serving:
    node: Node
    served: Served


@contextmanager
def served_site() -> Iterator[Serving]:
    """With breakers of its own: what is tried here is not counted against anybody. Raises
    VerbEnd."""
    with workers_of_this_node() as workers:
        node = Node(
            index=Index(settings.SITE_FILES),
            files=settings.SITE_FILES,
            renderer=Renderer(workers, find_asciidoctor(workers)),
            workers=workers,
            bundled=settings.BUNDLED_EXTENSIONS,
            containment=Containment(),
            pinned=settings.PINS_REQUIRED,
        )
        if not settings.SITE_FILES.index.exists():
            raise VerbEnd(EXIT_NODE, "node", "there is no index yet; run manage.py syncrepo")
        try:
            with apart(node) as served:
                yield Serving(node, served)
        except NothingServed as error:
            raise VerbEnd(EXIT_NODE, "node", f"{error}; {error.remedy}") from error
        except ExtensionsUnusable as error:
            reason = f"the served commit cannot be loaded: {error}"
            raise VerbEnd(EXIT_REFUSED, "defects", reason) from error
