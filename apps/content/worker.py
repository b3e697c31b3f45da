"""The confined worker that parses and renders documents; one bad document spoils no other.

Asked by `rendering` with batches. Imports all it needs at once: confined, nothing can be opened.
"""

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from apps.content import markup
from apps.content.flaws import Flaw, FlawError
from apps.content.frontmatter import NONE, normal
from apps.content.loose_yaml import read_loose_yaml
from apps.content.strict import read_json, read_toml

Document = Mapping[str, Any]
Answer = dict[str, Any]

UNREADABLE = "this document could not be read; simplify it"
OUR_FAULT = "WhisperCMS failed on this document, which is a fault of its own; report it"


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
    do: Callable[[Document], Answer], instead: Callable[[str, str], Answer], document: Document
) -> Answer:
    try:
        return do(document)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise  # Of the worker: another one may have the room.
    except Exception as error:
        if isinstance(error, RecursionError):
            return instead("unreadable", f"{UNREADABLE} ({type(error).__name__})")
        return instead("failed", f"{OUR_FAULT} ({type(error).__name__} at {_place(error)})")
    except BaseException as error:
        # Panics of the Rust parsers are no Exception; neither may they cost the batch.
        return instead("unreadable", f"{UNREADABLE} ({type(error).__name__})")


def _place(error: Exception) -> str:
    """Of the code: a traceback would need its source files."""
    at = error.__traceback__
    while at and at.tb_next:
        at = at.tb_next
    return f"{PurePath(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at else "nowhere"


def _parse(document: Document) -> Answer:
    parsed = markup.parse(document["markup"], document["text"])
    return {
        "front": parsed.parts.front,
        "format": parsed.parts.format,
        "title": parsed.title,
        "words": [parsed.words.headings, parsed.words.body],
        "problems": [flaw.as_json() for flaw in parsed.flaws],
    }


def _unparsed(kind: str, reason: str) -> Answer:
    code = {"unreadable": "front-matter.unreadable", "failed": "front-matter.failed"}[kind]
    problem = Flaw(code, 1, reason).as_json()
    return {"front": {}, "format": NONE, "title": None, "words": ["", ""], "problems": [problem]}


def _render(document: Document) -> Answer:
    rendered = markup.render(document["markup"], document["text"])
    return {
        "html": rendered.html,
        "links": list(rendered.links),
        "blocks": [tuple(block) for block in rendered.blocks],
        "problems": [flaw.as_json() for flaw in rendered.flaws],
    }


def _unrendered(kind: str, reason: str) -> Answer:
    code = {"unreadable": "markup.unreadable", "failed": "markup.failed"}[kind]
    problem = Flaw(code, 1, reason).as_json()
    said = UNREADABLE if kind == "unreadable" else OUR_FAULT
    html = f'<p class="notice" role="note">{markup.NOT_SHOWN} {said}.</p>\n'
    return {"html": html, "links": [], "blocks": [], "problems": [problem]}


def _settings(document: Document) -> Answer:
    """A configuration file of another system, in the format that its name says."""
    read = READERS.get(PurePath(document["path"]).suffix.lower(), read_loose_yaml)
    try:
        return {"values": read(normal(document["text"])), "problem": None}
    except FlawError as error:
        return {"values": {}, "problem": error.moved(0).as_json()}


def _unset(kind: str, reason: str) -> Answer:
    flaw = Flaw(f"front-matter.{kind}", 0, reason)
    return {"values": {}, "problem": flaw.as_json()}


READERS = {".toml": read_toml, ".json": read_json}
_OPS = {
    "parse": (_parse, _unparsed),
    "render": (_render, _unrendered),
    "settings": (_settings, _unset),
}
