"""Parses and renders documents in confined workers, so that no document can hurt the server.

Used by a sync for what changed, and by the read half for a body that is not in the cache yet.
"""

import re
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from apps.content.renderer import renderer_id
from apps.content.renderings import Body, Source
from apps.runtime.faults import WorkerFault
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import WorkerPool, Workers

MIB = 1024 * 1024
BATCH_DOCUMENTS = 64
BATCH_CHARACTERS = MIB
WORKERS = 2
LIMITS = Limits(
    memory=768 * MIB,
    cpu_seconds=8.0,
    wall_seconds=15.0,
    request_bytes=16 * MIB,
    reply_bytes=64 * MIB,
)
PROGRAM_LIMITS = Limits(
    memory=1024 * MIB,
    cpu_seconds=10.0,
    wall_seconds=15.0,
    request_bytes=16 * MIB,
    reply_bytes=16 * MIB,
)
UNREADABLE = "the document could not be read within its bounds of time and memory; simplify it"


@dataclass(frozen=True, slots=True)
class Asciidoctor:
    """The optional outside program for AsciiDoc, as found on this node."""

    path: str
    version: str


class Renderer:
    """`id` names everything that a body's bytes depend on besides the blob."""

    def __init__(self, workers: Workers, asciidoctor: Asciidoctor | None = None) -> None:
        self.id = renderer_id(asciidoctor.version if asciidoctor else None)
        self._pool = workers.pool(
            WorkerSpec(
                name="markup",
                entry="apps.content.worker",
                setup={},
                limits=LIMITS,
                size=WORKERS,
            )
        )
        self._asciidoctor = _program_pool(workers, asciidoctor) if asciidoctor else None

    def parse(self, sources: Iterable[Source]) -> Iterator[tuple[Source, Mapping[str, Any]]]:
        """Each source with the worker's answer, in order. A killer is reported, not raised."""
        yield from self._each_batch(self._parse_batch, sources)

    def render(self, sources: Iterable[Source]) -> Iterator[tuple[Source, Body]]:
        """Each source with its body, in order."""
        yield from self._each_batch(self._render_batch, sources)

    def _each_batch(
        self, work: Callable[[Sequence[Source]], list[Any]], sources: Iterable[Source]
    ) -> Iterator[tuple[Source, Any]]:
        """Keeps all workers busy with a bounded number of batches in memory."""
        under_way: deque[tuple[list[Source], Future[list[Any]]]] = deque()
        with ThreadPoolExecutor(WORKERS) as threads:
            for batch in _batches(sources):
                under_way.append((batch, threads.submit(work, batch)))
                if len(under_way) > WORKERS:
                    done, answers = under_way.popleft()
                    yield from zip(done, answers.result(), strict=True)
            for done, answers in under_way:
                yield from zip(done, answers.result(), strict=True)

    def _parse_batch(self, batch: Sequence[Source]) -> list[Any]:
        return self._ask("parse", batch, _unreadable)

    def _render_batch(self, batch: Sequence[Source]) -> list[Any]:
        ready = [self._prepared(source) for source in batch]
        answers = self._ask(
            "render", ready, lambda _: {"html": f"<p>{UNREADABLE}</p>", "links": []}
        )
        return [Body(answer["html"], tuple(answer["links"])) for answer in answers]

    def _ask(self, op: str, batch: Sequence[Source], instead: Callable[[Source], Any]) -> list[Any]:
        """Halves a batch that kills its worker until the one document that does it is found."""
        documents = [{"path": s.path, "markup": s.markup, "text": s.text} for s in batch]
        try:
            answers = self._pool.call({"op": op, "documents": documents})
        except WorkerFault:
            if len(batch) == 1:
                return [instead(batch[0])]
            middle = len(batch) // 2
            return self._ask(op, batch[:middle], instead) + self._ask(op, batch[middle:], instead)
        return list(answers)

    def _prepared(self, source: Source) -> Source:
        """AsciiDoc goes through its program first; without it the text itself is shown."""
        if source.markup != "asciidoc":
            return source
        if self._asciidoctor is None:
            return Source(source.path, "asciidoc-text", source.text)
        try:
            html = self._asciidoctor.call(source.text)
        except WorkerFault:
            return Source(source.path, "asciidoc-text", source.text)
        return Source(source.path, "asciidoc-html", str(html))


def find_asciidoctor(workers: Workers) -> Asciidoctor | None:
    """The program on this node's path, if it runs. Costs a start of it where there is one."""
    path = shutil.which("asciidoctor")
    if path is None:
        return None
    pool = _program_pool(workers, Asciidoctor(path, ""), "--version")
    try:
        said = re.search(r"Asciidoctor (\d+(?:\.\d+)+)", str(pool.call("")))
    except WorkerFault:
        return None
    finally:
        pool.close()
    return Asciidoctor(path, said[1]) if said else None


def _program_pool(workers: Workers, asciidoctor: Asciidoctor, *arguments: str) -> WorkerPool:
    options = arguments or ("-S", "secure", "-s", "-o", "-", "-")
    return workers.pool(
        WorkerSpec(
            name="asciidoctor",
            entry="apps.runtime.program_worker",
            setup={"argv": [asciidoctor.path, *options], "seconds": 10},
            limits=replace(PROGRAM_LIMITS, program=asciidoctor.path),
        )
    )


def _unreadable(source: Source) -> Mapping[str, Any]:
    problem = {"code": "front-matter.unreadable", "line": 1, "reason": UNREADABLE}
    return {"front": {}, "format": "none", "title": None, "problems": [problem]}


def _batches(sources: Iterable[Source]) -> Iterator[list[Source]]:
    batch: list[Source] = []
    characters = 0
    for source in sources:
        if batch and (
            len(batch) == BATCH_DOCUMENTS or characters + len(source.text) > BATCH_CHARACTERS
        ):
            yield batch
            batch, characters = [], 0
        batch.append(source)
        characters += len(source.text)
    if batch:
        yield batch
