"""Workers that something outside strikes while they work."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from apps.content.document_workers import DocumentWorkers


@contextmanager
def struck(
    workers: DocumentWorkers, how: signal.Signals, *, times: int = 1_000
) -> Iterator[list[int]]:
    """So many get a signal as soon as they are asked; their process ids."""
    hit: list[int] = []
    ended = threading.Event()

    def strike() -> None:
        while not ended.is_set() and len(hit) < times:
            for pool in (workers._pool, workers._fresh):
                for worker in list(pool._members):
                    if worker.calls and worker.pid not in hit and len(hit) < times:
                        hit.append(worker.pid)
                        os.kill(worker.pid, how)
            time.sleep(0.001)

    thread = threading.Thread(target=strike)
    thread.start()
    try:
        yield hit
    finally:
        ended.set()
        thread.join()
