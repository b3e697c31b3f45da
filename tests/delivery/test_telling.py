import re
from ipaddress import ip_network

import pytest

from apps.delivery.caching.cache import ResponseCache
from apps.delivery.front import Answer
from apps.delivery.ingress.clients import Clients
from apps.delivery.ingress.hosts import Hosts
from apps.delivery.ingress.ingress import Ingress
from apps.delivery.measures import NO_ROUTE, Measures, Outcome
from apps.delivery.replies import Reply
from apps.delivery.telling import HEADER_CHARACTERS, MORE, TellingFront, _listed
from tests.delivery.caching.pairs import ROOM, Visit
from tests.delivery.extending import METADATA, config, lock, plugin, served
from tests.sites import Site, SiteRepository

OWN_ID = re.compile(r"[0-9a-f]{16}")
HOST = (("host", "example.org"),)
BEHIND = "10.0.0.1"


class Asked:
    """A front that is watched, and what it says of each answer."""

    def __init__(self, site: Site) -> None:
        self.measures = Measures()
        clients = Clients([ip_network("10.0.0.0/8")])
        self.front = TellingFront(
            site.live,
            ingress=Ingress(Hosts(("example.org",), lambda: None), clients=clients),
            cache=ResponseCache(ROOM),
            measures=self.measures,
            explains=True,
        )

    def get(self, path: str, *sent: tuple[str, str], method: str = "GET") -> Answer:
        visit = Visit(path, method, sent=(*HOST, *sent), peer=BEHIND)
        return self.front.quick(visit) or self.front.answer(visit)

    def told(self, path: str, name: str, *sent: tuple[str, str], method: str = "GET") -> str:
        return dict(self.get(path, *sent, method=method).more)[f"x-whisper-{name}"]

    def counted(self) -> dict[tuple[str, str, int], int]:
        times = self.measures.taken().times
        return {(k.route, str(k.outcome), k.status): sum(t.counts) for k, t in times.items()}


@pytest.fixture
def asked(repository: SiteRepository, site: Site) -> Asked:
    greeter = plugin("greeter", 'propose.metadata("greeting", "hello")', METADATA)
    files = {"config.toml": config("greeter"), **greeter, **lock(greeter=(METADATA,))}
    served(repository, site, files)
    return Asked(site)


def test_each_answer_is_counted_by_route_and_outcome(asked: Asked) -> None:
    for path in ("/one/", "/one/", "/two/", "/nowhere/", "/nowhere/"):
        asked.get(path)
    asked.get("/one/", method="BREW")
    asked.get("/%ff/")
    assert asked.counted() == {
        ("plain/document", "miss", 200): 2,
        ("plain/document", "hit", 200): 1,
        ("absent", "miss", 404): 1,
        ("absent", "hit", 404): 1,
        (NO_ROUTE, "refused", 405): 1,
        (NO_ROUTE, "refused", 400): 1,
    }
    assert asked.measures.taken().under_way == 0


def test_what_was_read_and_proposed_is_told_of_a_miss_and_of_a_hit(asked: Asked) -> None:
    for outcome in ("miss", "hit"):
        more = dict(asked.get("/one/").more)
        assert more["x-whisper-cache"] == outcome
        assert "document" in more["x-whisper-read"]
        assert more["x-whisper-proposed"] == "greeter=1"


def test_why_nothing_was_kept_is_told(asked: Asked, site: Site) -> None:
    assert asked.told("/one/", "cache", method="BREW") == "refused; nothing was made"
    without = TellingFront(site.live, explains=True)
    more = dict(without.answer(Visit("/one/", sent=HOST)).more)
    assert more["x-whisper-cache"] == "off"


def test_what_is_told_fits_into_a_header() -> None:
    assert _listed([]) == "nothing"
    assert _listed(["a\r\nset-cookie: b", "\u00e9"]) == "a??set-cookie: b, ?"
    assert _listed(["a" * HEADER_CHARACTERS]) == "a" * HEADER_CHARACTERS
    assert _listed(["a" * (HEADER_CHARACTERS + 1)]) == "a" * HEADER_CHARACTERS + MORE


def test_each_answer_has_an_id_of_its_own(asked: Asked) -> None:
    asks = [asked.get(path) for path in ("/one/", "/one/", "/nowhere/", "/%ff/")]
    asks.append(asked.get("/one/", method="BREW"))
    ids = [dict(answer.more)["x-request-id"] for answer in asks]
    assert len(set(ids)) == len(ids) and all(map(OWN_ID.fullmatch, ids))


@pytest.mark.parametrize("path", ["/one/", "/nowhere/", "/%ff/"])
def test_a_trusted_proxy_names_the_request(asked: Asked, path: str) -> None:
    for _ in range(2):
        named = asked.get(path, ("x-request-id", "from-the-proxy_1"))
        assert dict(named.more)["x-request-id"] == "from-the-proxy_1"


def test_it_keeps_the_reply_as_it_is(asked: Asked, site: Site) -> None:
    plain: Reply = TellingFront(site.live).answer(Visit("/one/", sent=HOST)).reply
    assert asked.get("/one/").reply == plain
    assert asked.get("/one/").outcome is Outcome.HIT
