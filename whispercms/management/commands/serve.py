"""`manage.py serve`: everything a node needs in one process tree: the server and the task queue."""

import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from math import inf
from pathlib import Path
from time import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.runtime.boot import BootError
from apps.runtime.forks import may_fork
from apps.runtime.processes import Program, Programs, begin_again
from apps.runtime.standing_file import write_standings
from whispercms import servers
from whispercms.preparing import SERVING, prepare_beside, prepare_here
from whispercms.queueing import has_work, work
from whispercms.reports import again_file, program_file

MANAGE = Path(sys.argv[0]).resolve()
FORKED = (servers.GRANIAN,)
"""Servers that start nothing when they are loaded."""
ALONE = "whispercms.alone"
AGAIN_SECONDS = 1.5
ANY, LOOPBACK = "0.0.0.0", "127.0.0.1"  # noqa: S104


class Command(BaseCommand):
    help = "Bring this node up to date, then serve the site and run its task queue."
    requires_system_checks = ()
    """They are made while what serves is loaded."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-queue", action="store_true", help="the queue runs elsewhere")
        said = "serve the extension in this folder in the place of the site's; in development only"
        parser.add_argument("--develop", action="append", default=[], metavar="PATH", help=said)

    def handle(self, *args: Any, **options: Any) -> None:
        develop = _developed(options["develop"])
        if lacking := servers.missing(_chosen()):
            sys.exit(f"whispercms: {lacking}")
        ours = _is_forked(develop)
        beside = []
        if ours:
            beside.append(prepare_beside([*SERVING, _program()], self.check))
        else:
            try:
                prepare_here(self.check)
            except BootError as error:
                sys.exit(f"whispercms: {error}")
        _check_port()
        programs = _servers(develop, ours=ours)
        if not options["no_queue"]:
            programs.append(_queue(ours=ours))
        url = _url()
        self.stdout.write(f"Open {url}/ (stop with Ctrl+C)")
        if settings.INSTANCE.console:
            self.stdout.write(_first_run(url))
        self.stdout.flush()
        running = Programs(programs, beside=beside)
        running.observe(lambda *_: write_standings(program_file(), running.standings()))
        again = again_file()
        again.unlink(missing_ok=True)
        code = running.run(partial(_is_asked, again))
        if _is_asked(again):
            again.unlink()
            begin_again()
        sys.exit(code)


def _is_asked(again: Path) -> bool:
    """Whoever asked is given the time to load the page that waits for it."""
    with suppress(OSError):
        return time() - again.stat().st_mtime >= AGAIN_SECONDS
    return False


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
    """A console is for this machine only, unless it is told otherwise."""
    return settings.INSTANCE.web.address or (LOOPBACK if settings.INSTANCE.console else ANY)


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


def _url() -> str:
    scheme = "https" if settings.INSTANCE.web.tls_certificate else "http"
    shown = LOOPBACK if _host() == ANY else _host()
    return f"{scheme}://{shown}:{settings.INSTANCE.port}"


def _chosen() -> servers.Server:
    return servers.chosen(settings.INSTANCE.web.server, console=settings.INSTANCE.console)


def _is_forked(develop: Mapping[str, str]) -> bool:
    """Whether what serves may go on from this process. Not where Django has made a reactor, whose
    descriptors would be shared, nor where other settings are meant than were read here."""
    return _chosen().name in FORKED and not develop and may_fork() and "daphne" not in sys.modules


def _servers(develop: Mapping[str, str], *, ours: bool) -> list[Program]:
    """One program, or as many as there are processes where the server cannot have them itself."""
    server, listening = _chosen(), _listening()
    # Whoever starts it may stand in the folder of their site.
    environment = {"WHISPERCMS_SYNC_AT_START": "0", "PYTHONPATH": str(MANAGE.parent), **develop}
    arguments = [sys.executable, *servers.line(server, listening)]
    count = 1 if server.runs_processes else listening.processes
    names = ["web", *(f"web-{number}" for number in range(2, count + 1))]
    alone = ours and _is_alone()
    web = Program(
        "web",
        arguments,
        environment,
        needed=True,
        is_ours=ours,
        instead=partial(import_module(ALONE).serve, listening) if alone else None,
        # Servers that watch over processes of their own cut these off themselves.
        drain=servers.DRAIN_SECONDS if alone else inf,
    )
    return [replace(web, name=name) for name in names]


def _is_alone() -> bool:
    """Whether one process is all that the server is."""
    return _chosen().name == servers.GRANIAN and _listening().processes == 1


def _program() -> str:
    """What a fork that serves will import."""
    return ALONE if _is_alone() else f"{_chosen().run}.cli"


def _queue(*, ours: bool) -> Program:
    cluster = (str(MANAGE), "qcluster")
    database = settings.STATE / "queue.sqlite3"
    return Program(
        "queue",
        [sys.executable, *cluster],
        is_ours=ours,
        instead=partial(work, cluster),
        # Where it cannot be forked it takes long to start, and stays.
        has_work=(lambda: has_work(database, datetime.now(UTC))) if ours else None,
    )


def _listening() -> servers.Listening:
    """The open pages of a console are told of a sync by the process that they came from."""
    web = settings.INSTANCE.web
    return servers.Listening(
        host=_host(),
        port=settings.INSTANCE.port,
        processes=1 if settings.INSTANCE.console else web.processes,
        certificate=web.tls_certificate,
        key=web.tls_key,
        is_proxied=bool(web.trusted_proxies),
    )
