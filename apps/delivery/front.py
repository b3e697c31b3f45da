"""The one door to the read half: every adapter asks here, first for what needs no work."""

from typing import NamedTuple

import structlog

from apps.delivery import replies
from apps.delivery.answer import Made, make, sent
from apps.delivery.caching.cache import ResponseCache
from apps.delivery.caching.entries import Entry, Fresh
from apps.delivery.caching.store import Room
from apps.delivery.http.conditions import respond
from apps.delivery.http.making import represent
from apps.delivery.http.representation import Representations
from apps.delivery.http.sending import PLAIN, Sending
from apps.delivery.incoming import Headers, Incoming
from apps.delivery.ingress.ingress import Ingress
from apps.delivery.live import LiveSite
from apps.delivery.measures import Measures, Outcome
from apps.delivery.plain_hits import Plain, PlainHits
from apps.delivery.query_keys import read
from apps.delivery.replies import Reply
from apps.delivery.requests import (
    METHODS,
    BadPath,
    NotNormal,
    PageRequest,
    decode_path,
    decode_query,
    new_id,
)
from apps.delivery.served import Served
from apps.delivery.traces import Trace
from apps.delivery.unread import unread

log = structlog.get_logger("whispercms.request")


class Answer(NamedTuple):
    """A reply, which others may be given as well, and the headers of this one answer. `fresh` is
    what the reply was made as, now or before."""

    reply: Reply
    more: Headers = ()
    outcome: Outcome = Outcome.PASS
    fresh: Fresh | None = None


