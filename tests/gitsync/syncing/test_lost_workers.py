"""A sync whose workers are struck from outside: it fails, or it ends as any other would."""

import signal
from dataclasses import replace
from pathlib import Path

import pytest

from apps.content.rendering import LIMITS, Renderer
from apps.gitsync.errors import NodeFault
from apps.gitsync.local import storage
from apps.runtime.workers import Workers
from tests.sites import CONFIG, Site, SiteRepository
from tests.striking import struck

PAGES: dict[str, str | bytes | None] = {
    f"content/{n}.md": f"---\ntitle: Page {n}\nwords: [{'word, ' * 2_000}]\n---\ntext\n"
    for n in range(40)
}
"""Each takes its worker some milliseconds, in which it can be struck."""


@pytest.fixture
def renderer(workers: Workers) -> Renderer:
    """Of the test alone: whose workers are struck should be nobody else's."""
    return Renderer(workers, limits=replace(LIMITS, wall_seconds=1.0))


def test_what_is_stored_is_the_same_though_a_worker_was_killed(
    repository: SiteRepository, site: Site, renderer: Renderer
) -> None:
    repository.commit({"config.toml": CONFIG, **PAGES})
    with struck(renderer._workers, signal.SIGKILL, times=1) as hit:
        struck_digest = site.sync().digest
    assert hit
    assert site.sync(rebuild=True).digest == struck_digest


@pytest.mark.long
def test_a_sync_that_gets_no_worker_changes_nothing_and_is_the_nodes_fault(
    repository: SiteRepository, site: Site, renderer: Renderer, tmp_path: Path
) -> None:
    good = repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n"})
    site.sync()
    repository.commit(PAGES)
    with struck(renderer._workers, signal.SIGKILL), pytest.raises(NodeFault) as caught, storage():
        site.sync()
    assert caught.value.code == "node.worker"
    assert site.live.current().commit == good
    report = site.sync()
    assert (report.state, report.problems) == ("applied", ())
    assert site.sync(rebuild=True).digest == report.digest
