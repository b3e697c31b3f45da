"""The same rules over real connections: what a server does to a reply may break them as well."""

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from tests.delivery.http.cases import CASES, Asked, Known
from tests.delivery.http.places import FILES, MISSING, MOVED, PLACES
from tests.sites import CONFIG
from tests.whispercms.nodes import made
from whispercms.servers import SERVERS

INSTALLED = [name for name, server in SERVERS.items() if server.is_installed()]
ROUNDS = 2
"""Made afresh first, then from the cache."""


@dataclass(frozen=True, slots=True)
class Line:
    """One connection, which is used for all requests: a byte too many or too few shows in the next
    answer."""

    connection: http.client.HTTPConnection

    def get(self, path: str, asked: Asked, method: str = "GET") -> "Read":
        named = {name.replace("_", "-"): value for name, value in asked.items()}
        self.connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in named.items():
            self.connection.putheader(name, value)
        self.connection.endheaders()
        reply = self.connection.getresponse()
        headers = {name.lower(): value for name, value in reply.getheaders()}
        return Read(reply.status, headers, reply.read())


@dataclass(frozen=True, slots=True)
class Read:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def own(self) -> dict[str, str]:
        """What the server adds for itself or for this one answer is left out."""
        left = ("date", "server", "connection", "x-request-id")
        return {name: value for name, value in self.headers.items() if name not in left}


@contextmanager
def served(folder: Path, server: str) -> Iterator[Line]:
    repository, instance = made(folder, SERVER=server)
    plain = {path: content for path, content in FILES.items() if "linking" not in path}
    repository.commit({**plain, "config.toml": CONFIG, "extensions.lock": None})
    with instance.started():
        connection = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=20)
        try:
            yield Line(connection)
        finally:
            connection.close()


@pytest.mark.long
@pytest.mark.parametrize("server", INSTALLED)
def test_a_server_keeps_the_rules(server: str, tmp_path: Path) -> None:
    with served(tmp_path, server) as line:
        wrong = [each for _ in range(ROUNDS) for each in _wrong(line)]
        wrong += _wrong_without_page(line)
    assert wrong == []


def _wrong(line: Line) -> Iterator[str]:
    for name, path in PLACES.items():
        plain, br = line.get(path, {}), line.get(path, {"accept_encoding": "br"})
        own = plain.headers
        known = Known(own["etag"], own["last-modified"], len(plain.body), br.headers["etag"])
        cases = [case for case in CASES if known.tag != known.br or "BR" not in str(case)]
        for status, asked in cases:
            told = known.told(asked)
            get = line.get(path, told)
            head = line.get(path, told, "HEAD")
            place = f"{name} {asked}"
            if "accept_encoding" in asked and known.tag == known.br:
                continue
            if get.status != status:
                yield f"{place}: {get.status} for {status}"
            if "range" not in asked and (head.status, head.own()) != (get.status, get.own()):
                yield f"{place}: HEAD {head.status} {head.own()} for {get.own()}"
            yield from (f"{place}: {each}" for each in _badly_framed(get, head))


def _badly_framed(get: Read, head: Read) -> Iterator[str]:
    if head.body:
        yield f"{len(head.body)} bytes for HEAD"
    if get.status == 304 and (get.body or {"content-type", "content-length"} & get.own().keys()):
        yield f"304 with {get.own()}"
    if get.status != 304 and get.headers.get("content-length") != str(len(get.body)):
        yield f"length {get.headers.get('content-length')} of {len(get.body)}"
    if "date" not in get.headers:
        yield "no date"
    else:
        parsedate_to_datetime(get.headers["date"])


def _wrong_without_page(line: Line) -> Iterator[str]:
    for path, method, status in (
        (MISSING, "GET", 404),
        (MOVED, "GET", 301),
        ("/one/", "DELETE", 405),
        ("/%00", "GET", 400),
    ):
        read = line.get(path, {"if_none_match": "*", "range": "bytes=0-1"}, method)
        if read.status != status or {"etag", "last-modified"} & read.headers.keys():
            yield f"{method} {path}: {read.status} {read.own()}"
        if not read.headers.get("cache-control"):
            yield f"{method} {path}: nothing on caching"
