"""What another set of extensions would make of a whole site: every page, with and without."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from apps.content.catalogue import catalogue
from apps.content.warming import render_missing
from apps.delivery import pipeline, replies
from apps.delivery.observation import CommitMoved, observe
from apps.delivery.replies import Reply
from apps.delivery.requests import as_anybody
from apps.delivery.served import Node, Served, assemble, load_served
from apps.delivery.traces import Trace
from apps.delivery.trying.addresses import addresses, further, shown
from apps.delivery.trying.differences import PageChange, change
from apps.extensions.overlay import Overlaid
from apps.extensions.registry import asset_url
from apps.extensions.themes import ThemeFault

ATTEMPTS: Final = 3
"""A page on which an extension failed is made again: the machine may have been busy."""

Progress = Callable[[int, int], None]
"""Pages made, and pages known so far."""
Keep = Callable[[str, Reply, Reply], None]
"""Is handed both versions of a page that would change."""
Assets = Mapping[str, tuple[str, bytes]]
"""A name with its bytes."""


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


@contextmanager
def apart(node: Node) -> Iterator[Served]:
    """The site as it is served, with workers of its own. Raises as `load_served`."""
    served = load_served(node, None)
    try:
        yield served
    finally:
        served.registry.close()


def compare(
    node: Node,
    before: Served,
    wanted: Overlaid,
    progress: Progress,
    *,
    keep: Keep | None = None,
    only: Sequence[str] = (),
) -> tuple[Rehearsal, Assets]:
    """What a site would be with these extensions, and the assets that its themes would have, by
    address. Raises ExtensionsUnusable, and as `rehearse`; no worker is left of it."""
    pointer = node.index.pointer()
    if pointer is None or pointer.commit_id != before.commit:
        raise CommitMoved
    after = assemble(node, pointer, wanted.configuration, wanted.kept, before.registry)
    try:
        return rehearse(node, before, after, progress, keep=keep, only=only), _assets(after)
    finally:
        after.registry.discard(before.registry)


def rehearse(
    node: Node,
    before: Served,
    after: Served,
    progress: Progress,
    *,
    keep: Keep | None = None,
    only: Sequence[str] = (),
) -> Rehearsal:
    """Of all addresses, or of `only` these. Bounded by what the workers of one page may take, for
    each page. Raises CommitMoved when the site moves on meanwhile, WorkerFault and
    sqlite3.Error."""
    for served in (before, after):
        while render_missing(node.renderer, served.files, served.observing.index):
            pass
    changes: list[PageChange] = []
    failures: list[Failure] = []
    pages = 0
    paths = ((path, len(only)) for path in only) if only else _paths(before, after)
    for path, known in paths:
        pages += 1
        progress(pages, known)
        if _is_made_alike(path, before, after):
            continue
        old, new = _made(path, before), _made(path, after)
        if found := change(shown(path), old.reply, new.reply):
            changes.append(found)
            if keep:
                keep(found.url, old.reply, new.reply)
        failures += (Failure(shown(path), reason) for reason in new.problems)
    return Rehearsal(
        commit=before.commit, pages=pages, changes=tuple(changes), failures=tuple(failures)
    )


def _assets(served: Served) -> Assets:
    return {
        asset_url(theme.id, name, digest): (name, content)
        for theme in served.registry.themes
        for name, (content, digest) in theme.assets.items()
    }


def _paths(before: Served, after: Served) -> Iterator[tuple[str, int]]:
    """With how many are known by then: each first page of a list tells of the further ones."""
    both = (addresses(catalogue(each.files), each.registry) for each in (before, after))
    known = sorted({path for each in both for path in each})
    waiting, seen = deque(known), set(known)
    while waiting:
        path = waiting.popleft()
        for served in (before, after):
            for each in _further(path, served):
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        yield path, len(seen)


def _is_made_alike(path: str, before: Served, after: Served) -> bool:
    """Whether the same is read to make it, by the same extensions: then it is the same page."""
    if before.made_by != after.made_by:
        return False
    old, new = (observe(as_anybody(path), each.observing).facts for each in (before, after))
    return old == new


def _further(path: str, served: Served) -> Iterator[str]:
    return further(observe(as_anybody(path), served.observing))


def _made(path: str, served: Served) -> _Made:
    """By breakers of its own, so that what fails on one page is tried on the next all the same."""
    for _ in range(ATTEMPTS):
        trace = Trace()
        alone = replace(served, containment=served.containment.apart())
        try:
            reply = pipeline.deliver(as_anybody(path), alone, trace)
        except ThemeFault as fault:
            trace.failure(fault.theme, str(fault))
            reply = replies.plain(500, f"{fault}\n")
        if not trace.failed:
            break
    told = (f"{step.by}: {step.detail}" for step in trace.steps if step.by in trace.failed)
    return _Made(reply, tuple(told))
