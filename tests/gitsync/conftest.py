"""Nodes that write, ready in a few milliseconds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.runtime.workers import Workers
from tests.gitsync.consoles import Console, Template
from tests.sites import SiteRepository


@pytest.fixture(scope="session")
def template(
    tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Template:
    made = Template(tmp_path_factory.mktemp("consoles"), workers, renderer)
    made.make()
    return made


@pytest.fixture
def shared(template: Template, tmp_path: Path) -> Iterator[tuple[SiteRepository, Console]]:
    remote, console = template.copy(tmp_path / "shared")
    yield remote, console
    console.stop()


@pytest.fixture
def remote(shared: tuple[SiteRepository, Console]) -> SiteRepository:
    """What the consoles publish to: one page, `content/one.md`."""
    return shared[0]


@pytest.fixture
def ada(shared: tuple[SiteRepository, Console]) -> Console:
    return shared[1]


@pytest.fixture
def bob(template: Template, shared: tuple[SiteRepository, Console], tmp_path: Path) -> Console:
    return template.another("bob", tmp_path / "shared")
