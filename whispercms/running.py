"""The one start-up of a serving process, made when its server loads the application."""

import sys
from functools import cache

import django

from apps.runtime.boot import BootError, Running
from apps.runtime.forks import end_with_parent
from whispercms import prepared


@cache
def running() -> Running:
    """Starts everything on first use; a failure ends the process with the step and the remedy."""
    django.setup()
    from whispercms.boot import start

    if (
        prepared.is_ready()
    ):  # Forked by a server of ours: if that is killed, nobody could stop this.
        end_with_parent()
    try:
        started = start()
    except BootError as error:
        sys.exit(f"whispercms: {error}")
    started.stop_at_exit()
    return started
