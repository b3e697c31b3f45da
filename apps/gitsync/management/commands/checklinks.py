"""`manage.py checklinks`: which links of documents lead nowhere."""

from collections.abc import Callable, Iterable
from typing import Any

from apps.content.broken_links import broken_links
from apps.content.index import Index
from apps.content.problems import Problem
from apps.content.warming import render_missing
from apps.extensions.management.guarded import Asked
from apps.gitsync.errors import NodeFault
from apps.gitsync.local import storage
from apps.gitsync.management.answers import EXIT_REFUSED, AnsweringCommand, site_of_this_node
from apps.gitsync.management.progress import steps
from apps.gitsync.syncing.update import LocalSite

BROKEN = EXIT_REFUSED


class Command(AnsweringCommand):
    help = (
        "Say which relative links of the documents that are served lead to no file and no page."
        " Exit codes: 0 none, 1 some, 2 usage, 4 this node."
    )

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return []

    def answer(self, options: dict[str, Any]) -> int:
        with storage(), site_of_this_node() as site, steps("Checking links") as tell:
            found = list(_found(site, tell))
        self.say(options, {"problems": [each.as_json() for each in found]}, _text(found))
        return BROKEN if found else 0


def _found(site: LocalSite, tell: Callable[[str], None]) -> Iterable[Problem]:
    """What is not rendered yet is rendered for it. Raises NodeFault."""
    index, rendered = Index(site.files), 0
    pointer = index.pointer() if site.files.index.exists() else None
    if pointer is None:
        raise NodeFault("index.none", "nothing is served here yet", "Run `manage.py syncrepo`")
    while fresh := render_missing(site.renderer, site.files, index):
        rendered += fresh
        tell(f"{rendered} documents rendered")
    return broken_links(site.files, site.renderer.id, pointer.site_configuration().root)


def _text(found: list[Problem]) -> str:
    lines = [str(each) for each in found]
    return "\n".join([*lines, f"{len(found)} links lead nowhere" if found else "all links lead on"])
