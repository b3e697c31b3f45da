"""`manage.py search`: what visitors find on the site of this node, as its search page shows it."""

from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings

from apps.content.index import Index
from apps.content.search.bounds import PAGE_SIZE
from apps.content.search.finding import Hit, Hits
from apps.content.search.snippets import Piece
from apps.extensions.management.guarded import Asked
from apps.gitsync.errors import NodeFault
from apps.gitsync.local import storage
from apps.gitsync.management.answers import EXIT_REFUSED, AnsweringCommand

NOTHING = EXIT_REFUSED
LIMIT = 10


class Command(AnsweringCommand):
    help = (
        "Search the documents that visitors may read now, as the site's own search does."
        " Exit codes: 0 something was found, 1 nothing, 2 usage, 4 this node."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("query", help='words, "phrases", -not, prefix*, tag:x, before:2024')
        most = f"how many are shown, up to {PAGE_SIZE}"
        parser.add_argument("--limit", type=int, default=LIMIT, metavar="N", help=most)

    def asks(self, options: dict[str, Any]) -> Iterable[Asked]:
        return []

    def answer(self, options: dict[str, Any]) -> int:
        with storage():
            found = _found(options["query"], options["limit"])
        self.say(options, _values(found), _text(found))
        return 0 if found.total else NOTHING


def _found(text: str, limit: int) -> Hits:
    """Raises NodeFault."""
    files = settings.SITE_FILES
    index = Index(files)
    pointer = index.pointer() if files.index.exists() else None
    if pointer is None:
        raise NodeFault("index.none", "nothing is served here yet", "Run `manage.py syncrepo`")
    language = pointer.site_configuration().language
    with index.snapshot(lambda *_: None) as reader:
        return reader.search(text, 1, limit, language)


def _values(found: Hits) -> dict[str, Any]:
    return {
        "query": found.text,
        "total": found.total,
        "widened": found.widened,
        "hits": [_hit(hit) for hit in found.hits],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    document = hit.document
    return {
        "title": document.title,
        "url": document.url,
        "path": document.source,
        "date": document.date or None,
        "snippet": [{"text": text, "marked": is_marked} for text, is_marked in hit.snippet],
    }


def _text(found: Hits) -> str:
    lines = [
        line
        for hit in found.hits
        for line in (f"{hit.document.title}  {hit.document.url}", f"    {_words(hit.snippet)}")
    ]
    more = found.total - len(found.hits)
    wider = "; its last word goes on in them" if found.widened else ""
    counted = f"{found.total} found{wider}" if found.total else "nothing found"
    return "\n".join([*lines, f"{counted}, {more} of them not shown" if more else counted])


def _words(pieces: Sequence[Piece]) -> str:
    return "".join(text for text, _ in pieces)
