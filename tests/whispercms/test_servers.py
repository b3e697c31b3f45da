import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.sites import ROOT
from tests.whispercms import slow
from tests.whispercms.certificates import Pair, pair
from tests.whispercms.nodes import descendants, end_all, free_port, gone
from whispercms import servers
from whispercms.servers import ASGI, DRAIN_SECONDS, SERVERS, WSGI, Listening, Server
from whispercms.web_settings import SERVERS as CHOICES

PLAIN = Listening(host="127.0.0.1", port=8000)
SECURE = replace(PLAIN, certificate=Path("/c.pem"), key=Path("/k.pem"))
INSTALLED = [each for each in SERVERS.values() if each.is_installed()]
CLOSES_LAST = ("gunicorn", "hypercorn")
"""They keep the port until the end, and let whoever comes meanwhile wait in vain."""
START_SECONDS, STOP_SECONDS = 20.0, DRAIN_SECONDS + 5.0
each_server = pytest.mark.parametrize("server", SERVERS.values(), ids=lambda each: str(each.name))
each_installed = pytest.mark.parametrize("server", INSTALLED, ids=lambda each: str(each.name))


class TestTable:
    def test_it_has_what_can_be_chosen(self) -> None:
        assert set(SERVERS) == set(CHOICES)

    @each_server
    def test_each_is_told_host_and_port_and_ends_with_the_application(self, server: Server) -> None:
        line = servers.line(server, PLAIN)
        assert line[:2] == ["-m", server.run]
        assert line[-1] == server.application and line[-1] in (ASGI, WSGI)
        assert "127.0.0.1:8000" in line or {"127.0.0.1", "8000"} <= set(line)

    @each_server
    def test_each_is_told_the_certificate_and_its_key_where_there_are_some(
        self, server: Server
    ) -> None:
        files = {"/c.pem", "/k.pem"}
        assert not files & set(servers.line(server, PLAIN))
        assert files <= set(servers.line(server, SECURE))

    @each_server
    def test_each_is_told_that_the_port_is_shared(self, server: Server) -> None:
        line = servers.line(server, replace(PLAIN, processes=3))
        shared = line[line.index("--workers") + 1] == "3" if "--workers" in line else None
        assert shared if server.runs_processes else "--share" in line

    def test_behind_a_proxy_granian_tells_headers_apart(self) -> None:
        proxied = replace(PLAIN, is_proxied=True)
        told = servers.line(SERVERS["granian"], proxied)
        assert told[-1] == ASGI and told[told.index("--interface") + 1] == "asgi"
        assert servers.line(SERVERS["gunicorn"], proxied)[-1] == WSGI

    def test_the_console_has_a_server_that_speaks_websockets(self) -> None:
        assert servers.chosen("granian", console=True).name == "daphne"
        assert servers.chosen("granian", console=False).name == "granian"

    def test_one_that_is_not_installed_is_named_with_what_to_do(self) -> None:
        absent = replace(SERVERS["granian"], name="nowhere_to_be_found")
        said = servers.missing(absent)
        assert said is not None and "pip install nowhere_to_be_found" in said
        assert servers.missing(SERVERS["granian"]) is None

    def test_no_server_believes_what_proxies_say(self) -> None:
        assert "--no-proxy-headers" in servers.line(SERVERS["uvicorn"], PLAIN)
        gunicorn = servers.line(SERVERS["gunicorn"], PLAIN)
        assert gunicorn[gunicorn.index("--forwarded-allow-ips") + 1] == ""


@dataclass(frozen=True, slots=True)
class Started:
    """A server of the table with the slow application."""

    process: "subprocess.Popen[bytes]"
    listening: Listening
    folder: Path
    authority: Pair | None

    def get(self, path: str) -> tuple[int, bytes, str | None]:
        connection = self._connection()
        try:
            connection.request("GET", path)
            reply = connection.getresponse()
            return reply.status, reply.read(), reply.headers["x-scheme"]
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        where = self.listening.host, self.listening.port
        if self.authority is None:
            return http.client.HTTPConnection(*where, timeout=STOP_SECONDS)
        trusted = ssl.create_default_context(cafile=str(self.authority.certificate))
        return http.client.HTTPSConnection(*where, timeout=STOP_SECONDS, context=trusted)

    def refuses(self) -> bool:
        try:
            socket.create_connection((self.listening.host, self.listening.port), 1).close()
        except ConnectionError:
            return True
        return False


@contextmanager
def started(server: Server, folder: Path, authority: Pair | None = None) -> Iterator[Started]:
    where = replace(PLAIN, port=free_port())
    if authority:
        where = replace(where, certificate=authority.certificate, key=authority.key)
    application = "tests.whispercms.slow:" + ("asgi" if server.application == ASGI else "wsgi")
    line = servers.line(replace(server, application=application), where)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *line],
            cwd=ROOT,
            env={**os.environ, "SLOW_FOLDER": str(folder)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    made = Started(process, where, folder, authority)
    try:
        assert soon(lambda: answers(made), START_SECONDS), (folder / "log").read_text()
        yield made
    finally:
        end_all(descendants(process.pid))
        process.wait()


def answers(server: Started) -> bool:
    with suppress(OSError, http.client.HTTPException):
        return server.get("/")[0] == 200
    return False


def soon(holds: Callable[[], bool], seconds: float = STOP_SECONDS) -> bool:
    deadline = monotonic() + seconds
    while not holds() and monotonic() < deadline:
        sleep(0.02)
    return holds()


@pytest.mark.long
class TestStopping:
    @each_installed
    def test_what_is_under_way_is_answered_and_nobody_new_is_let_in(
        self, server: Server, tmp_path: Path
    ) -> None:
        with started(server, tmp_path) as running, ThreadPoolExecutor(1) as visitor:
            answer = visitor.submit(running.get, "/slow")
            assert soon((tmp_path / "begun").exists)
            family = descendants(running.process.pid)
            running.process.send_signal(signal.SIGTERM)
            if server.name not in CLOSES_LAST:
                assert soon(running.refuses), "new connections are still taken"
            assert running.process.poll() is None and not answer.done()
            (tmp_path / "go").touch()
            assert answer.result()[:2] == (200, slow.BODY)
            assert running.process.wait(STOP_SECONDS) in (0, -signal.SIGTERM)
            assert running.refuses()
            assert gone(family)
            if server.name in ("uvicorn", "hypercorn"):
                assert (tmp_path / slow.ENDED).exists()

    @each_installed
    def test_one_that_never_ends_is_not_waited_for_for_ever(
        self, server: Server, tmp_path: Path
    ) -> None:
        with started(server, tmp_path) as running, ThreadPoolExecutor(1) as visitor:
            answer = visitor.submit(running.get, "/slow")
            assert soon((tmp_path / "begun").exists)
            running.process.send_signal(signal.SIGTERM)
            running.process.wait(STOP_SECONDS)
            with suppress(OSError, http.client.HTTPException):
                assert answer.result(STOP_SECONDS)[0] == 500


@pytest.mark.long
class TestTls:
    @each_installed
    def test_the_certificate_is_shown_and_the_scheme_is_https(
        self, server: Server, tmp_path: Path
    ) -> None:
        with started(server, tmp_path, pair(tmp_path)) as running:
            assert running.get("/") == (200, slow.BODY, "https")
            plain = http.client.HTTPConnection("127.0.0.1", running.listening.port, timeout=5)
            with pytest.raises((OSError, http.client.HTTPException)):
                plain.request("GET", "/")
                assert plain.getresponse().status != 200
                raise http.client.HTTPException
