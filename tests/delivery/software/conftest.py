"""One site that is only read, for all tests of what software reads."""

from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.runtime.workers import Workers
from tests.delivery.software.sample import FILES
from tests.sites import Site, SiteRepository


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer) -> Site:
    folder: Path = tmp_path_factory.mktemp("software")
    repository = SiteRepository(folder / "site.git")
    site = Site(repository, folder / "node", workers, renderer)
    repository.commit(FILES)
    assert site.sync().state == "applied"
    return site