class Front:
    """What is None is switched off and costs one comparison. `tells_hits`: answers from the cache
    are logged like the others."""

    def __init__(
        self,
        site: LiveSite,
        *,
        ingress: Ingress | None = None,
        cache: ResponseCache | None = None,
        sending: Sending = PLAIN,
        tells_hits: bool = False,
    ) -> None:
        self._site = site
        self._ingress = ingress
        # What an author is shown of a page in development is for that one request.
        self._cache = cache if site.show is None else None
        self._sending = sending
        self._tells_hits = tells_hits

    def quick(self, incoming: Incoming) -> Answer | None:
        """What can be said at once, from memory: a refusal, or what is in the cache. Never
        blocks."""
        if self._ingress is not None and (refused := self._ingress.refusal(incoming)):
            return Answer(refused, (("x-request-id", self._id(incoming)),), Outcome.REFUSED)
        cache = self._cache if incoming.method in METHODS else None
        served = None if cache is None else self._site.glance()
        if cache is None or served is None:
            return None
        try:
            path = _path(incoming)
            found = cache.find(path, incoming, served)
            if found is None:
                _decoded_path(incoming)
                return None
        except BadPath as bad:
            return self._unread(bad, incoming)
        entry, representations = found
        if incoming.query and not _may_have_query(entry, incoming.query):
            return None
        reply = respond(representations, incoming)
        if reply is None:
            return None
        entry.hits += 1
        request_id = self._id(incoming)
        if self._tells_hits:
            status, method = reply.status, incoming.method
            log.info("hit", request_id=request_id, method=method, path=path, status=status)
        return self._answer(incoming, reply, request_id, (Outcome.HIT, entry.fresh))

    def plain(self) -> Plain | None:
        """A shorter way to what `quick` says of requests that ask for nothing but a page; None
        where there is none."""
        return self._plain(None)

    def _plain(self, measures: Measures | None) -> Plain | None:
        if self._cache is None or self._tells_hits:
            return None
        if self._ingress is not None and not self._ingress.knows_by_host:
            return None
        return PlainHits(
            self._site,
            self._cache,
            unreadable=unread().whole.reply,
            ingress=self._ingress,
            measures=measures,
        ).reply

    def answer(self, incoming: Incoming) -> Answer:
        """Everything else; to be called on a thread."""
        try:
            request = decoded(incoming, self._id(incoming))
        except BadPath as bad:
            return self._unread(bad, incoming)
        if request.query and (refused := self._too_many_searches(request, incoming)):
            return Answer(refused, (("x-request-id", request.id),), Outcome.REFUSED)
        served = self._current() if self._cache is not None else None
        if self._cache is None or served is None or request.method not in METHODS:
            fresh = self._made(request)
            reply = sent(fresh.representations, incoming)
            return self._answer(incoming, reply, request.id, (Outcome.PASS, fresh))
        entry, outcome = self._obtained(self._cache, request, served)
        reply = sent(self._cache.complete(entry, incoming), incoming)
        entry.hits += 1
        return self._answer(incoming, reply, request.id, (outcome, entry.fresh))

    def _too_many_searches(self, request: PageRequest, incoming: Incoming) -> Reply | None:
        """Who asks something of a page that reads the query has a number of such pages."""
        served = self._current() if self._ingress is not None else None
        if self._ingress is None or served is None:
            return None
        keys = served.routes.keys(request.path)
        asks = any(read(request, key) for key in keys)
        return self._ingress.too_many_searches(incoming) if asks else None

    def room(self) -> Room | None:
        """What the cache has taken; None where there is none."""
        return None if self._cache is None else self._cache.room()

    @property
    def is_busy(self) -> bool:
        """Whether visitors wait for what others may be given."""
        return self._cache is not None and self._cache.is_busy

    def fallen(self, served: Served, most: int) -> list[Entry]:
        """Of what was asked for most of late, what nobody knows to hold as the site is now."""
        return [] if self._cache is None else self._cache.fallen(served, most)

    def warm(self, request: PageRequest) -> None:
        """Has the response in the cache, if it can be there."""
        if self._cache is not None and (served := self._current()):
            self._cache.complete(self._obtained(self._cache, request, served)[0], request)

    def _obtained(
        self, cache: ResponseCache, request: PageRequest, served: Served
    ) -> tuple[Entry, Outcome]:
        made: list[Fresh] = []

        def fresh() -> Fresh:
            made.append(self._made(request))
            return made[0]

        entry = cache.obtain(request, served, fresh)
        if not entry.fresh.keeps:
            return entry, Outcome.PASS
        return entry, Outcome.MISS if made else Outcome.HIT

    def _made(self, request: PageRequest) -> Fresh:
        return self._fresh(make(request, self._site, self._trace()), request)

    def _trace(self) -> Trace:
        return Trace()

    def _id(self, incoming: Incoming) -> str:
        return new_id() if self._ingress is None else self._ingress.request_id(incoming)

    def _current(self) -> Served | None:
        """None where the site cannot be loaded; whoever makes a page then says why."""
        try:
            return self._site.current()
        except Exception:
            return None

    def _fresh(self, made: Made, request: PageRequest) -> Fresh:
        served, names = made.served, made.read
        representations = represent(made.reply, made.origin, self._sending)
        carries_query = made.reply.header("location") is not None
        return Fresh(
            path=request.path,
            route=made.route,
            names=names,
            values=tuple(read(request, name) for name in names),
            facts=made.observation.facts if made.observation else (),
            made_by=served.made_by if served else "",
            token=served.token if served else None,
            quarantined=made.quarantined,
            representations=representations,
            keeps=made.is_lasting and not (carries_query and request.query),
            carries_query=carries_query,
            proposed=made.trace.summary(),
        )

    def _unread(self, bad: BadPath, incoming: Incoming) -> Answer:
        reply = sent(_unreadable(bad, incoming.query, as_json=self._is_of_json(incoming)), incoming)
        return self._answer(incoming, reply, self._id(incoming), (Outcome.REFUSED, None))

    def _is_of_json(self, incoming: Incoming) -> bool:
        served = self._site.glance()
        return served is not None and served.routes.is_of_json(incoming.path)

    def _answer(
        self,
        incoming: Incoming,
        reply: Reply,
        request_id: str,
        told: tuple[Outcome, Fresh | None],
    ) -> Answer:
        if self._ingress is not None:
            reply = self._ingress.dressed(incoming, reply)
        return Answer(reply, (("x-request-id", request_id),), *told)


def own_id() -> Headers:
    """For answers that do not come from the front."""
    return (("x-request-id", new_id()),)


def decoded(incoming: Incoming, request_id: str) -> PageRequest:
    """Raises BadPath."""
    return PageRequest(
        method=incoming.method,
        path=_decoded_path(incoming),
        query=decode_query(incoming.query),
        headers=incoming.headers(),
        id=request_id,
    )


def _path(incoming: Incoming) -> str:
    """The address that a response is kept by, however it is spelled. Raises BadPath for some of
    what cannot be read: nothing is kept by the others."""
    path = incoming.path
    if path.isascii() and not (incoming.quoted and "%" in path):
        return path or "/"
    return _decoded_path(incoming)


def _decoded_path(incoming: Incoming) -> str:
    """Raises BadPath."""
    try:
        octets = incoming.path.encode("latin-1")
    except UnicodeEncodeError as error:
        raise BadPath from error
    return decode_path(octets, quoted=incoming.quoted) if octets else "/"


def _may_have_query(entry: Entry, query: str) -> bool:
    return not entry.fresh.carries_query and _is_readable(query)


def _is_readable(query: str) -> bool:
    try:
        decode_query(query)
    except BadPath:
        return False
    return True


def _unreadable(bad: BadPath, query: str, *, as_json: bool) -> Representations:
    if isinstance(bad, NotNormal) and _is_readable(query):
        return represent(replies.redirect(bad.path, query))
    return unread(bad.status, as_json=as_json)
