"""`manage.py serve`: everything a node needs in one process tree: the server and the task queue."""

import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.runtime.boot import BootError
from apps.runtime.processes import Program, Programs
from apps.runtime.standing_file import write_standings
from whispercms.reports import program_file

MANAGE = Path(sys.argv[0]).resolve()
ANY, LOOPBACK = "0.0.0.0", "127.0.0.1"  # noqa: S104
THREADS = 4


class Command(BaseCommand):
    help = "Bring this node up to date, then serve the site and run its task queue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-queue", action="store_true", help="the queue runs elsewhere")
        said = "serve the extension in this folder in the place of the site's; in development only"
        parser.add_argument("--develop", action="append", default=[], metavar="PATH", help=said)

    def handle(self, *args: Any, **options: Any) -> None:
        from whispercms.boot import bring_up_to_date

        develop = _developed(options["develop"])
        try:
            bring_up_to_date().stop()
        except BootError as error:
            sys.exit(f"whispercms: {error}")
        _check_port()
        programs = [_server(develop)]
        if not options["no_queue"]:
            programs.append(Program("queue", [sys.executable, str(MANAGE), "qcluster"]))
        host, port = _host(), settings.INSTANCE.port
        shown = "127.0.0.1" if host == ANY else host
        self.stdout.write(f"Open http://{shown}:{port}/ (stop with Ctrl+C)")
        if settings.INSTANCE.console:
            self.stdout.write(_first_run(f"http://{shown}:{port}"))
        self.stdout.flush()
        running = Programs(programs)
        running.observe(lambda *_: write_standings(program_file(), running.standings()))
        sys.exit(running.run())


def _first_run(url: str) -> str:
    """Said to the terminal alone: whoever reads it may make the first account."""
    from apps.console import first_run
    from apps.console.bounds import CODE_SECONDS

    if (code := first_run.offer(time())) is None:
        return f"The console is at {url}/admin/"
    return (
        f"The console has no account yet. Make the first at {url}/admin/first-run/"
        f" with the code {code} (good for {CODE_SECONDS // 60} minutes)"
    )


def _developed(paths: Sequence[str]) -> dict[str, str]:
    """What the server is told; nothing where no folder is given."""
    if not paths:
        return {}
    if not settings.INSTANCE.development:
        sys.exit("whispercms: --develop is for development; set WHISPERCMS_DEVELOPMENT=1")
    for path in paths:
        if not Path(path).is_dir():
            sys.exit(f"whispercms: there is no folder {path}")
    return {"WHISPERCMS_DEVELOP": os.pathsep.join(str(Path(path).absolute()) for path in paths)}


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


def _server(develop: Mapping[str, str]) -> Program:
    """Granian for the public, as the fastest; daphne where the console needs WebSockets."""
    port = str(settings.INSTANCE.port)
    # Whoever starts it may stand in the folder of their site.
    environment = {"WHISPERCMS_SYNC_AT_START": "0", "PYTHONPATH": str(MANAGE.parent), **develop}
    if settings.INSTANCE.console:
        arguments = ["daphne", "-b", _host(), "-p", port, "whispercms.asgi:application"]
    else:
        arguments = [
            *("granian", "--interface", "wsgi", "--host", _host(), "--port", port),
            *("--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning"),
            *("--workers-kill-timeout", "10", "--respawn-failed-workers"),
            "whispercms.wsgi:application",
        ]
    return Program("web", [sys.executable, "-m", *arguments], environment, needed=True)
