"""Run as a program: syncs and serves a site with 50 MB files, and says what memory that took.

`python -m tests.large REMOTE`; the remote has a branch `main` and a branch `large`.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

import tests.conftest  # noqa: F401
from apps.content.rendering import Renderer
from apps.delivery.front import Front
from apps.delivery.wsgi import DeliveryWSGI
from apps.runtime.databases import prepare_databases
from apps.runtime.workers import Workers
from tests.gitsync.repositories import Made
from tests.sites import Site, SiteRepository

MIB = 1024 * 1024
LARGE = 50 * MIB


def peak() -> int:
    """Bytes. What getrusage says would include the parent's own peak (see getrusage(2), exec)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def main(remote: Path) -> dict[str, object]:
    workers = Workers()
    made = Made(remote)
    renderer = Renderer(workers)
    site = Site(SiteRepository(remote.parent / "unused.git"), remote.parent, workers, renderer)
    site.source = replace(site.source, remote=str(remote), asset_bytes=LARGE)
    site.sync()
    site.get("/one/")
    before = peak()
    made.git("update-ref", "refs/heads/main", "refs/heads/large")
    report = site.sync()
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/big.bin"}
    sent = sum(map(len, DeliveryWSGI(Front(site.live))(environ, lambda *_: None)))
    site.stop()
    workers.stop()
    return {
        "problems": [[problem.path, problem.code] for problem in report.problems],
        "served": sent,
        "grown": (peak() - before) / MIB,
    }


if __name__ == "__main__":
    prepare_databases()
    json.dump(main(Path(sys.argv[1])), sys.stdout)
