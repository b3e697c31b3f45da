"""`manage.py serve`: everything a node needs in one process tree: the server and the task queue."""

import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.runtime.boot import BootError
from apps.runtime.processes import Program, Supervisor

MANAGE = Path(sys.argv[0]).resolve()
ANY, LOOPBACK = "0.0.0.0", "127.0.0.1"  # noqa: S104
THREADS = 4


class Command(BaseCommand):
    help = "Bring this node up to date, then serve the site and run its task queue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-queue", action="store_true", help="the queue runs elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        from whispercms.boot import bring_up_to_date

        try:
            bring_up_to_date().stop()
        except BootError as error:
            sys.exit(f"whispercms: {error}")
        _check_port()
        programs = [_server()]
        if not options["no_queue"]:
            programs.append(Program("queue", [sys.executable, str(MANAGE), "qcluster"]))
        host, port = _host(), settings.INSTANCE.port
        shown = "127.0.0.1" if host == ANY else host
        self.stdout.write(f"Open http://{shown}:{port}/ (stop with Ctrl+C)")
        self.stdout.flush()
        sys.exit(Supervisor(programs).run())


def _host() -> str:
    """A console is for this machine only."""
    return LOOPBACK if settings.INSTANCE.console else ANY


def _check_port() -> None:
    """A server that cannot have its port would be started again for ever."""
    port = settings.INSTANCE.port
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_host(), port))
        except OSError as error:
            sys.exit(
                f"whispercms: port {port} cannot be had ({error.strerror})."
                " Set PORT to another, or end the program that has it"
            )


def _server() -> Program:
    """Granian for the public, as the fastest; daphne where the console needs WebSockets."""
    port = str(settings.INSTANCE.port)
    environment = {"WHISPERCMS_SYNC_AT_START": "0"}
    if settings.INSTANCE.console:
        arguments = ["daphne", "-b", _host(), "-p", port, "whispercms.asgi:application"]
    else:
        arguments = [
            *("granian", "--interface", "wsgi", "--host", _host(), "--port", port),
            *("--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning"),
            *("--workers-kill-timeout", "10", "--respawn-failed-workers"),
            "whispercms.wsgi:application",
        ]
    return Program("web", [sys.executable, "-m", *arguments], environment)
