"""What another set of extensions would make of a whole site: every page, with and without."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from apps.content.catalogue import catalogue
from apps.content.warming import render_missing
from apps.delivery import pipeline, replies
from apps.delivery.observation import observe
from apps.delivery.replies import Reply
from apps.delivery.requests import PageRequest
from apps.delivery.served import Node, Served
from apps.delivery.traces import Trace
from apps.delivery.trying.addresses import addresses, shown
from apps.delivery.trying.differences import PageChange, change
from apps.extensions.containment.containment import Containment
from apps.extensions.themes import ThemeFault

ATTEMPTS: Final = 3
"""A page on which an extension failed is made again: the machine may have been busy."""
REQUEST_ID: Final = "0123456789abcdef"
"""The same in both versions, as error pages show it."""

Progress = Callable[[int, int], None]
"""Pages made, and pages known so far."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An extension that added less than it meant to, on one page of the new version."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What came of it, in the order of the addresses."""

    commit: str
    pages: int
    changes: tuple[PageChange, ...]
    failures: tuple[Failure, ...]

    def as_json(self) -> dict[str, Any]:
        failures = [{"url": each.url, "reason": each.reason} for each in self.failures]
        changes = [each.as_json() for each in self.changes]
        counts = {"pages": self.pages, "changed": len(changes), "failed": len(failures)}
        return {"commit": self.commit, **counts, "changes": changes, "failures": failures}


@dataclass(frozen=True, slots=True)
class _Made:
    reply: Reply
    problems: tuple[str, ...]


def rehearse(node: Node, before: Served, after: Served, progress: Progress) -> Rehearsal:
    """Bounded by what the workers of one page may take, for each page. Raises CommitMoved when the
    site moves on meanwhile, WorkerFault and sqlite3.Error."""
    while render_missing(node.renderer, node.files, node.index):
        pass
    changes: list[PageChange] = []
    failures: list[Failure] = []
    pages = 0
    for path, known in _paths(node, before, after):
        old, new = _made(path, before), _made(path, after)
        pages += 1
        if found := change(shown(path), old.reply, new.reply):
            changes.append(found)
        failures += (Failure(shown(path), reason) for reason in new.problems)
        progress(pages, known)
    return Rehearsal(
        commit=before.commit, pages=pages, changes=tuple(changes), failures=tuple(failures)
    )


def _paths(node: Node, before: Served, after: Served) -> Iterator[tuple[str, int]]:
    """With how many are known by then: each first page of a list tells of the further ones."""
    known = addresses(catalogue(node.files), before.registry, after.registry)
    waiting, seen = deque(known), set(known)
    while waiting:
        path = waiting.popleft()
        for served in (before, after):
            for further in _further(path, served):
                if further not in seen:
                    seen.add(further)
                    waiting.append(further)
        yield path, len(seen)


def _further(path: str, served: Served) -> Iterator[str]:
    found = observe(_request(path), served.observing).found
    if found and found.match and found.listing and found.listing.page == 1:
        for number in range(2, found.listing.pages + 1):
            yield f"{found.match.base}page/{number}/"


def _made(path: str, served: Served) -> _Made:
    """By breakers of its own, so that what fails on one page is tried on the next all the same."""
    for _ in range(ATTEMPTS):
        trace = Trace()
        alone = replace(served, containment=Containment())
        try:
            reply = pipeline.deliver(_request(path), alone, trace)
        except ThemeFault as fault:
            trace.failure(fault.theme, str(fault))
            reply = replies.plain(500, f"{fault}\n")
        if not trace.failed:
            break
    told = (f"{step.by}: {step.detail}" for step in trace.steps if step.by in trace.failed)
    return _Made(reply, tuple(told))


def _request(path: str) -> PageRequest:
    return PageRequest("GET", path, "", (), REQUEST_ID)
