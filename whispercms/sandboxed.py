"""The confined workers of a process: started, and what their kernel holds them to shown."""

from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from apps.content.rendering import Renderer, find_asciidoctor
from apps.runtime.boot import Notes
from apps.runtime.context import Context
from apps.runtime.proof import needed_but_missing
from apps.runtime.workers import Workers
from whispercms import prepared


def load(context: Context) -> None:
    known = prepared.known()
    proved = known.confinement if known else None
    workers = Workers(required=settings.SANDBOX_REQUIRED, proved=proved, nursery=prepared.nursery())
    workers.start()
    if not known:
        _look_around(workers)
    context.put(workers)
    context.put(Renderer(workers, find_asciidoctor(workers)))
    context.get(Notes)(context.get(Renderer).id)


def _look_around(workers: Workers) -> None:
    """What takes long for other reasons than this process's work, both at the same time."""
    with ThreadPoolExecutor(2) as threads:
        proofs = threads.submit(workers.confinement)
        program = threads.submit(find_asciidoctor, workers)
    proofs.result()
    program.result()


def show(context: Context) -> None:
    """Here and not only where extensions are loaded: an operator is to see it at once."""
    workers = context.get(Workers)
    found = workers.confinement()
    lacking = ", ".join(needed_but_missing(found))
    context.get(Notes)(f"lacks {lacking}" if lacking else "holds", found)
    workers.insist()
