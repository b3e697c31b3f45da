"""A server without a console: no page to log in, and nothing that a request could change."""

import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from tests.sites import ROOT
from tests.whispercms.nodes import made

pytestmark = pytest.mark.long
WALK = """
import json, django
django.setup()
from django.urls import get_resolver
from django.apps import apps
names = [str(each.pattern) for each in get_resolver().url_patterns]
print(json.dumps([names, sorted(each.label for each in apps.get_app_configs())]))
"""
WRITES = ("POST", "PUT", "PATCH", "DELETE", "PROPFIND")
REFUSED = {400, 403, 404, 405, 411, 413, 501}


def addresses() -> Iterator[str]:
    """Every address that a console has: this process has one."""
    for route in _walk(get_resolver().url_patterns, "/"):
        yield re.sub(r"<[^>]*>", "x", route)


def _walk(patterns: Any, before: str) -> Iterator[str]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, route)
        elif isinstance(each.pattern, RoutePattern):
            yield route


def asked(port: int, method: str, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        body = b"username=ada&password=x" if method in WRITES else None
        kind = {"content-type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body=body, headers=kind)
        return connection.getresponse().status
    finally:
        connection.close()


def test_django_has_no_address_and_none_of_the_consoles_apps(tmp_path: Path) -> None:
    _, instance = made(tmp_path)
    environment = {**instance.environment(), "DJANGO_SETTINGS_MODULE": "whispercms.settings"}
    said = subprocess.run(
        [sys.executable, "-c", WALK],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    routes, labels = json.loads(said.splitlines()[-1])
    assert routes == []
    assert not {"admin", "auth", "sessions", "console", "channels"} & set(labels)


@pytest.mark.parametrize("server", ["granian", "daphne"])
def test_no_address_of_a_console_answers_and_no_method_writes(tmp_path: Path, server: str) -> None:
    paths = sorted({"/admin", "/login/", "/static/console/console.css", *addresses()})
    assert len(paths) > 40
    repository, instance = made(tmp_path, SERVER=server)
    before = repository.git.refs("refs/")
    with instance.started():
        for path in paths:
            assert asked(instance.port, "GET", path) in {400, 404}, path
            assert all(asked(instance.port, each, path) in REFUSED for each in WRITES), path
        for path in ("/", "/one/", "/feed/", "/media/x.png"):
            assert all(asked(instance.port, each, path) in REFUSED for each in WRITES), path
        assert instance.get("/one/").status == 200
    assert repository.git.refs("refs/") == before
    assert not (instance.state / "default.sqlite3").read_bytes().count(b"ada")
