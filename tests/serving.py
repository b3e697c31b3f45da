"""A node for a repository that was made with Git itself."""

from dataclasses import replace

from apps.content.rendering import Renderer
from apps.runtime.workers import Workers
from tests.gitsync.repositories import Made
from tests.sites import Site, SiteRepository


def serving(made: Made, workers: Workers, renderer: Renderer, asset_bytes: int = 0) -> Site:
    folder = made.path.parent
    found = Site(SiteRepository(folder / "unused.git"), folder / "node", workers, renderer)
    size = asset_bytes or found.source.asset_bytes
    found.source = replace(found.source, remote=str(made.path), asset_bytes=size)
    return found
