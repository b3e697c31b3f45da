"""Renders bodies ahead of their first reader: before the pointer moves where few changed, in the
background where many did."""

from collections.abc import Sequence
from contextlib import closing, suppress

from apps.content import renderings
from apps.content.entries import Entry
from apps.content.files import ContentFiles
from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.content.renderings import Body, Rendering, Source
from apps.runtime.faults import WorkerFault

FEW = 64
BATCH = 128


def render_few(renderer: Renderer, files: ContentFiles, entries: Sequence[Entry]) -> None:
    """Renders what a small change brought; a large one is left to `render_missing`."""
    changed = [e for e in entries if e.document and e.original]
    with closing(renderings.connect(files.renderings)) as connection:
        if len(changed) > FEW:
            return
        wanted = {
            e.document.blob: Source(e.document.blob, e.document.markup, e.original.content.decode())
            for e in changed
            if e.document and e.original
        }
        with suppress(WorkerFault):  # Not the documents' doing; they are rendered later.
            renderings.store(connection, _render(renderer, list(wanted.values())))


def render_missing(renderer: Renderer, files: ContentFiles, index: Index) -> int:
    """Renders one batch of bodies that nobody asked for yet; returns how many. Raises WorkerFault
    for what the machine did."""
    wanted = index.without_rendering(renderer.id, BATCH)
    if wanted:
        with closing(renderings.connect(files.renderings)) as connection:
            renderings.store(connection, _render(renderer, wanted))
    return len(wanted)


def render_one(renderer: Renderer, source: Source) -> Body:
    """The body of one document, now. Costs a round trip to a worker. Raises WorkerFault for what
    the machine did."""
    return next(iter(renderer.render([source])))[1]


def _render(renderer: Renderer, sources: Sequence[Source]) -> list[Rendering]:
    """`path` of each source is its blob."""
    return [
        Rendering(source.path, source.markup, renderer.id, body)
        for source, body in renderer.render(sources)
    ]
