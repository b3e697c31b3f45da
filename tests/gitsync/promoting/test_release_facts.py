"""Each release that the index comes to is a fact of its outbox, told once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from apps.content.index_writer import IndexWriter
from apps.content.rendering import Renderer
from apps.runtime.outbox.reading import Outbox, Place
from apps.runtime.workers import Workers
from tests.gitsync.releasing import Node
from tests.sites import CONFIG, Site, SiteRepository


@pytest.fixture
def node(
    repository: SiteRepository, tmp_path: Path, workers: Workers, renderer: Renderer
) -> Iterator[Node]:
    first = repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n"})
    repository.git.set("refs/heads/preview", first)
    repository.commit({"content/two.md": "# Two\n"}, branch="preview")
    made = Node(repository, tmp_path / "node", workers, renderer)
    made.sync()
    yield made
    made.stop()


def told(site: Site) -> list[tuple[str, str]]:
    """Topics and releases."""
    events = [event for _, event in Outbox("x", site.files.index).after(Place()).events]
    return [(e.topic, e.payload["release"]) for e in events if e.topic.startswith("release.")]


def forget(site: Site) -> None:
    """As after a kill between the ref and the index."""
    with closing(IndexWriter(site.files)) as writer:
        writer._connection.execute("DELETE FROM event WHERE topic GLOB 'release.*'")


def test_a_promotion_and_a_rollback_are_told_once_whatever_is_synced_after_them(
    node: Node,
) -> None:
    promoted = node.promote().release
    back = node.rollback().release
    assert promoted and back
    node.sync()
    node.main.sync(rebuild=True)
    assert told(node.main) == [("release.promoted", promoted.id), ("release.rolled-back", back.id)]


def test_what_was_not_told_is_told_by_the_next_sync(node: Node) -> None:
    node.promote()
    before = told(node.main)
    forget(node.main)
    node.main.sync(dry_run=True)
    assert told(node.main) == []
    node.sync()
    assert told(node.main) == before
