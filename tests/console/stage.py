"""A console of its own for a test: its site, what policy says there, and people at its door."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from apps.console.models import Account, Attempt
from apps.content import renderings
from apps.content.index_writer import IndexWriter
from apps.policy.models import AuditEvent
from tests.content import entries

JOB_SECONDS = 60.0
PASSWORD = "correct horse battery"
HERE, ELSEWHERE = "127.0.0.1", "203.0.113.9"
QUICK = ["tests.console.quick_argon2.QuickArgon2"]
EVERYBODY = '@id("everybody") permit (principal is Person, action, resource);'
NOBODY = '@id("nobody") permit (principal == Person::"nobody", action, resource);'


def may(who: str, action: str) -> str:
    """A policy: `who` as in Cedar, such as `principal in Role::"editors"`."""
    return f'@id("{action}") permit ({who}, action == Action::"{action}", resource);'


class Stage:
    """`door` is the login page."""

    door = "/admin/login/"

    def __init__(self, folder: Path) -> None:
        self.files = entries.files(folder)
        self._writer: IndexWriter | None = None
        self._commits = 0
        renderings.connect(self.files.renderings).close()

    def govern(self, *policies: str, roles: Mapping[str, list[str]] | None = None) -> None:
        """A commit with these policies is served from now on."""
        if self._writer is None:
            self._writer = IndexWriter(self.files)
        self._commits += 1
        table = "".join(f"{name} = {people!r}\n" for name, people in (roles or {}).items())
        kept = {"policies/a.cedar": "\n".join(policies), "policies/roles.toml": f"[roles]\n{table}"}
        rows = [entries.kept(path, text.encode()) for path, text in kept.items()]
        entries.write(self._writer, *rows, commit=f"commit-{self._commits}")

    def close(self) -> None:
        if self._writer:
            self._writer.close()

    def audit(self) -> list[tuple[str, str, str, str]]:
        """(principal, action, resource, decision), the oldest first."""
        rows = AuditEvent.objects.filter(site=settings.SITE_KEY).order_by("id")
        return list(rows.values_list("principal", "action", "resource", "decision"))

    def reasons(self) -> list[str]:
        rows = AuditEvent.objects.filter(site=settings.SITE_KEY).order_by("id")
        return list(rows.values_list("reason", flat=True))

    def knock(self, name: str, password: str, address: str = HERE) -> Any:
        return browser(address).post(self.door, {"username": name, "password": password})


@contextmanager
def console(folder: Path) -> Iterator[Stage]:
    """Nobody has an account, no attempt counts, and every account may do everything."""
    stage = Stage(folder)
    with override_settings(
        SITE_FILES=stage.files,
        SITE_KEY=uuid4().hex[:12],
        STATE=folder,
        PASSWORD_HASHERS=QUICK,
        SECURE_SSL_REDIRECT=False,
    ):
        for model in (Account, Session, Attempt):
            model.objects.all().delete()
        stage.govern(EVERYBODY)
        try:
            yield stage
        finally:
            stage.close()


def browser(address: str = HERE, *, enforce_csrf_checks: bool = False) -> Client:
    made = Client(enforce_csrf_checks=enforce_csrf_checks, headers={"host": "localhost"})
    made.defaults["REMOTE_ADDR"] = address
    return made


def account(name: str = "ada", /, **flags: bool) -> Account:
    made = Account(username=name, **{"is_staff": True, **flags})
    made.set_password(PASSWORD)
    made.save()
    return made


def logged_in(name: str = "ada") -> Client:
    """By the door itself."""
    client = browser()
    said = client.post(Stage.door, {"username": name, "password": PASSWORD})
    assert said.status_code == 302, said.content.decode()
    return client


def led_to(client: Client, job: str) -> str:
    """Where long work leads, once it has ended well."""
    deadline = monotonic() + JOB_SECONDS
    while not (state := client.get(f"{job}state/").json())["over"]:
        assert monotonic() < deadline, state
        sleep(0.01)
    assert not state["failed"], client.get(job).content.decode()
    return str(state["goes_to"])
