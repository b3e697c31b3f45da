"""Extensions from folders that are being worked on, in the place of the site's own.

For development alone. What does not load leaves the last version that did, and is told.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Final

import structlog

from apps.content.problems import Problem
from apps.delivery.replies import HTML, Reply
from apps.delivery.served import Node, NothingServed, Served, assemble
from apps.delivery.traces import FAILED, Step, Trace
from apps.extensions.containment.containment import Containment
from apps.extensions.finding import PROGRAM, ExtensionFiles
from apps.extensions.overlay import Overlaid, overlaid
from apps.extensions.registry import Registry
from apps.extensions.settling import ExtensionsUnusable
from apps.extensions.workshop.folders import NoExtension, read_folder

NOTICE: Final = (
    "<dialog open><strong>In development</strong><ul>{lines}</ul>"
    '<form method="dialog"><button>Hide</button></form></dialog>'
)
_LINE: Final = re.compile(r"^line (\d+): ")
log = structlog.get_logger("whispercms.develop")


class Development:
    """`load` is what a LiveSite calls; one call at a time. Breakers are anew with each version, as
    an author is not to wait for a back-off."""

    def __init__(self, node: Node, folders: Sequence[Path]) -> None:
        self._node, self._folders = node, tuple(folders)
        self._good: tuple[ExtensionFiles, ...] = ()
        self.problems: tuple[Problem, ...] = ()

    def load(self, before: Registry | None) -> Served:
        """Raises NothingServed, and ExtensionsUnusable where the site itself cannot be loaded."""
        node = replace(self._node, containment=Containment())
        extensions, problems = self._read()
        if not problems:
            try:
                served = _assembled(node, extensions, before)
            except ExtensionsUnusable as error:
                problems = error.problems
            else:
                self._good = extensions
                self._tell(())
                return served
        self._tell(problems)
        return _assembled(node, self._good, before)

    def show(self, reply: Reply, trace: Trace) -> Reply:
        """The page with what is wrong on it, for its author."""
        wrong = [str(each) for each in self.problems]
        wrong += [_placed(step) for step in trace.steps if step.what == FAILED]
        wrong += [trace.fault] if trace.fault else []
        for each in wrong[len(self.problems) :]:
            log.warning("extension", reason=each)
        return _with_notice(reply, wrong) if wrong else reply

    def _read(self) -> tuple[tuple[ExtensionFiles, ...], tuple[Problem, ...]]:
        found: list[ExtensionFiles] = []
        problems: list[Problem] = []
        for folder in self._folders:
            try:
                files, unreadable = read_folder(folder)
                found.append(files)
                problems += unreadable
            except NoExtension as error:
                problems.append(Problem(str(folder), 0, "extension.missing", str(error)))
        return tuple(found), tuple(problems)

    def _tell(self, problems: tuple[Problem, ...]) -> None:
        """To the terminal, once for each version."""
        self.problems = problems
        for problem in problems:
            log.error("not loaded", problem=str(problem))
        if not problems:
            names = [f"{each.kind}:{each.id}" for each in self._good]
            log.info("loaded", extensions=", ".join(names))


def _assembled(node: Node, extensions: Sequence[ExtensionFiles], before: Registry | None) -> Served:
    pointer, kept = node.index.pointer_and_kept()
    if pointer is None:
        raise NothingServed("the index is empty")
    site = Overlaid(pointer.site_configuration(), kept)
    for extension in extensions:
        site = overlaid(site, extension)
    return assemble(node, pointer, site.configuration, site.kept, before)


def _placed(step: Step) -> str:
    """The program of a plugin is one file."""
    found = _LINE.match(step.detail)
    place = f"plugins/{step.by}/{PROGRAM}:{found[1]}" if found else step.by
    return f"{place}: {_LINE.sub('', step.detail)}"


def _with_notice(reply: Reply, wrong: Sequence[str]) -> Reply:
    """In an element that browsers show above the page without a style of ours, and can hide."""
    if reply.header("content-type") != HTML or not isinstance(reply.body, bytes):
        return reply
    lines = "".join(f"<li><code>{escape(each, quote=False)}</code></li>" for each in wrong)
    notice = NOTICE.format(lines=lines).encode()
    before, end, after = reply.body.rpartition(b"</body>")
    body = b"".join((before, notice, end, after)) if end else reply.body + notice
    headers = tuple(
        (name, str(len(body)) if name == "content-length" else text) for name, text in reply.headers
    )
    return replace(reply, headers=headers, body=body)
