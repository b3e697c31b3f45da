"""`python -m bench.syncer`, in the environment of a node: syncs for each line that it is told, and
says so once the sync has returned."""

import json
import sys

import django


def main() -> None:
    from apps.content.rendering import Renderer
    from apps.gitsync.local import local_site, sync_and_record
    from apps.runtime.boot import boot
    from apps.runtime.workers import Workers
    from whispercms.boot import COMMON

    # Whatever else writes to the output must not be taken for an answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    running = boot(COMMON)
    try:
        site = local_site(running.context.get(Workers), running.context.get(Renderer))
        print(json.dumps({"parsed": 0}), file=answers, flush=True)
        for _ in sys.stdin:
            print(json.dumps({"parsed": sync_and_record(site).parsed}), file=answers, flush=True)
    finally:
        running.stop()


if __name__ == "__main__":
    django.setup()
    main()
