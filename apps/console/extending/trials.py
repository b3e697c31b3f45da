"""What rehearsals came to, for the pages that show them: in memory, bounded, each for who asked."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Final

from apps.console.extending.bounds import TRIAL_BYTES, TRIAL_PAGE_BYTES, TRIAL_SECONDS, TRIALS
from apps.console.remembered import Remembered
from apps.delivery.replies import Reply
from apps.delivery.trying.rehearsal import Assets, Rehearsal

LEVEL: Final = 1
SIDES: Final = ("before", "after")


@dataclass(frozen=True, slots=True)
class Version:
    """One page as a visitor would be sent it. `body` is compressed."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def reply(self) -> Reply:
        return Reply(self.status, self.headers, zlib.decompress(self.body))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`back` leads to the page that would do it. `pages` are in the order of their addresses, as
    many as there is room for."""

    owner: str
    title: str
    back: str
    found: Rehearsal
    pages: Mapping[str, tuple[Version, Version]]
    assets: Assets
    is_look: bool
    id: str = field(default_factory=lambda: token_urlsafe(12))


@dataclass(slots=True)
class Keeping:
    """Takes pages as they are made."""

    pages: dict[str, tuple[Version, Version]] = field(default_factory=dict)
    _left: int = TRIAL_BYTES

    def __call__(self, url: str, before: Reply, after: Reply) -> None:
        bodies = [each.body for each in (before, after) if isinstance(each.body, bytes)]
        if len(bodies) != len(SIDES) or max(map(len, bodies)) > TRIAL_PAGE_BYTES:
            return
        both = (_version(before, bodies[0]), _version(after, bodies[1]))
        size = sum(len(each.body) for each in both)
        if size <= self._left:
            self._left -= size
            self.pages[url] = both


_kept: Final = Remembered[Trial](TRIALS, TRIAL_SECONDS)
find = _kept.find


def keep(trial: Trial) -> None:
    _kept.put(trial.id, trial.owner, trial)


def _version(reply: Reply, body: bytes) -> Version:
    return Version(reply.status, reply.headers, zlib.compress(body, LEVEL))
