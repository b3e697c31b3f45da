"""Brings the node up to date in a process of its own while this one loads what serves; that is then
forked, and has neither the memory nor the threads of a sync.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from math import inf
from time import sleep
from typing import Final, Self, TextIO

from django.core.management.base import CommandError

from apps.content.renderer import library_versions
from apps.content.rendering import find_asciidoctor
from apps.runtime import kernel
from apps.runtime.boot import BootError
from apps.runtime.forks import Fork
from apps.runtime.workers import PROJECT, Nursery, Workers
from whispercms import prepared
from whispercms.prepared import Prepared
from whispercms.reports import keep_report, prepared_file

Check = Callable[[], object]
"""Of this installation; raises CommandError."""
SERVING: Final = (
    *("whispercms.running", "whispercms.health", "whispercms.webhook", "apps.delivery.wsgi"),
    *("whispercms.databases", "django.db.models.sql.compiler", "runpy"),
)
FIRST_SECONDS: Final = 0.4
"""Who asks first is not to wait for a sync."""
WORKING: Final = (
    "apps.runtime.probe_worker",
    "apps.extensions.sandbox.template_worker",
    "apps.extensions.sandbox.lua_worker",
)
"""What answers the first page is in workers of these."""


def prepare_here(check: Check) -> None:
    """Raises BootError and what the check raises."""
    from whispercms.boot import bring_up_to_date

    _keep_loaded()
    check()
    bring_up_to_date().stop()


def prepare_beside(modules: Iterable[str], check: Check) -> Fork:
    """In children, while these modules are loaded here: one proves the sandbox, one checks, and the
    last, once both have passed, does what is returned. It says when the node may serve: where an
    earlier sync left something at once, and goes on with the sync then. Where one failed it has
    said why, and this process ends as well."""
    prepared.keep_nursery(Nursery(PROJECT, WORKING))
    with _beside("prove", _prove) as proving, _beside("check", partial(_check, check)) as checking:
        import_module("whispercms.boot")
        library_versions()  # Asked for again by all that are forked from here on.
        prepared.keep(Prepared.of_text(proving.said()))
        checking.said()
    with _beside("prepare", _prepare) as preparing:
        for module in modules:
            import_module(module)
        preparing.said()
    prepared.keep_ready()
    _keep_loaded()
    return preparing.child


class _Beside:
    """A child that has one thing to say. It ends with a failure here."""

    def __init__(self, child: Fork, reading: int) -> None:
        self.child, self._pipe = child, os.fdopen(reading, encoding="utf-8")

    def said(self) -> str:
        """Ends this process where it failed."""
        if not (text := self._pipe.read()):
            self.child.wait(inf)
            sys.exit(1)
        return text

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pipe.close()
        if kind is not None:
            self.child.stop()


def _beside(name: str, act: Callable[[int], None]) -> _Beside:
    """`act` is given the pipe that it is to say it in."""
    reading, writing = os.pipe()
    child = Fork(name, partial(act, writing))
    os.close(writing)
    return _Beside(child, reading)


def _keep_loaded() -> None:
    """What is there now is shared with all that is forked, as long as no collector touches it."""
    kernel.give_back()
    gc.freeze()
    gc.enable()


def _prove(writing: int) -> None:
    _keep_loaded()
    prepared.recall(prepared_file())
    workers = Workers(required=False, nursery=prepared.nursery())
    try:
        found = Prepared(workers.confinement(), find_asciidoctor(workers))
    finally:
        workers.stop()
    prepared.write(prepared_file(), found)
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        pipe.write(found.as_text())


def _check(check: Check, writing: int) -> None:
    try:
        check()
    except CommandError as error:
        sys.exit(f"whispercms: {error}")
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        pipe.write("passed")


def _prepare(writing: int) -> None:
    from whispercms.boot import bring_up_to_date

    _keep_loaded()
    pipe = os.fdopen(writing, "w", encoding="utf-8")
    try:
        running = bring_up_to_date(partial(_tell, pipe))
    except BootError as error:
        sys.exit(f"whispercms: {error}")
    if not pipe.closed:
        keep_report(running.report)
        _tell(pipe)
    running.stop()


def _tell(pipe: TextIO) -> None:
    # From here on this is waited for at a stop: a sync that is killed costs the next start a look.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with pipe:
        pipe.write("ready")
    sleep(FIRST_SECONDS)
