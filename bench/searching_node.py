"""`python -m bench.searching_node`, in the environment of a node: takes the newest commit, searches
as a task says that it reads as JSON, and tells in JSON what it took."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

import django


def measured(task: dict[str, Any]) -> dict[str, Any]:
    from apps.content.index import Index
    from apps.delivery.answer import answer
    from apps.delivery.live import LiveSite
    from apps.delivery.requests import PageRequest, new_id
    from whispercms.boot import start

    running = start()
    try:
        live, index = running.context.get(LiveSite), running.context.get(Index)
        statuses: set[int] = set()

        def search(text: str) -> None:
            with index.snapshot(lambda *_: None) as reader:
                reader.search(text, 1, 10, "")

        def page(text: str) -> None:
            request = PageRequest("GET", "/search/", f"q={quote_plus(text)}", (), new_id())
            statuses.add(answer(request, live).status)

        rounds = task["rounds"]
        return {
            "search": _times(search, task["queries"], rounds),
            "page": _times(page, task["queries"], rounds),
            "frequent": _times(search, task["frequent"], rounds),
            "statuses": sorted(statuses),
        }
    finally:
        running.stop()


def _times(do: Callable[[str], None], texts: list[str], rounds: int) -> list[list[float]]:
    """Milliseconds, by text; all texts in each round, so that none finds its own pages at hand."""
    times: list[list[float]] = [[] for _ in texts]
    for _ in range(rounds):
        for number, text in enumerate(texts):
            start = time.perf_counter()
            do(text)
            times[number].append((time.perf_counter() - start) * 1000)
    return times


if __name__ == "__main__":
    django.setup()
    print(json.dumps(measured(json.load(sys.stdin))))
