"""The confined worker that parses and renders documents; one bad document spoils no other.

Asked by `rendering` with batches. Imports all it needs at once: confined, nothing can be opened.
"""

from collections.abc import Callable, Mapping
from typing import Any

from apps.content import markup
from apps.content.flaws import Flaw
from apps.content.frontmatter import NONE

Document = Mapping[str, Any]
Answer = dict[str, Any]

UNREADABLE = "this document could not be read; simplify it"


def open(setup: Any) -> Callable[[Any], Any]:
    """`setup` is not used: what a document becomes depends on its bytes and markup alone."""
    return answer


def answer(request: Any) -> list[Answer]:
    """Raises ValueError for what is no request; a document's own faults are in its answer."""
    op, documents = request["op"], request["documents"]
    if op not in _OPS:
        raise ValueError(f"{op!r} is not an operation; one of {', '.join(_OPS)}")
    do, instead = _OPS[op]
    return [_alone(do, instead, document) for document in documents]


def _alone(
    do: Callable[[Document], Answer], instead: Callable[[str], Answer], document: Document
) -> Answer:
    try:
        return do(document)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # Panics of the Rust parsers are no Exception; neither may they cost the batch.
        return instead(type(error).__name__)


def _parse(document: Document) -> Answer:
    parsed = markup.parse(document["markup"], document["text"])
    return {
        "front": parsed.parts.front,
        "format": parsed.parts.format,
        "title": parsed.title,
        "problems": [flaw.as_json() for flaw in parsed.flaws],
    }


def _unparsed(kind: str) -> Answer:
    problem = Flaw("front-matter.unreadable", 1, f"{UNREADABLE} ({kind})").as_json()
    return {"front": {}, "format": NONE, "title": None, "problems": [problem]}


def _render(document: Document) -> Answer:
    rendered = markup.render(document["markup"], document["text"])
    return {
        "html": rendered.html,
        "links": list(rendered.links),
        "problems": [flaw.as_json() for flaw in rendered.flaws],
    }


def _unrendered(kind: str) -> Answer:
    problem = Flaw("markup.unreadable", 1, f"{UNREADABLE} ({kind})").as_json()
    html = f'<p class="notice" role="note">{markup.NOT_SHOWN} {UNREADABLE}.</p>\n'
    return {"html": html, "links": [], "problems": [problem]}


_OPS = {"parse": (_parse, _unparsed), "render": (_render, _unrendered)}
