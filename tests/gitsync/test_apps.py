"""That the workers of the task queue stand back."""

import os
from multiprocessing import get_context

from django_q.signals import post_spawn

from apps.gitsync.apps import BACKGROUND_NICENESS


def _spawned() -> None:
    post_spawn.send(sender="django_q", proc_name="worker")
    os._exit(os.getpriority(os.PRIO_PROCESS, 0))


def test_a_worker_of_the_queue_yields_to_visitors() -> None:
    child = get_context("fork").Process(target=_spawned)
    child.start()
    child.join(10)
    assert child.exitcode == BACKGROUND_NICENESS
