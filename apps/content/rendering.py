"""Parses and renders documents in confined workers, so that no document can hurt the server.

Used by a sync for what changed, and by the read half for a body that is not in the cache yet.
"""

import os
import re
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from apps.content.code_blocks import Code
from apps.content.coloured import Highlighter
from apps.content.document_workers import DocumentWorkers, is_the_machines
from apps.content.image_workers import ImageWorkers
from apps.content.renderer import renderer_id
from apps.content.renderings import Body, Source
from apps.runtime.faults import WorkerFault, WorkerUnavailable
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import Workers

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
    """The optional outside program for AsciiDoc, as found on this node; `file` tells whether it is
    still the same."""

    path: str
    version: str
    file: str = ""


class Renderer:
    """`id` names everything that a body's bytes depend on besides the blob."""

    def __init__(
        self, workers: Workers, asciidoctor: Asciidoctor | None = None, limits: Limits = LIMITS
    ) -> None:
        self.id = renderer_id(asciidoctor.version if asciidoctor else None)
        entry = "apps.content.worker"
        spec = WorkerSpec(name="markup", entry=entry, setup={}, limits=limits, size=WORKERS)
        self._workers = DocumentWorkers(workers, spec)
        self._highlighter = Highlighter(workers)
        self.images = ImageWorkers(workers)
        self._asciidoctor = (
            DocumentWorkers(workers, _program_spec(asciidoctor)) if asciidoctor else None
        )

    def parse(self, sources: Iterable[Source]) -> Iterator[tuple[Source, Mapping[str, Any]]]:
        """Each source with the worker's answer, in order. A killer is reported, not raised.

        Raises WorkerFault where it was the machine that failed: the same bytes would be read
        otherwise at another time, so nothing may be kept of it."""
        yield from self._each_batch(self._parse_batch, sources)

    def render(self, sources: Iterable[Source]) -> Iterator[tuple[Source, Body]]:
        """Each source with its body, in order. Raises WorkerFault as `parse`."""
        yield from self._each_batch(self._render_batch, sources)

    def settings(self, sources: Iterable[Source]) -> Iterator[tuple[Source, Mapping[str, Any]]]:
        """What other systems' configuration files hold, or why they cannot be read. Raises
        WorkerFault as `parse`."""
        yield from self._each_batch(self._settings_batch, sources)

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

    def _settings_batch(self, batch: Sequence[Source]) -> list[Any]:
        flaw = {"code": "config.foreign", "line": 0, "reason": UNREADABLE}
        return self._ask("settings", batch, lambda _: {"values": {}, "problem": flaw})

    def _render_batch(self, batch: Sequence[Source]) -> list[Any]:
        ready = [self._prepared(source) for source in batch]
        answers = self._ask(
            "render", ready, lambda _: {"html": f"<p>{UNREADABLE}</p>", "links": [], "blocks": []}
        )
        return [self._body(answer) for answer in answers]

    def _body(self, answer: Mapping[str, Any]) -> Body:
        blocks = [Code(*block) for block in answer["blocks"]]
        html = self._highlighter.coloured(answer["html"], blocks)
        return Body(html, tuple(answer["links"]))

    def _ask(self, op: str, batch: Sequence[Source], instead: Callable[[Source], Any]) -> list[Any]:
        """Halves a batch that kills its worker until the one document that does it is found."""
        try:
            return list(self._workers.ask(_request(op, batch)))
        except WorkerUnavailable:
            return list(self._workers.ask_alone(_request(op, batch)))
        except WorkerFault:
            if len(batch) == 1:
                return [self._alone(op, batch[0], instead)]
            middle = len(batch) // 2
            return self._ask(op, batch[:middle], instead) + self._ask(op, batch[middle:], instead)

    def _alone(self, op: str, source: Source, instead: Callable[[Source], Any]) -> Any:
        """By a worker that nothing else could have harmed; bounded, as it is tried once or twice.
        Raises WorkerFault for what the machine did."""
        try:
            (answer,) = self._workers.ask_alone(_request(op, [source]))
        except WorkerFault as fault:
            if is_the_machines(fault):
                raise
            return instead(source)
        return answer

    def _prepared(self, source: Source) -> Source:
        """AsciiDoc goes through its program first; without it the text itself is shown."""
        if source.markup != "asciidoc":
            return source
        if self._asciidoctor is None:
            return Source(source.path, "asciidoc-text", source.text)
        try:
            html = self._asciidoctor.ask_surely(source.text)
        except WorkerFault as fault:
            if is_the_machines(fault):
                raise
            return Source(source.path, "asciidoc-text", source.text)
        return Source(source.path, "asciidoc-html", str(html))


def find_asciidoctor(workers: Workers) -> Asciidoctor | None:
    """The program on this node's path, if it runs. Costs a start of it where there is one that is
    not remembered."""
    path = shutil.which("asciidoctor")
    if path is None:
        return None
    known = _KNOWN.get(path)
    if known and known.file == _file(path):
        return known
    if found := _asked(workers, path):
        remember_asciidoctor(found)
    return found


_KNOWN: dict[str, Asciidoctor] = {}
"""By path."""


def remember_asciidoctor(found: Asciidoctor) -> None:
    """As another process of this node has found it."""
    _KNOWN[found.path] = found


def _file(path: str) -> str:
    """Which file it is, and of when."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return ""
    return f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}-{found.st_ctime_ns}"


def _asked(workers: Workers, path: str) -> Asciidoctor | None:
    pool = workers.pool(_program_spec(Asciidoctor(path, ""), "--version"))
    try:
        said = re.search(r"Asciidoctor (\d+(?:\.\d+)+)", str(pool.call("")))
    except WorkerFault:
        return None
    finally:
        pool.close()
    return Asciidoctor(path, said[1], _file(path)) if said else None


def _program_spec(asciidoctor: Asciidoctor, *arguments: str) -> WorkerSpec:
    options = arguments or ("-S", "secure", "-s", "-o", "-", "-")
    return WorkerSpec(
        name="asciidoctor",
        entry="apps.runtime.program_worker",
        setup={"argv": [asciidoctor.path, *options], "seconds": 10},
        limits=replace(PROGRAM_LIMITS, program=asciidoctor.path),
    )


def _request(op: str, batch: Sequence[Source]) -> dict[str, Any]:
    documents = [{"path": s.path, "markup": s.markup, "text": s.text} for s in batch]
    return {"op": op, "documents": documents}


def _unreadable(source: Source) -> Mapping[str, Any]:
    problem = {"code": "front-matter.unreadable", "line": 1, "reason": UNREADABLE}
    said: dict[str, Any] = {"front": {}, "format": "none", "title": None, "words": ["", ""]}
    return {**said, "problems": [problem]}


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
