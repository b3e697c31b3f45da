"""Edits, merges and upgrades files in confined workers, so that none can hurt who writes.

Used by gitsync, and by nothing that serves. The one door to all that takes a file apart to write
it: what a site repository holds is as hostile to an author's process as to a server's.
"""

from typing import Any, Final

from apps.content.bounds import MAX_MERGED
from apps.content.document_workers import DocumentWorkers, is_the_machines
from apps.content.edit_messages import edit_request, edited_of
from apps.content.editing import Changes, Edited, EditError, Format
from apps.content.flaws import Flaw
from apps.content.merging.document import NOTHING, Choices, Merged, as_a_whole
from apps.content.merging.messages import merge_request, merged_of, reads_request
from apps.content.merging.parts import Form
from apps.content.merging.three_way import Three
from apps.content.part_messages import DocumentParts, parts_of, parts_request
from apps.content.upgrade_messages import upgrade_of, upgrade_request
from apps.content.upgrades import Files, Upgrade, UpgradeError
from apps.runtime.faults import WorkerError, WorkerFault
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import Workers

MIB: Final = 1024 * 1024
LIMITS: Final = Limits(
    memory=1024 * MIB,
    cpu_seconds=20.0,
    wall_seconds=60.0,
    request_bytes=5 * MAX_MERGED,
    reply_bytes=10 * MAX_MERGED,
)
"""Of a merge three versions go there and up to seven come back, each a third longer as text."""
NO_ANSWER: Final = (KeyError, TypeError, ValueError, AttributeError)
BOUNDS: Final = "MemoryError", "RecursionError"
"""Errors of a worker that say no more than that a file was too much for it."""
TOO_MUCH: Final = "the file could not be read within its bounds of time and memory; edit it by hand"
OUR_FAULT: Final = "WhisperCMS failed on this file, which is a fault of its own; edit it by hand"


class Scribe:
    """`FileMerges`, `DocumentEdits`, `DocumentReading` and `SiteUpgrades`. Raises WorkerFault where
    this machine has no worker that could do it; then nothing is known of the file."""

    def __init__(self, workers: Workers, limits: Limits = LIMITS) -> None:
        entry = "apps.content.scribe_worker"
        spec = WorkerSpec(name="scribe", entry=entry, setup={}, limits=limits)
        self._workers = DocumentWorkers(workers, spec)

    def merge(self, contents: Three[bytes], form: Form, choices: Choices = NOTHING) -> Merged:
        """A file that kills its worker is not merged: then a person takes one side of it."""
        try:
            return merged_of(self._asked("merge", merge_request(contents, form, choices)))
        except (_FileFault, *NO_ANSWER):
            return as_a_whole(contents, choices)

    def reads(self, content: bytes, form: Form) -> bool:
        if len(content) > MAX_MERGED:  # Nobody reads such a file, so it has no header.
            return True
        try:
            return self._asked("reads", reads_request(content, form)) is True
        except _FileFault:
            return False

    def edited(
        self,
        content: bytes,
        changes: Changes,
        body: str | None = None,
        *,
        format: Format = "yaml",
        alone: Format | None = None,
    ) -> Edited:
        """Raises EditError as well for a file that kills its worker."""
        request = edit_request(content, changes, body, format, alone)
        try:
            return edited_of(self._asked("edit", request), changes)
        except EditError:
            raise
        except _FileFault as fault:
            raise EditError(fault.code, 0, fault.reason) from fault
        except NO_ANSWER as error:
            raise EditError("edit.failed", 0, OUR_FAULT) from error

    def parts(self, content: bytes, form: Form) -> DocumentParts:
        """A document as a form shows it. One that kills its worker has a flaw that says so."""
        try:
            return parts_of(self._asked("parts", parts_request(content, form)))
        except _FileFault as fault:
            return _unread(content, fault.code, fault.reason)
        except NO_ANSWER:
            return _unread(content, "edit.failed", OUR_FAULT)

    def upgrade(self, files: Files) -> Upgrade:
        """Raises UpgradeError as well for files that kill their worker."""
        try:
            return upgrade_of(self._asked("upgrade", upgrade_request(files)))
        except UpgradeError:
            raise
        except _FileFault as fault:
            raise UpgradeError(fault.reason) from fault
        except NO_ANSWER as error:
            raise UpgradeError(OUR_FAULT) from error

    def _asked(self, operation: str, request: dict[str, Any]) -> Any:
        """Raises _FileFault for what the file did, WorkerFault for what the machine did."""
        try:
            return self._workers.ask_surely({"op": operation, **request})
        except WorkerFault as fault:
            if is_the_machines(fault):
                raise
            raise _FileFault(fault) from fault


def _unread(content: bytes, code: str, reason: str) -> DocumentParts:
    return DocumentParts(content.decode("utf-8", "replace"), flaws=(Flaw(code, 1, reason),))


class _FileFault(Exception):
    def __init__(self, fault: WorkerFault) -> None:
        super().__init__(str(fault))
        ours = isinstance(fault, WorkerError) and fault.kind not in BOUNDS
        self.code = "edit.failed" if ours else "edit.bounds"
        self.reason = OUR_FAULT if ours else TOO_MUCH
