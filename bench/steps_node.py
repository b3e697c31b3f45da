"""`python -m bench.steps_node PAGE MISSING`, in the environment of a node: how many steps each kind
of answer takes with this node's settings, and with the cache alone. Tells in JSON."""

import json
import sys

import django

ROOM = 64 * 1024 * 1024


def counted(page: str, missing: str) -> dict[str, dict[str, int]]:
    from apps.delivery.caching.cache import ResponseCache
    from apps.delivery.front import Front
    from apps.delivery.ingress.ingress import Ingress
    from apps.delivery.live import LiveSite
    from bench.steps import of_kinds
    from whispercms.boot import start

    running = start()
    try:
        site = running.context.get(LiveSite)
        fronts = {
            "node": running.context.get(Front),
            "alone": Front(site, cache=ResponseCache(ROOM)),
            "ingress": Front(site, cache=ResponseCache(ROOM), ingress=running.context.get(Ingress)),
            "uncached": Front(site),
        }
        return {name: of_kinds(front, page, missing) for name, front in fronts.items()}
    finally:
        running.stop()


if __name__ == "__main__":
    django.setup()
    print(json.dumps(counted(*sys.argv[1:])))
