"""A console over a real site: its repository, its index, its workers, and people at it."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.admin.utils import quote
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import override_settings
from django.urls import reverse

from apps.console import node as nodes
from apps.console.bases import sealed
from apps.console.models import Account, Attempt, PreviewLink
from apps.content.rendering import Renderer
from apps.gitsync.clone.standing import read_standing
from apps.gitsync.git.repository import Repository
from apps.gitsync.resources import change_of
from apps.policy.models import AuditEvent
from apps.runtime.workers import Workers
from tests.console.stage import EVERYBODY, QUICK, account, logged_in
from tests.sites import Site, SiteRepository

ONE = "content/posts/one.md"
TEXT = "---\ntitle: One\ndate: 2020-01-01\ntags: [a]\n---\n\nOne is here.\n"
BUNDLE, BESIDE = "content/posts/two/index.md", "content/posts/two/a.txt"
FILES = {
    "config.toml": '[whispercms]\ntitle = "A test site"\n',
    "policies/a.cedar": EVERYBODY,
    ONE: TEXT,
    BUNDLE: "---\ntitle: Two\ndraft: true\n---\n[A](a.txt)\n",
    BESIDE: "beside",
}


class Desk:
    def __init__(self, repository: SiteRepository, site: Site) -> None:
        self.repository, self.site = repository, site

    @property
    def git(self) -> Any:
        """The node's own clone."""
        return Repository(self.site.source.repository)

    @property
    def commit(self) -> str:
        return self.site.live.current().commit

    def govern(self, *policies: str) -> None:
        self.repository.commit({"policies/a.cedar": "\n".join(policies)})
        self.site.sync()

    def base(self, path: str = ONE) -> str:
        return sealed(self.commit, str(change_of(path)[1]))

    def form(self, path: str = ONE, **sent: str) -> dict[str, str]:
        """As the page of the document sends it."""
        return {"base": self.base(path), **sent}

    def url(self, name: str, path: str = ONE) -> str:
        return reverse(f"admin:{name}", args=[quote(path)])

    def text(self, path: str = ONE) -> str:
        """As the newest commit of this node has it."""
        ((_, content),) = self.git.read([f"{self.tip}:{path}"])
        return str(content.decode())

    def has(self, path: str) -> bool:
        return bool(self.git.resolve(f"{self.tip}:{path}"))

    @property
    def tip(self) -> str:
        at = read_standing(self.git, "main")
        return at.own or at.theirs or ""

    def log(self) -> tuple[str, str]:
        """Who wrote the newest commit, and what it says."""
        said = self.git.plumb("log", "-1", "--format=%an%x00%s", self.tip).decode().strip()
        author, _, subject = said.partition("\0")
        return author, subject

    def audit(self) -> list[tuple[str, str, str, str]]:
        rows = AuditEvent.objects.filter(site=settings.SITE_KEY).order_by("id")
        return list(rows.values_list("principal", "action", "decision", "reason"))

    def enter(self, name: str = "ada") -> Any:
        account(name)
        return logged_in(name)


@contextmanager
def index_at(path: Path) -> Iterator[None]:
    """Where Django's own pages find the index, as the settings say it of a node."""
    connection = connections["index"]
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = f"{path.absolute().as_uri()}?mode=ro"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@cache
def _template(workers: Workers, renderer: Renderer) -> Path:
    """A node that has synced FILES, to be copied: that costs a tenth of making it."""
    folder = Path(tempfile.mkdtemp(prefix="whispercms-desk-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    repository = SiteRepository(folder / "remote.git")
    repository.commit(FILES)
    Site(repository, folder / "node", workers, renderer).sync()
    return folder


@contextmanager
def desk(
    folder: Path, workers: Workers, renderer: Renderer, files: Mapping[str, str] = FILES
) -> Iterator[Desk]:
    if files is FILES:
        shutil.copytree(_template(workers, renderer), folder, dirs_exist_ok=True)
    repository = SiteRepository(folder / "remote.git")
    site = Site(repository, folder / "node", workers, renderer)
    if files is not FILES:
        repository.commit(files)
        site.sync()
    named = {"main": (site.source, site.files)}
    with override_settings(
        SITE_FILES=site.files,
        SITE_SOURCE=site.source,
        SITE_ENVIRONMENTS=named,
        SITE_KEY=uuid4().hex[:12],
        PINS_REQUIRED=False,
        PASSWORD_HASHERS=QUICK,
        SECURE_SSL_REDIRECT=False,
    ):
        for model in (Account, Session, Attempt, PreviewLink):
            model.objects.all().delete()
        nodes.use(nodes.ConsoleNode(workers=workers, renderer=renderer, live=site.live))
        try:
            with index_at(site.files.index):
                yield Desk(repository, site)
        finally:
            nodes.use(None)
            site.stop()
