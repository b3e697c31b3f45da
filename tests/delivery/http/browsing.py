"""A cache as browsers and content networks have one, by RFC 9111 and not from our code."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.delivery.adapters import Ask, Got

Origin = Callable[[Ask], Got]
UPDATED_NEVER = frozenset({"content-length", "content-encoding", "content-type", "content-range"})
BY_DEFAULT = (200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501)
"""Kept and reused without asking for a while, where nothing is said (RFC 9110, 15.1)."""


@dataclass(slots=True)
class Kept:
    asked: Ask
    got: Got
    since: int


@dataclass(slots=True)
class Cache:
    """`is_shared` is a content network, else a browser. `by_date` knows no entity tags. `now` goes
    on by hand, in seconds."""

    origin: Origin
    is_shared: bool = False
    by_date: bool = False
    now: int = 0
    kept: dict[str, list[Kept]] = field(default_factory=dict)
    asked: int = 0
    answered_304: int = 0

    def get(self, ask: Ask) -> Got:
        stored = next((each for each in self.kept.get(_key(ask), []) if _fits(each, ask)), None)
        if stored and self._is_fresh(stored):
            return stored.got
        got = self._fetch(_conditional(ask, stored.got, by_date=self.by_date) if stored else ask)
        if got.status == 304:
            assert stored is not None
            self.answered_304 += 1
            stored.got = _updated(stored.got, got)
            stored.since = self.now
            return stored.got
        self._keep(ask, got)
        return got

    def purge(self) -> None:
        self.kept.clear()

    def _fetch(self, ask: Ask) -> Got:
        self.asked += 1
        return self.origin(ask)

    def _keep(self, ask: Ask, got: Got) -> None:
        before = [each for each in self.kept.get(_key(ask), []) if not _fits(each, ask)]
        said = _directives(got)
        may = "no-store" not in said and not (self.is_shared and "private" in said)
        if may and got.header("vary") != "*" and got.status in BY_DEFAULT:
            before.append(Kept(ask, got, self.now))
        self.kept[_key(ask)] = before

    def _is_fresh(self, stored: Kept) -> bool:
        said = _directives(stored.got)
        if "no-cache" in said:
            return False
        seconds = said.get("s-maxage") if self.is_shared else None
        seconds = said.get("max-age") if seconds is None else seconds
        if seconds is None:
            return True
        return self.now - stored.since < int(seconds)


def _key(ask: Ask) -> str:
    return f"{ask.path}?{ask.query}"


def _directives(got: Got) -> dict[str, str]:
    parts = (part.strip().partition("=") for part in (got.header("cache-control") or "").split(","))
    return {name.lower(): value for name, _, value in parts if name}


def _fits(stored: Kept, ask: Ask) -> bool:
    """Whether what Vary names is the same in both requests (RFC 9111, 4.1)."""
    names = (name.strip() for name in (stored.got.header("vary") or "").split(",") if name.strip())
    return all(dict(stored.asked.headers).get(n) == dict(ask.headers).get(n) for n in names)


def _conditional(ask: Ask, got: Got, *, by_date: bool) -> Ask:
    etag, modified = got.header("etag"), got.header("last-modified")
    conditions = (("if-none-match", etag if not by_date else None), ("if-modified-since", modified))
    return replace(ask, headers=(*ask.headers, *((n, v) for n, v in conditions if v)))


def _updated(stored: Got, by: Got) -> Got:
    """Of a 304 the stored headers take what is new (RFC 9111, 3.2); none of them goes."""
    new = tuple(pair for pair in by.headers if pair[0] not in UPDATED_NEVER)
    headers = tuple(pair for pair in stored.headers if pair[0] not in dict(new))
    return replace(stored, headers=(*headers, *new))
