"""`python -m bench.policy_node ROUNDS PAGE`, in the environment of a node: takes the newest commit,
asks for a page so many times, and tells in JSON what it took."""

import json
import sys
import time

import django

UNUSED = ("front", "console", "watcher", "webhook", "unpublished", "ready")


def measured(rounds: int, page: str) -> dict[str, object]:
    from apps.delivery.answer import answer
    from apps.delivery.live import LiveSite
    from apps.delivery.requests import PageRequest, new_id
    from apps.gitsync.runs import latest_run
    from apps.runtime.boot import boot
    from whispercms.boot import COMMON, REPOSITORY, SERVING

    running = boot([each for each in (*COMMON, REPOSITORY, *SERVING) if each.name not in UNUSED])
    try:
        live = running.context.get(LiveSite)
        times, status = [], 0
        for _ in range(rounds):
            request = PageRequest("GET", page, "", (), new_id())
            start = time.perf_counter()
            status = answer(request, live).status
            times.append((time.perf_counter() - start) * 1000)
        run = latest_run()
        return {"status": status, "milliseconds": times, "sync": run.report if run else {}}
    finally:
        running.stop()


if __name__ == "__main__":
    django.setup()
    print(json.dumps(measured(int(sys.argv[1]), sys.argv[2])))
