"""Secrets that were planted in a node are nowhere but where they belong."""

import hashlib
import hmac
import http.client
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.conf import settings

from tests.whispercms.nodes import Instance, Running, made
from tests.whispercms.plants import Plant, Search, is_worker, run, shown_by_ps

pytestmark = pytest.mark.long

WEBHOOK, DJANGO, UNUSED = (f"pl4nted-{n}-{'x9' * 30}-{n}" for n in ("webhook", "django", "unused"))
PATHS = (
    *("/one/", "/", "/none/", "/feed/", "/%ff/", "/../etc/passwd", "/one/?a=%00", "/admin/none/"),
    *("/admin/", "/admin/login/", "/healthz", "/readyz", "/-/webhook", "/static/none.css"),
)
HOSTS = ("evil.example", "127.0.0.1")
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Node:
    """One that has been used in all ways, its server still running."""

    instance: Instance
    remote: Path
    running: Running
    search: Search
    said: str
    """What commands and pages said."""

    @property
    def key_file(self) -> Path:
        return self.instance.state / "age-key.txt"


def signing_key(folder: Path) -> str:
    command = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "signing"))
    subprocess.run(command, check=True)
    text = (folder / "signing").read_text()
    (folder / "signing").unlink()
    return text


def asked(instance: Instance) -> str:
    """Pages of all kinds, errors among them, by hosts that are known and that are not."""
    found = []
    for host in HOSTS:
        for path in PATHS:
            found.append(page(instance, "GET", path, host))
        body = b'{"ref": "refs/heads/main"}'
        for key in (WEBHOOK, "wrong"):
            sign = f"sha256={hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}"
            headers = {"x-hub-signature-256": sign}
            found.append(page(instance, "POST", "/-/webhook", host, body, headers))
        form = b"username=a&password=b"
        found.append(page(instance, "POST", "/admin/login/", host, form))
        # In development Django refuses so many fields with a page that shows its settings.
        cookie = {"cookie": f"{settings.CSRF_COOKIE_NAME}={'a' * 32}", "content-type": FORM}
        found.append(page(instance, "POST", "/admin/login/", host, b"a=b&" * 2_000, cookie))
    return "\n".join(found)


def page(
    instance: Instance,
    method: str,
    path: str,
    host: str,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=30)
    try:
        connection.request(method, path, body, {"Host": host, **(headers or {})})
        reply = connection.getresponse()
        return f"{reply.status} {reply.getheaders()} {reply.read().decode('utf-8', 'replace')}"
    finally:
        connection.close()


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    folder = tmp_path_factory.mktemp("planted")
    repository, plain = made(folder, CONSOLE="1", DEVELOPMENT="1", SANDBOX="preferred")
    signing = signing_key(folder)
    said = [run(plain, "syncrepo"), run(plain, "secrets", "init")]
    said.append(run(plain, "secrets", "init", "--local"))
    for name, value, where in (
        *(("webhook_key", WEBHOOK, ()), ("signing_key", signing, ()), ("unused", UNUSED, ())),
        ("django_key", DJANGO, ("--local",)),
    ):
        said.append(run(plain, "secrets", "set", name, *where, value=value))
    named = {"WEBHOOK_SECRET": "secret:webhook_key", "SIGNING_KEY": "secret:signing_key"}
    instance = replace(
        plain, settings={**plain.settings, **named, "SECRET_KEY": "local:django_key"}
    )
    key = (instance.state / "age-key.txt").read_text().splitlines()[-1]
    search = Search(
        (
            *(Plant("webhook", WEBHOOK), Plant("django", DJANGO), Plant("unused", UNUSED)),
            *(Plant("signing", signing.splitlines()[2]), Plant("age", key)),
        )
    )
    with instance.started() as running:
        said.append(asked(instance))
        edit = ("editdocument", "content/one.md", "--set", "title=Two")
        for command in (
            *(edit, ("publishrepo",), ("syncrepo", "--json"), ("secrets", "list", "--json")),
            *(("secrets", "rotate"), ("secrets", "recipients", "list"), ("bootreport", "--json")),
            *(("history", "content/one.md"), ("backup", str(folder / "backup.tar"))),
            ("secrets", "get", "webhook_key", "--output", str(folder / "shown")),
        ):
            said.append(run(instance, *command))
        said.append(asked(instance))
        yield Node(instance, Path(repository.path), running, search, "\n".join(said))


def test_the_secrets_are_where_they_belong(node: Node, tmp_path: Path) -> None:
    """Else nothing that is not found elsewhere would mean anything."""
    assert run(node.instance, "secrets", "get", "webhook_key", "--stdout").startswith(WEBHOOK)
    assert run(node.instance, "secrets", "get", "unused", "--stdout").startswith(UNUSED)
    assert "django_key" in run(node.instance, "secrets", "list", "--local")
    shown = node.instance.state.parent / "shown"
    assert shown.read_text() == WEBHOOK and shown.stat().st_mode & 0o777 == 0o600
    assert node.search.found(node.key_file.read_bytes()) == {"age"}
    subprocess.run(["git", "-C", node.remote, "rev-parse", "main:secrets"], check=True)
    head = subprocess.run(
        ["git", "-C", node.remote, "cat-file", "commit", "main"], capture_output=True, check=True
    )
    assert b"BEGIN SSH SIGNATURE" in head.stdout
    answers = node.said
    assert "202 " in answers and "403 " in answers and "404 " in answers and "400 " in answers


def test_no_file_log_or_database_has_them(node: Node) -> None:
    kept = (node.key_file, node.instance.state.parent / "shown")
    assert node.search.in_files([node.instance.state.parent], kept) == {}
    assert node.running.log.stat().st_size


def test_no_object_of_git_has_them(node: Node) -> None:
    clones = list(node.instance.state.rglob("repository.git"))
    assert clones
    assert node.search.in_objects([node.remote, *clones]) == {}


def test_nothing_that_was_said_has_them(node: Node) -> None:
    assert node.search.found(node.said.encode()) == set()
    settings_page = "INSTANCE" in node.said and "TooManyFieldsSent" in node.said
    assert settings_page and "made a key in" in node.said


def test_no_argument_and_no_environment_has_them(node: Node) -> None:
    for pid, _ in node.running.family():
        assert node.search.found(shown_by_ps(pid)) == set()


def test_no_worker_and_no_zygote_has_them_in_its_memory(node: Node) -> None:
    """The server has, as it is the one that needs them; so what looks for them can find them."""
    family = [pid for pid, _ in node.running.family()]
    workers = [pid for pid in family if is_worker(pid)]
    found = list(_in_memories(node, workers))
    assert len(found) >= 3
    assert not any(found)
    others = _in_memories(node, [pid for pid in family if pid not in workers])
    assert any({"webhook", "django"} <= names for names in others)


def _in_memories(node: Node, pids: Iterable[int]) -> Iterator[set[str]]:
    """Of those that still live: some workers are for one document alone."""
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            yield node.search.in_memory(pid)
