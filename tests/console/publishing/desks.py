"""A person at the console of a real node, for tests of what is published, merged and released."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from apps.console import node
from apps.console.models import Account, Attempt
from apps.console.publishing import beside
from apps.policy.models import AuditEvent
from tests.console.stage import QUICK, account, browser, led_to
from tests.gitsync.consoles import Console
from tests.sites import ROOT, SiteRepository


class Desk:
    def __init__(self, remote: SiteRepository, console: Console, client: Client) -> None:
        self.remote, self.console, self.client = remote, console, client

    def get(self, path: str, status: int = 200) -> str:
        said = self.client.get(path)
        assert said.status_code == status, (said.status_code, said.content.decode())
        return unescape(said.content.decode())

    def post(self, path: str, /, **fields: str) -> Any:
        return self.client.post(path, fields)

    def done(self, path: str, /, **fields: str) -> str:
        """What the page says that long work leads to."""
        said = self.post(path, **fields)
        assert said.status_code == 302, said.content.decode()
        return self.get(led_to(self.client, said["Location"]))

    def field(self, page: str, action: str, name: str) -> str:
        """Of the form that goes to a path."""
        (form, *_rest) = [f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if action in f]
        found = re.search(rf'name="{name}" value="([^"]*)"', form)
        assert found, form
        return found[1]

    def link(self, page: str, words: str) -> str:
        """Where a link leads whose tag is followed by these words."""
        found = re.findall(r'href="([^"]*)"[^>]*(>[^<]*<)', page)
        return str(next(to for to, text in found if words in text))

    def frames(self, page: str) -> list[str]:
        return [self.get(each) for each in re.findall(r'<iframe[^>]* src="([^"]*)"', page)]

    def publish(self) -> str:
        base = self.field(self.get("/admin/publishing/"), "/publishing/now/", "base")
        return self.done("/admin/publishing/now/", base=base)

    def taken_back_base(self, path: str) -> str:
        return self.field(self.get("/admin/publishing/"), f'value="{path}"', "base")

    def head(self) -> str | None:
        return self.remote.git.resolve("refs/heads/main")

    def audit(self) -> list[tuple[str, str, str]]:
        """(action, resource, decision), the oldest first."""
        rows = AuditEvent.objects.filter(site=settings.SITE_KEY).order_by("id")
        return list(rows.values_list("action", "resource", "decision"))


@contextmanager
def desk_of(remote: SiteRepository, console: Console, folder: Path) -> Iterator[Desk]:
    source = replace(console.source, branch="main")
    with override_settings(
        SITE_SOURCE=source,
        SITE_FILES=console.files,
        SITE_ENVIRONMENTS={source.environment: (source, console.files)},
        ENVIRONMENT=source.environment,
        SITE_KEY=uuid4().hex[:12],
        STATE=folder,
        BUNDLED_EXTENSIONS=ROOT,
        PINS_REQUIRED=False,
        PASSWORD_HASHERS=QUICK,
        SECURE_SSL_REDIRECT=False,
    ):
        for model in (Account, Session, Attempt):
            model.objects.all().delete()
        node.use(
            node.ConsoleNode(
                workers=console._workers, renderer=console._renderer, live=console.live
            )
        )
        client = browser()
        client.force_login(account("ada", is_superuser=True), "apps.console.backend.PolicyBackend")
        try:
            yield Desk(remote, console, client)
        finally:
            beside.forget_all()
            node.use(None)
            console.stop()
