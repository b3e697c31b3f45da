"""The commits that this node alone has, as a node tells of them. Git is loaded where there may be
some.
"""

from pathlib import Path
from typing import Final

import structlog
from django.conf import settings

from apps.gitsync.source import SiteSource

log = structlog.get_logger("whispercms.publish")

OWN: Final = "refs/heads"


def count(source: SiteSource) -> int:
    """0 where nobody ever wrote."""
    if not may_have_own(source.repository):
        return 0
    from apps.gitsync.authoring import count_unpublished

    return count_unpublished(source)


def may_have_own(repository: Path) -> bool:
    """Whether there is a branch of this node's own, by Git's files alone."""
    try:
        if any(path.is_file() for path in (repository / OWN).rglob("*")):
            return True
        return f" {OWN}/".encode() in (repository / "packed-refs").read_bytes()
    except FileNotFoundError:
        return False
    except OSError:  # Git itself tells why it cannot be read.
        return True


def warn_of_unpublished(*_: object) -> None:
    """At the start and at the stop of a node."""
    if commits := count(settings.SITE_SOURCE):
        told = "1 commit is" if commits == 1 else f"{commits} commits are"
        log.warning(f"{told} not pushed; run manage.py publishrepo", commits=commits)
