"""A console on a node that writes: a remote, a clone, a live site, and people logged in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.runtime.workers import Workers
from tests.console.publishing.desks import Desk, desk_of
from tests.gitsync.consoles import Console, Template


@pytest.fixture(scope="session")
def template(
    tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Template:
    made = Template(tmp_path_factory.mktemp("desks"), workers, renderer)
    made.make()
    return made


@pytest.fixture
def desk(template: Template, tmp_path: Path) -> Iterator[Desk]:
    """Ada's, of a remote with one page, `content/one.md`."""
    remote, console = template.copy(tmp_path / "shared")
    with desk_of(remote, console, tmp_path) as made:
        yield made


@pytest.fixture
def bob(template: Template, desk: Desk, tmp_path: Path) -> Console:
    """Another author at another node."""
    return template.another("bob", tmp_path / "shared")
