"""What goes to a confined worker that merges a file, and what comes back. Pure.

An answer is hostile until it is decoded here.
"""

from typing import Any, Protocol

from apps.content.carrying import as_bytes, as_content, as_text
from apps.content.flaws import Flaw
from apps.content.merging.conflicts import Conflict
from apps.content.merging.document import NOTHING, Choices, Merged, merge_document, reads
from apps.content.merging.parts import Form
from apps.content.merging.three_way import Side, Three


class FileMerges(Protocol):
    """As `merge_document` and `reads`, wherever that is done."""

    def merge(self, contents: Three[bytes], form: Form, choices: Choices = NOTHING) -> Merged: ...

    def reads(self, content: bytes, form: Form) -> bool: ...


def merge_request(contents: Three[bytes], form: Form, choices: Choices) -> dict[str, Any]:
    chosen = {str(number): side for number, side in choices.items()}
    return {"contents": [as_text(each) for each in contents], "form": form.name, "choices": chosen}


def reads_request(content: bytes, form: Form) -> dict[str, Any]:
    return {"content": as_text(content), "form": form.name}


def answer_merge(request: Any) -> dict[str, Any]:
    """In the worker. Raises ValueError or KeyError for what is no request."""
    base, ours, theirs = (as_bytes(each) for each in request["contents"])
    choices = {int(number): Side(side) for number, side in request["choices"].items()}
    form = Form[request["form"]]
    merged = merge_document(base, ours or b"", theirs or b"", form=form, choices=choices)
    return {
        "content": as_text(merged.content),
        "conflicts": [_conflict_told(conflict) for conflict in merged.conflicts],
        "flaws": [flaw.as_json() for flaw in merged.flaws],
    }


def answer_reads(request: Any) -> bool:
    """In the worker. Raises ValueError or KeyError for what is no request."""
    return reads(as_content(request["content"]), Form[request["form"]])


def merged_of(answered: Any) -> Merged:
    """Raises ValueError, KeyError or TypeError for what is no answer."""
    return Merged(
        as_content(answered["content"]),
        tuple(_conflict(each) for each in answered["conflicts"]),
        tuple(Flaw(str(f["code"]), int(f["line"]), str(f["reason"])) for f in answered["flaws"]),
    )


def _conflict_told(conflict: Conflict) -> dict[str, Any]:
    return {
        "field": conflict.field,
        "line": conflict.line,
        "sides": [as_text(each) for each in (conflict.base, conflict.ours, conflict.theirs)],
    }


def _conflict(told: Any) -> Conflict:
    base, ours, theirs = (as_bytes(each) for each in told["sides"])
    field = tuple(str(name) for name in told["field"])
    return Conflict(field=field, line=int(told["line"]), base=base, ours=ours, theirs=theirs)
