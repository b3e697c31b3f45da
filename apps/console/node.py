"""What the console works with: the workers, the renderer and the live site of its process, which
start-up hands over."""

import sqlite3
from dataclasses import dataclass, field

from django.conf import settings
from django.db import Error

from apps.content.files import ContentFiles
from apps.content.index import Index
from apps.content.problems import Problem
from apps.content.rendering import Renderer
from apps.content.scribe import Scribe
from apps.delivery.live import LiveSite
from apps.delivery.served import Node
from apps.gitsync.errors import GitFault
from apps.gitsync.local import local_site, storage, sync_and_record
from apps.gitsync.report import REFUSED
from apps.gitsync.syncing.update import LocalSite
from apps.runtime.workers import Workers

_current: list["ConsoleNode"] = []


class NotRunning(Exception):
    """Django was started without the rest of the product."""

    def __init__(self) -> None:
        super().__init__("this process serves no site; start it with manage.py serve or runserver")


@dataclass(frozen=True, slots=True)
class Followed:
    """What this node makes of a commit, which stays whatever that is. `reason` says why it is not
    served yet."""

    problems: tuple[Problem, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleNode:
    workers: Workers
    renderer: Renderer
    live: LiveSite
    _scribe: list[Scribe] = field(default_factory=list)
    """One, once somebody writes: its workers are kept warm."""

    def site(self, environment: str | None = None) -> LocalSite:
        """Raises GitFault for an environment that the settings do not name."""
        return local_site(self.workers, self.renderer, environment)

    def scribe(self) -> Scribe:
        if not self._scribe:
            self._scribe.append(Scribe(self.workers))
        return self._scribe[0]

    def apart(self, files: ContentFiles) -> Node:
        """To make pages of an index that only the console looks at."""
        return Node(
            index=Index(files),
            files=files,
            renderer=self.renderer,
            workers=self.workers,
            bundled=settings.BUNDLED_EXTENSIONS,
            containment=self.live.current().containment.apart(),
            pinned=settings.PINS_REQUIRED,
        )

    def follow(self) -> Followed:
        """Serves what was just committed here, without the network."""
        before = _indexed()
        try:
            with storage():
                report = sync_and_record(self.site(), fetching=False)
        except (GitFault, Error) as error:
            return Followed(reason=str(error) if _indexed() == before else "")
        reason = report.reason() if report.state == REFUSED else ""
        return Followed(tuple(report.problems), reason)


def _indexed() -> str | None:
    """The commit that the index is of, however a sync ended."""
    try:
        pointer = Index(settings.SITE_FILES).pointer()
    except sqlite3.Error:
        return None
    return pointer.commit_id if pointer else None


def use(made: ConsoleNode | None) -> None:
    """None when the process stops."""
    _current[:] = [made] if made else []


def node() -> ConsoleNode:
    """Raises NotRunning."""
    if not _current:
        raise NotRunning
    return _current[0]
