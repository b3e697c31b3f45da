"""Django's name for this app, and the place of its tasks behind the visitors."""

import os
from typing import Any, Final

from django.apps import AppConfig

BACKGROUND_NICENESS: Final = 10


class GitsyncConfig(AppConfig):
    name = "apps.gitsync"
    label = "gitsync"

    def ready(self) -> None:
        from django_q.signals import post_spawn

        post_spawn.connect(_yield_to_visitors, dispatch_uid="gitsync.yield_to_visitors")


def _yield_to_visitors(**_: Any) -> None:
    """In a worker of the task queue: where processors are few, a pull must not delay pages. Git and
    the confined workers that it starts inherit it."""
    os.setpriority(os.PRIO_PROCESS, 0, BACKGROUND_NICENESS)
