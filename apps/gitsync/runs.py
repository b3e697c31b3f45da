"""How the syncs of this node went; loads nothing of Git, as whoever only serves asks it too."""

import socket
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from apps.gitsync.models import SyncRun
from apps.gitsync.report import REFUSED

FAILED: Final = "failed"


def latest_run(environment: str | None = None) -> SyncRun | None:
    """How the last sync of an environment went on this node, of the served one without a name; one
    indexed query."""
    return _runs(environment).order_by("-id").first()


def latest_good_run() -> SyncRun | None:
    """The last one of the served environment that brought it to what the remote has."""
    return _runs(None).exclude(state__in=(FAILED, REFUSED)).order_by("-id").first()


def _runs(environment: str | None) -> QuerySet[SyncRun]:
    return SyncRun.objects.filter(
        site=settings.SITE_KEY,
        node=socket.gethostname(),
        environment=environment or settings.ENVIRONMENT,
    )
