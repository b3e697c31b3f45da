"""What the console works with: the workers, the renderer and the live site of its process, which
start-up hands over."""

from dataclasses import dataclass, field

from apps.content.rendering import Renderer
from apps.content.scribe import Scribe
from apps.delivery.live import LiveSite
from apps.gitsync.local import local_site, storage, sync_and_record
from apps.gitsync.report import SyncReport
from apps.gitsync.syncing.update import LocalSite
from apps.runtime.workers import Workers

_current: list["ConsoleNode"] = []


class NotRunning(Exception):
    """Django was started without the rest of the product."""

    def __init__(self) -> None:
        super().__init__("this process serves no site; start it with manage.py serve or runserver")


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

    def follow(self) -> SyncReport:
        """Serves what was just committed here, without the network. Raises GitFault."""
        with storage():
            return sync_and_record(self.site(), fetching=False)


def use(made: ConsoleNode | None) -> None:
    """None when the process stops."""
    _current[:] = [made] if made else []


def node() -> ConsoleNode:
    """Raises NotRunning."""
    if not _current:
        raise NotRunning
    return _current[0]
