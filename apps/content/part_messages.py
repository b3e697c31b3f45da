"""What goes to a confined worker that takes a document apart, and what comes back. Pure.

An answer is hostile until it is decoded here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from apps.content.carrying import as_content, as_text
from apps.content.flaws import Flaw
from apps.content.frontmatter import NONE, normal
from apps.content.merging.parts import ALONE, Form, read_parts


@dataclass(frozen=True, slots=True)
class DocumentParts:
    """A document as a form shows it, with LF alone. `text` is all of it; `format` is "none" where
    it has no header. With flaws its header cannot be read, and `front` is empty."""

    text: str
    front: Mapping[str, Any] = field(default_factory=dict)
    body: str = ""
    format: str = NONE
    alone: bool = False
    flaws: tuple[Flaw, ...] = ()


class DocumentReading(Protocol):
    """As `answer_parts`, wherever that is done."""

    def parts(self, content: bytes, form: Form) -> DocumentParts: ...


def parts_request(content: bytes, form: Form) -> dict[str, Any]:
    return {"content": as_text(content), "form": form.name}


def answer_parts(request: Any) -> dict[str, Any]:
    """In the worker. Raises ValueError or KeyError for what is no request."""
    content, form = as_content(request["content"]), Form[request["form"]]
    try:
        text = normal(content.decode())
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return {"unreadable": line}
    found = read_parts(text, form)
    header = found.header
    return {
        "text": as_text(text.encode()),
        "front": json.dumps(header.front if header else {}),
        "body": as_text(found.body.encode()),
        "format": str(header.syntax.value) if header else NONE,
        "alone": form in ALONE,
        "flaws": [flaw.as_json() for flaw in found.flaws],
    }


def parts_of(answered: Any) -> DocumentParts:
    """Raises ValueError, KeyError or TypeError for what is no answer."""
    if "unreadable" in answered:
        line = int(answered["unreadable"])
        reason = "the file is not UTF-8; save it as UTF-8"
        return DocumentParts("", flaws=(Flaw("edit.encoding", line, reason),))
    front = json.loads(answered["front"])
    if not isinstance(front, dict):
        raise TypeError(front)
    return DocumentParts(
        text=as_content(answered["text"]).decode(),
        front=front,
        body=as_content(answered["body"]).decode(),
        format=str(answered["format"]),
        alone=answered["alone"] is True,
        flaws=tuple(
            Flaw(str(f["code"]), int(f["line"]), str(f["reason"])) for f in answered["flaws"]
        ),
    )
