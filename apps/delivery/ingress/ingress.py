"""What every request passes before anything is made of it: method, host, headers, body, address,
rate. From memory alone, and cheaper than the cheapest page.
"""

from collections.abc import Callable
from typing import Protocol

from apps.delivery.incoming import Incoming
from apps.delivery.ingress import refusals
from apps.delivery.ingress.bounds import PATH_LENGTH, QUERY_LENGTH
from apps.delivery.ingress.clients import Clients
from apps.delivery.ingress.hosts import Hosts, name_of
from apps.delivery.ingress.lines import refusal_of
from apps.delivery.ingress.origins import METHODS as WITH_OPTIONS
from apps.delivery.ingress.origins import Origins
from apps.delivery.ingress.quotas import SEARCHES
from apps.delivery.ingress.telling import Telling
from apps.delivery.replies import Reply
from apps.delivery.requests import METHODS, new_id

NO_BODY = frozenset({None, "", "0"})
TOO_MANY = 429


Wait = Callable[[str, str], int]


class Waits(Protocol):
    """Counts a request, and says for how many seconds the client has to wait; 0: it may go on."""

    def wait(self, path: str, client: str) -> int: ...


class Ingress:
    """What is None is switched off and costs nothing."""

    def __init__(
        self,
        hosts: Hosts,
        *,
        clients: Clients | None = None,
        origins: Origins | None = None,
        allowances: Waits | None = None,
        searches: Callable[[], Waits] | None = None,
    ) -> None:
        self.hosts = hosts
        self._clients = clients or Clients(())
        self._origins = origins
        self._allowances = allowances
        self._searches = searches
        self._telling = Telling()
        self._bad_method = refusals.bad_method(METHODS if origins is None else WITH_OPTIONS)

    def refusal(self, incoming: Incoming) -> Reply | None:
        """Why a page is not even looked for; None where it is."""
        refused = self._refusal(incoming)
        return None if refused is None else self._said(refused, incoming)

    def _refusal(self, incoming: Incoming) -> Reply | None:
        if incoming.method not in METHODS:
            return self._other_method(incoming)
        if refused := self._strange(incoming) or self._unfit(incoming):
            return refused
        if self._allowances is None:
            return None
        wait = self._allowances.wait(incoming.path, self._clients.of(incoming))
        return refusals.too_many(wait) if wait else None

    def strange(self, incoming: Incoming, *, any_host: bool = False) -> Reply | None:
        """What is wrong with a request whatever it asks for. Who asks for the health of a node
        calls it by any name."""
        refused = self._strange(incoming, any_host=any_host)
        return None if refused is None else self._said(refused, incoming)

    def _strange(self, incoming: Incoming, *, any_host: bool = False) -> Reply | None:
        host = incoming.header("host")
        if not (any_host or host in self.hosts.seen) and (bad := self._host(host)):
            return bad
        lines = incoming.lines
        return refusal_of(lines) if lines else None

    @property
    def knows_by_host(self) -> bool:
        """Whether a request without a body is judged by host and rate alone, and no header of it
        is read for what it is told."""
        return self._origins is None and self._clients.trusts_nobody

    @property
    def wait(self) -> Wait | None:
        """Counts a request of a path and a client; None where nobody does."""
        return None if self._allowances is None else self._allowances.wait

    def too_many(self, wait: int) -> Reply:
        """As `refusal` says it to who has so long to wait, whatever else was asked for."""
        self._telling.note(TOO_MANY)
        return refusals.too_many(wait)

    def too_many_searches(self, incoming: Incoming) -> Reply | None:
        """Of a request that has to be searched for; what is kept of searches is not counted."""
        if self._searches is None:
            return None
        wait = self._searches().wait(SEARCHES, self._clients.of(incoming))
        return self._said(refusals.too_many(wait), incoming) if wait else None

    def client(self, incoming: Incoming) -> str:
        """The address that requests are counted by; of IPv6 the network."""
        return self._clients.of(incoming)

    def request_id(self, incoming: Incoming) -> str:
        """What a proxy that is trusted calls the request, or a name of our own."""
        return self._clients.request_id(incoming) or new_id()

    def dressed(self, incoming: Incoming, reply: Reply) -> Reply:
        """A reply as this request is to see it."""
        return reply if self._origins is None else self._origins.dressed(incoming, reply)

    def _said(self, refused: Reply, incoming: Incoming) -> Reply:
        self._telling.note(refused.status)
        reply = self.dressed(incoming, refused)
        return reply.without_body() if incoming.method == "HEAD" else reply

    def _host(self, host: str | None) -> Reply | None:
        if not host:
            return refusals.NO_HOST
        name = name_of(host)
        if name is None:
            return refusals.BAD_HOST
        return None if self.hosts.knows(name, host) else refusals.OTHER_HOST

    def _unfit(self, incoming: Incoming) -> Reply | None:
        length = incoming.header("content-length")
        if length not in NO_BODY:
            is_number = length is not None and length.isascii() and length.isdigit()
            return refusals.BODY if is_number else refusals.BAD_LENGTH
        if incoming.header("transfer-encoding") is not None:
            return refusals.BODY
        if incoming.path[:1] != "/":
            return refusals.BAD_ADDRESS
        if len(incoming.path) > PATH_LENGTH or len(incoming.query) > QUERY_LENGTH:
            return refusals.LONG_ADDRESS
        return None

    def _other_method(self, incoming: Incoming) -> Reply:
        if self._origins is None or incoming.method != "OPTIONS":
            return self._bad_method
        return self._strange(incoming) or self._origins.preflight(incoming)
