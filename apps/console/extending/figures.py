"""What the workers of one extension have used in this process, and what was told of it lately."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max, Q

from apps.console.extending.bounds import EVENTS, EVENTS_BACK
from apps.delivery.live import LiveSite
from apps.extensions.finding import Kind
from apps.extensions.registry import EnabledPlugin, MountedTheme
from apps.policy.entities import Extension
from apps.policy.models import AuditEvent
from apps.runtime.counts import Counts
from apps.runtime.workers import WorkerPool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`seconds` are of the processor and `most_bytes` of memory, of the workers that there are;
    None where nobody knows. `limits` are what one call may take."""

    counts: Counts
    seconds: float | None
    most_bytes: int | None
    cpu_limit: float
    memory_limit: int
    is_shared: bool


def running(live: LiveSite, kind: Kind, name: str) -> list[MountedTheme | EnabledPlugin]:
    """As it runs now, once for each mount."""
    registry = live.current().registry
    found: Sequence[MountedTheme | EnabledPlugin]
    found = registry.themes if kind == "theme" else registry.plugins
    return [each for each in found if each.id == name]


def figures(live: LiveSite, kind: Kind, name: str) -> Figures | None:
    """None where it does not run."""
    found = running(live, kind, name)
    pools = list({id(each.pool): each.pool for each in found}.values())
    if not pools:
        return None
    shared = any(isinstance(each, EnabledPlugin) and each.together for each in found)
    return _figures(pools, shared)


def events(extension: Extension) -> list[AuditEvent]:
    """The newest first; those of its breakers as well. Of the newest rows only."""
    rows = AuditEvent.objects.filter(site=settings.SITE_KEY)
    newest = rows.aggregate(newest=Max("id"))["newest"] or 0
    own = Q(resource=str(extension)) | Q(resource=extension.key) | Q(principal=extension.key)
    own |= Q(resource__startswith=f"{extension.key}/")
    return list(rows.filter(own, id__gt=newest - EVENTS_BACK).order_by("-id")[:EVENTS])


def _figures(pools: Sequence[WorkerPool], shared: bool) -> Figures:
    counts = pools[0].counts()
    for pool in pools[1:]:
        counts += pool.counts()
    usages = [usage for pool in pools for usage in pool.usages().values()]
    seconds = sum(usage.cpu_seconds for usage in usages)
    most = max((usage.peak_bytes for usage in usages), default=math.nan)
    limits = pools[0].spec.limits
    return Figures(
        counts=counts,
        seconds=None if math.isnan(seconds) else seconds,
        most_bytes=None if math.isnan(most) else int(most),
        cpu_limit=limits.cpu_seconds,
        memory_limit=limits.memory,
        is_shared=shared,
    )
