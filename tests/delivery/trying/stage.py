"""A node for a site of a test, as commands make one."""

from pathlib import Path

from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.delivery.served import Node
from apps.extensions.containment.containment import Containment
from apps.runtime.workers import Workers
from tests.delivery.extending import Files
from tests.sites import ROOT, Site


def node_of(site: Site, workers: Workers, renderer: Renderer) -> Node:
    return Node(
        index=Index(site.files),
        files=site.files,
        renderer=renderer,
        workers=workers,
        bundled=ROOT,
        containment=Containment(),
        pinned=False,
    )


def written(folder: Path, files: Files) -> Path:
    """The files of one extension, without the folders that it has in a site."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        target = folder.joinpath(*Path(path).parts[2:])
        target.parent.mkdir(exist_ok=True)
        target.write_text(str(content))
    return folder
