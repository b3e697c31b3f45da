"""Every address that the live site answers at one commit and moment, each made once."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from apps.content.catalogue import beside_pages, catalogue
from apps.content.warming import render_missing
from apps.delivery.exporting.bounds import THREADS
from apps.delivery.exporting.making import Made, make
from apps.delivery.feeds import HABITS
from apps.delivery.requests import BadPath, decode_path
from apps.delivery.served import Node, Served
from apps.delivery.trying.addresses import addresses
from apps.extensions.registry import asset_url

Progress = Callable[[int, int], None]
"""Addresses made, and addresses known so far."""
Take = Callable[[Made], Made]
"""Called on a thread, with what may be large; gives back what is not."""


def walk(node: Node, served: Served, take: Take, progress: Progress) -> Iterator[Made]:
    """In no order. Each first page of a list tells of the further ones, and each page of the
    renditions that it shows. Raises CommitMoved when the site moves on meanwhile, WorkerFault and
    sqlite3.Error."""
    while render_missing(node.renderer, node.files, node.index):
        pass
    waiting = sorted(_first(node, served))
    seen, done = set(waiting), 0
    with ThreadPoolExecutor(_threads(), thread_name_prefix="export") as threads:
        while waiting:
            found: set[str] = set()
            for made in _made(threads, waiting, served, take):
                done += 1
                found |= made.further - seen
                progress(done, len(seen) + len(found))
                yield made
            seen |= found
            waiting = sorted(found)


def _made(
    threads: ThreadPoolExecutor, addresses: list[str], served: Served, take: Take
) -> Iterator[Made]:
    """What failed beside others is made once more by itself: the machine was busy, and an export
    has time."""
    failed = list[str]()
    for made in threads.map(lambda each: take(make(each, served)), addresses):
        if made.problem:
            failed.append(made.address)
        else:
            yield made
    yield from (take(make(each, served)) for each in failed)


def _threads() -> int:
    return min(THREADS, os.cpu_count() or 1)


def _first(node: Node, served: Served) -> Iterator[str]:
    """What no request could ask for is left out."""
    known = catalogue(node.files, served.observing.now)
    aliases, files = beside_pages(node.files)
    themes = (
        asset_url(theme.id, name, digest)
        for theme in served.registry.themes
        for name, (_, digest) in theme.assets.items()
    )
    habits = (f"/{name}" for name in HABITS)
    pages = addresses(known, served.registry)
    return (each for each in {*pages, *aliases, *files, *themes, *habits} if _can_be_asked(each))


def _can_be_asked(address: str) -> bool:
    try:
        return decode_path(address.encode(), quoted=False) == address
    except (BadPath, UnicodeError):
        return False
