"""A node in one warm process, which syncs and answers, beside bare Git: what `bench.warm` runs."""

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.delivery.answer import answer
from apps.delivery.live import LiveSite
from apps.delivery.requests import PageRequest, new_id
from apps.gitsync.local import local_site, sync_and_record
from apps.gitsync.report import SyncReport
from apps.gitsync.syncing.update import LocalSite
from apps.runtime.boot import boot
from apps.runtime.components import Component
from apps.runtime.context import Context
from apps.runtime.workers import Workers
from bench import sites
from bench.documents import numbered
from bench.report import BenchError
from bench.sites import Site
from whispercms.boot import COMMON, REPOSITORY, SERVING

UNUSED = ("front", "console", "watcher", "webhook", "unpublished", "ready")
"""They follow the index in the background; here the one who syncs asks."""
WARM_ROUNDS = 3
ADDED_EVERY = 4
"""One commit of so many adds a document, the others edit one."""
NEW = 10_000
"""Above the numbers of all copies that there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A site that is synced and served by this process."""

    site: LocalSite
    live: LiveSite
    index: Index
    full: SyncReport

    def url(self, source: str) -> str:
        with self.index.snapshot(lambda *_: None) as reader:
            return reader.targets([source])[source]


def measured(task: dict[str, Any]) -> dict[str, Any]:
    remote = Path(task["remote"])
    site = Site(title="", remote=remote, page="", document=task["edited"][0])
    found: list[SyncReport] = []
    running = boot(_components(found))
    try:
        node = Node(
            site=local_site(running.context.get(Workers), running.context.get(Renderer)),
            live=running.context.get(LiveSite),
            index=running.context.get(Index),
            full=found[0],
        )
        return {"full": node.full.as_json(), "rounds": _rounds(node, site, task["edited"])}
    finally:
        running.stop()


def _components(found: list[SyncReport]) -> list[Component]:
    """Those of a server, of which the one that syncs leaves its report."""

    def first_sync(context: Context) -> None:
        site = local_site(context.get(Workers), context.get(Renderer))
        found.append(sync_and_record(site))

    used = [each for each in (*COMMON, REPOSITORY, *SERVING) if each.name not in UNUSED]
    return [replace(each, load=first_sync) if each.name == "repository" else each for each in used]


def _rounds(node: Node, site: Site, edited: Sequence[str]) -> list[dict[str, Any]]:
    """One commit each, taken by the node and by bare Git, who goes first by turns."""
    clone = _bare_clone(site)
    rounds = []
    for number, source in enumerate([*edited[:WARM_ROUNDS], *edited]):
        mark = f"This is commit number {number}."
        path = _commit(site, source, number, mark)
        found: dict[str, Any] = {"source": path}
        if number % 2:
            found |= _served(node, path, mark)
        found |= _bare(clone, site)
        if not number % 2:
            found |= _served(node, path, mark)
        rounds.append(found)
    return rounds[WARM_ROUNDS:]


def _commit(site: Site, source: str, number: int, mark: str) -> str:
    """Edits a document, or adds a copy of it; returns the path of the one file."""
    text = sites.read(site, source)
    if number % ADDED_EVERY:
        path = source
    else:
        text = numbered(text.encode(), NEW + number).decode()
        path = source.replace(".md", f"-{number}.md")
    sites.commit(site, {path: f"{text}\n{mark}\n"})
    return path


def _served(node: Node, source: str, mark: str) -> dict[str, Any]:
    """Milliseconds from the start of the fetch to the answer that has the new bytes."""
    start = time.perf_counter()
    report = sync_and_record(node.site)
    synced = time.perf_counter()
    url = node.url(source)
    reply = answer(PageRequest("GET", url, "", (), new_id()), node.live)
    end = time.perf_counter()
    if report.parsed != 1:
        raise BenchError(f"a commit of one file made the sync parse {report.parsed} documents")
    if not isinstance(reply.body, bytes) or mark.encode() not in reply.body:
        raise BenchError(f"{url} answers {reply.status} without the new bytes")
    stages = {**report.seconds, "rest": synced - start - sum(report.seconds.values())}
    stages["answer"] = end - synced
    return {
        "served": (end - start) * 1000,
        "stages": {stage: seconds * 1000 for stage, seconds in stages.items()},
    }


def _bare_clone(site: Site) -> Path:
    clone = site.remote.with_suffix(".bare")
    _git(site.remote, "clone", "--quiet", "--mirror", str(site.remote), str(clone))
    return clone


def _bare(clone: Path, site: Site) -> dict[str, Any]:
    """Milliseconds of `git fetch` and `git diff-tree`, as anybody would run them."""
    old = _git(clone, "rev-parse", "refs/heads/main").strip().decode()
    new = _git(site.remote, "rev-parse", "refs/heads/main").strip().decode()
    start = time.perf_counter()
    _git(clone, "fetch", "--quiet")
    fetched = time.perf_counter()
    changed = _git(clone, "diff-tree", "-r", "-z", "--raw", old, new)
    end = time.perf_counter()
    if changed.count(b"\0") != 2:
        raise BenchError("git diff-tree names another number of files than one")
    return {"git": (end - start) * 1000, "git_fetch": (fetched - start) * 1000}


def _git(folder: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout
