"""Puts marked words in the place of a page's program code, by a confined worker.

Used by `rendering` for the bodies that have any; costs nothing before the first.
"""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Final

from apps.content.bounds import MAX_CODE
from apps.content.code_blocks import Code, put
from apps.content.document_workers import DocumentWorkers, is_the_machines
from apps.runtime.faults import WorkerFault
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import Workers

MIB = 1024 * 1024
LIMITS: Final = Limits(
    memory=512 * MIB,
    cpu_seconds=4.0,
    wall_seconds=8.0,
    request_bytes=8 * MAX_CODE,
    reply_bytes=64 * MAX_CODE,
)


class Highlighter:
    """Thread-safe."""

    def __init__(self, workers: Workers, limits: Limits = LIMITS) -> None:
        spec = WorkerSpec(
            name="highlighting",
            entry="apps.content.highlight_worker",
            limits=replace(limits, start_seconds=20.0),
            keeps=0,
        )
        self._workers = DocumentWorkers(workers, spec)

    def close(self) -> None:
        """Later calls end in a WorkerFault."""
        self._workers.close()

    def coloured(self, html: str, blocks: Sequence[Code]) -> str:
        """`html` and `blocks` as `code_blocks.take` made them. What costs too much stays plain, and
        so does what is in no language that is known. Raises WorkerFault for what the machine did.
        """
        if not blocks:
            return html
        try:
            marked = self._workers.ask_surely([tuple(block) for block in blocks])
        except WorkerFault as fault:
            if is_the_machines(fault):
                raise
            marked = [None] * len(blocks)
        plain = (escape(block.text, quote=False) for block in blocks)
        return put(html, [each or text for each, text in zip(marked, plain, strict=True)])
