"""The confined worker that edits, merges and upgrades files: they are as hostile as those that are
read.

Asked by `scribe`. Imports all it needs at once: confined, nothing can be opened.
"""

from collections.abc import Callable, Mapping
from typing import Any

from apps.content.edit_messages import answer_edit
from apps.content.merging.messages import answer_merge, answer_reads
from apps.content.part_messages import answer_parts
from apps.content.upgrade_messages import answer_upgrade

OPERATIONS: Mapping[str, Callable[[Any], Any]] = {
    "edit": answer_edit,
    "merge": answer_merge,
    "parts": answer_parts,
    "reads": answer_reads,
    "upgrade": answer_upgrade,
}


def open(setup: Any) -> Callable[[Any], Any]:
    """`setup` is not used: what comes of files depends on them alone."""
    return answer


def answer(request: Any) -> Any:
    """Raises ValueError or KeyError for what is no request; a file's faults are in its answer."""
    return OPERATIONS[request["op"]](request)
