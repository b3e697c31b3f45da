"""What the dashboard shows, gathered: each part is small, and one that cannot be read is told as
such instead of taking the page with it."""

from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any, Final

from django.conf import settings

from apps.console.node import ConsoleNode
from apps.content.index import Index
from apps.content.problems import Problem
from apps.delivery.live import LiveSite
from apps.extensions.containment.containment import Status
from apps.extensions.registry import MountedTheme
from apps.gitsync import unpublished
from apps.gitsync.authoring import waiting
from apps.gitsync.clone.tended import read_tended
from apps.gitsync.clone.tended import trouble as clone_trouble
from apps.gitsync.models import SyncRun
from apps.gitsync.report import REFUSED
from apps.gitsync.runs import FAILED, latest_good_run, latest_run
from apps.runtime.standing_file import PROGRAMS, read_standings, troubles

PROBLEMS: Final = 8
RUNS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One extension: `status` is None for one that runs."""

    key: str
    name: str
    version: str
    status: Status | None
    retry_in: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    title: str
    commit: str
    branch: str
    environment: str
    pinned: str
    unpublished: int
    queued: bool
    last: SyncRun | None
    last_good: SyncRun | None
    runs: tuple[SyncRun, ...]
    troubles: tuple[str, ...]
    extensions: tuple[Shown, ...]
    problems: tuple[Problem, ...]
    problem_count: int

    @property
    def is_well(self) -> bool:
        return not self.troubles


def front(node: ConsoleNode) -> Front:
    """A handful of indexed queries, and one program of Git where there may be commits of our own.
    Raises sqlite3.Error and django.db.Error."""
    source = settings.SITE_SOURCE
    served, last = node.live.current(), latest_run()
    problems, count = Index(settings.SITE_FILES).problems(PROBLEMS)
    return Front(
        title=str(served.context.values.get("title", "")),
        commit=served.commit,
        branch=served.branch,
        environment=settings.ENVIRONMENT,
        pinned=last.pinned if last else "",
        unpublished=unpublished.count(source),
        queued=waiting(source),
        last=last,
        last_good=latest_good_run(),
        runs=tuple(SyncRun.objects.filter(site=settings.SITE_KEY)[:RUNS]),
        troubles=_troubles(node.live, last),
        extensions=_extensions(node.live),
        problems=tuple(problems),
        problem_count=count,
    )


def _troubles(live: LiveSite, last: SyncRun | None) -> tuple[str, ...]:
    found: list[Any] = [last.reason] if last and last.state in (REFUSED, FAILED) else []
    found.append(clone_trouble(read_tended(settings.SITE_SOURCE)))
    found += troubles(read_standings(Path(settings.STATE) / PROGRAMS)).values()
    if not live.current().containment.known:
        found.append("the states of the extensions are not known yet")
    return tuple(filter(None, found))


def _extensions(live: LiveSite) -> tuple[Shown, ...]:
    served, now = live.current(), time()
    shut = served.containment.shut()
    found = []
    for each in served.registry.extensions():
        key = f"{'theme' if isinstance(each, MountedTheme) else 'plugin'}:{each.id}"
        status = next((s for k, s in shut.items() if k == key or k.startswith(f"{key}/")), None)
        found.append(
            Shown(
                key=key,
                name=each.id,
                version=str(each.manifest.version),
                status=status,
                retry_in=status.retry_in(now) if status else None,
            )
        )
    return tuple(found)
