"""Follows the folders that an author works in, and has the site loaded anew when a file changes.

Nothing of it is started unless the settings are for development and name folders.
"""

import os
import threading
from collections.abc import Sequence
from pathlib import Path

import structlog
from django.conf import settings

from apps.delivery.live import LiveSite
from apps.delivery.served import Node
from apps.runtime.components import Component

log = structlog.get_logger("whispercms.develop")

SECONDS = 0.25
Signature = tuple[tuple[str, int, int], ...]


def developed_site(node: Node) -> LiveSite:
    """With the extensions of the folders in the place of the site's own."""
    from apps.delivery.developing import Development

    development = Development(node, settings.DEVELOP)
    return LiveSite(settings.SITE_FILES, development.load, development.show)


def components() -> tuple[Component, ...]:
    """None where nothing is being developed."""
    if not settings.DEVELOP:
        return ()
    return (
        Component(
            name="developing",
            requires=("ready",),
            run=lambda context, ended: follow(context.get(LiveSite), settings.DEVELOP, ended),
        ),
    )


def follow(site: LiveSite, folders: Sequence[Path], ended: threading.Event) -> None:
    """Until `ended` is set. A change is on the site within SECONDS and what loading takes."""
    seen = signature(folders)
    while not ended.wait(SECONDS):
        found = signature(folders)
        if found == seen:
            continue
        seen = found
        try:
            site.reload(site.current())
        except Exception as error:
            log.error("could not load the site", reason=str(error))


def signature(folders: Sequence[Path]) -> Signature:
    """Changes with every file that is written, added or removed."""
    found = []
    for folder in folders:
        for above, _, names in os.walk(folder):
            for name in names:
                try:
                    status = (Path(above) / name).stat()
                except OSError:
                    continue
                found.append((f"{above}/{name}", status.st_mtime_ns, status.st_size))
    return tuple(sorted(found))
