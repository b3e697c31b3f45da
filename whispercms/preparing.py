"""Brings the node up to date in a process of its own while this one loads what serves; that is then
forked, and has neither the memory nor the threads of a sync.
"""

import gc
import os
import sys
from collections.abc import Iterable
from functools import partial
from importlib import import_module
from math import inf
from typing import Final

from apps.runtime.boot import BootError
from apps.runtime.forks import Fork
from apps.runtime.workers import Workers
from whispercms.prepared import Prepared, keep

SERVING: Final = (
    *("whispercms.running", "whispercms.health", "whispercms.webhook", "apps.delivery.wsgi"),
    *("django.core.wsgi", "runpy"),
)
QUEUE: Final = ("django_q.cluster", "django_q.management.commands.qcluster")


def prepare_here() -> Prepared:
    """Raises BootError."""
    from apps.content.rendering import find_asciidoctor
    from whispercms.boot import bring_up_to_date

    running = bring_up_to_date()
    try:
        workers = running.context.get(Workers)
        return Prepared(workers.confinement(), find_asciidoctor(workers))
    finally:
        running.stop()


def prepare_beside(modules: Iterable[str]) -> None:
    """In a child, while these modules are loaded here. What it found is kept for what is forked
    from here on; where it failed it has said why, and this process ends as well."""
    import_module("whispercms.boot")  # Both need it.
    reading, writing = os.pipe()
    child = Fork("prepare", partial(_prepare, writing), leads=False)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        try:
            for module in modules:
                import_module(module)
            text = pipe.read()
        except BaseException:
            child.stop()
            raise
    if child.wait(inf) or not text:
        sys.exit(1)
    keep(Prepared.of_text(text))
    # What is there now is shared with all that is forked, as long as no collector touches it.
    gc.collect()
    gc.freeze()


def _prepare(writing: int) -> None:
    try:
        found = prepare_here()
    except BootError as error:
        sys.exit(f"whispercms: {error}")
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        pipe.write(found.as_text())
