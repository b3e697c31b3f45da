"""What goes to a confined worker that upgrades a site, and what comes back. Pure.

An answer is hostile until it is decoded here.
"""

import os
from collections.abc import Mapping
from typing import Any, Protocol

from apps.content.carrying import as_bytes, as_content, as_text
from apps.content.upgrades import Files, Upgrade, UpgradeError, upgrade


class SiteUpgrades(Protocol):
    """As `upgrade`, wherever that is done."""

    def upgrade(self, files: Files) -> Upgrade: ...


def upgrade_request(files: Files) -> dict[str, Any]:
    return {"files": _told(files)}


def answer_upgrade(request: Any) -> dict[str, Any]:
    """In the worker. Raises ValueError or KeyError for what is no request."""
    given = _files(request["files"]).items()
    files = {path: content for path, content in given if content is not None}
    try:
        found = upgrade(files)
    except UpgradeError as error:
        return {"refused": str(error)}
    return {
        "before": found.before,
        "after": found.after,
        "changed": _told(found.changed),
        "said": list(found.said),
    }


def upgrade_of(answered: Any) -> Upgrade:
    """Raises UpgradeError for a refusal; ValueError, KeyError or TypeError for what is no
    answer."""
    if refused := answered.get("refused"):
        raise UpgradeError(str(refused))
    return Upgrade(
        before=int(answered["before"]),
        after=int(answered["after"]),
        changed=_files(answered["changed"]),
        said=tuple(map(str, answered["said"])),
    )


def _told(files: Mapping[str, bytes | None]) -> list[list[str | None]]:
    """Paths are no text that a message could hold: Git's may be any bytes."""
    return [[as_text(os.fsencode(path)), as_text(content)] for path, content in files.items()]


def _files(told: Any) -> dict[str, bytes | None]:
    return {os.fsdecode(as_content(path)): as_bytes(content) for path, content in told}
