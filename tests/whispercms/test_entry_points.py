"""Every way to make this product do something asks policy first, or changes nothing.

All of them are found here by walking: a new one fails until it asks, or until it is said why it
need not.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand
from django.test import override_settings
from django.urls import URLPattern, URLResolver

from apps.content import schema
from apps.extensions.authority import allowed, rules_in
from apps.extensions.capabilities import TABLE, find
from apps.extensions.finding import SITE, ExtensionFiles
from apps.extensions.management.guarded import EXIT_DENIED
from apps.extensions.models import ExtensionState
from apps.gitsync import scheduling, tasks
from apps.gitsync.models import SyncRun
from apps.policy.models import AuditEvent
from tests.console.stage import Stage, account, browser, console, logged_in
from tests.sites import Site
from whispercms.management.commands.extension import all_verbs

OURS = ("apps.", "whispercms")
NOTHING = '@id("nothing") forbid (principal, action, resource);'
LOGGING_IN = '@id("read") permit (principal, action == Action::"read", resource);'
ASKING: Mapping[str, tuple[str, ...]] = {
    "backup": ("{folder}/backup.tar",),
    "checkrepo": ("--mend",),
    "conflicts": ("resolve", "x", "--ours", "a"),
    "editdocument": ("content/a.md", "--set", "title=x"),
    "extension configure": ("plugin:toc", "depth=2"),
    "extension disable": ("plugin:toc",),
    "extension enable": ("plugin:toc",),
    "extension install": ("{folder}/toc",),
    "extension lock": (),
    "extension release": ("plugin:toc",),
    "extension rollback": ("plugin:toc", "0" * 40),
    "extension uninstall": ("plugin:toc",),
    "extension upgrade": ("plugin:toc",),
    "importwordpress": ("{folder}/export.xml",),
    "people": ("disable", "ada"),
    "promote": ("preview", "main"),
    "publishrepo": (),
    "restore": ("{folder}/backup.tar",),
    "restore-version": ("content/a.md", "HEAD"),
    "rollback": (),
    "secrets": ("init", "--local"),
    "syncrepo": (),
    "upgradesite": (),
}
"""Command → arguments with which it would change something."""
SILENT = {
    "audit": "shows rows",
    "bootreport": "shows the last start-up; a start's sync asks as the system",
    "checklinks": "reads what is served",
    "changepassword": "only says that people does it",
    "createsuperuser": "only says that people does it",
    "extension check": "reads a folder of its author",
    "extension dryrun": "says what enabling one would change",
    "extension list": "shows rows",
    "extension new": "writes a folder of its author, not of the site",
    "extension preview": "writes pages of a folder of its author, as files",
    "extension test": "runs a folder of its author, in workers",
    "extension trace": "says what happened to one request",
    "exportsite": "writes what every visitor may read, as files",
    "history": "shows commits",
    "inspect": "reads another repository, into a folder that goes again",
    "policy": "shows what policies do",
    "policyschema": "shows the schema",
    "prepare": "starts: the sync in it asks as the system",
    "releases": "shows releases",
    "search": "shows what every visitor may find",
    "serve": "starts: the sync in it asks as the system",
    "setup": "only where no site is served yet whose policy could be asked",
}
"""Command → why it need not ask."""
SILENT_TASKS = {
    "wake": "puts pull_now into the queue, which asks",
    "ensure_schedule": "writes the schedule of the tasks, which ask",
}
SILENT_PAGES = {
    "index": "a list of what one may see, which is asked for each",
    "login": "the door",
    "logout": "the door",
    "first_run": "asks by the code of start-up, and only while there is nobody",
    "password_change": "their own, by the old one",
    "password_change_done": "says that it was changed",
    "jsi18n": "words",
    "app_list": "as the index",
    "view_on_site": "a redirect to a public address",
}
INDEX: Path = settings.SITE_FILES.index
"""Of the console's own connection, which was opened at the start."""
DENIED = (EXIT_DENIED, 1)
"""`people` refuses with 1, whatever it refuses."""


@pytest.fixture
def stage(tmp_path: Path, site: Site) -> Iterator[Stage]:
    """A console and a node whose policies forbid everything."""
    with console(tmp_path) as made:
        account("ada")
        made.govern(NOTHING)
        source = replace(site.source, folder=tmp_path / "node")
        with override_settings(
            SITE_SOURCE=source,
            SITE_ENVIRONMENTS={"main": (source, made.files)},
            LOCAL_SECRETS=tmp_path / "local.sops.yaml",
            AGE_KEY=tmp_path / "age.key",
        ):
            yield made


def refused(run: Callable[[], Any]) -> bool:
    """Whether policy is what ended it, and the audit says so; a command that failed for another
    reason asked too late."""
    before = AuditEvent.objects.filter(decision="deny").count()
    try:
        run()
    except SystemExit as end:
        told = AuditEvent.objects.filter(decision="deny").count() > before
        return end.code in DENIED and told
    except CommandError:
        return False
    return False


def unasked(
    commands: Mapping[str, str | BaseCommand],
    asking: Mapping[str, tuple[str, ...]],
    folder: Path,
) -> list[str]:
    """Commands that do not ask, and that nobody said need not."""
    found = []
    for name, command in sorted(commands.items()):
        if name in SILENT:
            continue
        words = [word.format(folder=folder) for word in asking.get(name, ())]
        out = StringIO()
        called, *verb = name.split() if isinstance(command, str) else (command,)
        run = lambda: call_command(called, *verb, *words, stdout=out, stderr=out)  # noqa: B023, E731
        if name not in asking or not refused(run) or "may not" not in out.getvalue():
            found.append(name)
    return found


def our_commands() -> dict[str, str | BaseCommand]:
    """Each verb of `extension` is one by itself."""
    found = {name: app for name, app in get_commands().items() if str(app).startswith(OURS)}
    app = found.pop("extension")
    return {**found, **{f"extension {verb}": app for verb in all_verbs()}}


def test_every_command_that_changes_something_asks(stage: Stage, tmp_path: Path) -> None:
    assert unasked(our_commands(), ASKING, tmp_path) == []
    assert not SILENT.keys() & ASKING.keys()
    assert SILENT.keys() | ASKING.keys() == our_commands().keys()


class Planted(BaseCommand):
    """Changes something and asks nobody."""

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("nobody may not do this")


def test_a_command_that_does_not_ask_is_found(stage: Stage, tmp_path: Path) -> None:
    planted: dict[str, str | BaseCommand] = {"planted": Planted()}
    assert unasked(planted, {}, tmp_path) == ["planted"]
    assert unasked(planted, {"planted": ()}, tmp_path) == ["planted"]


def public(module: ModuleType) -> set[str]:
    found = inspect.getmembers(module, inspect.isfunction)
    return {n for n, each in found if each.__module__ == module.__name__ and not n.startswith("_")}


def test_every_task_asks(stage: Stage) -> None:
    assert public(scheduling) == SILENT_TASKS.keys()
    with override_settings(BACKUP_FOLDER=stage.files.index.parent / "backups"):
        answers = {name: getattr(tasks, name)() for name in public(tasks)}
    assert set(answers.values()) == {"policy.denied"}, answers
    assert not settings.SITE_SOURCE.repository.exists()
    queued = {scheduling.PULL, scheduling.PULL_NOW, scheduling.CHECK, scheduling.BACKUP}
    assert {each.rpartition(".")[2] for each in queued} == answers.keys()
    assert {each.rpartition(".")[0] for each in queued} == {tasks.__name__}


def test_the_webhook_does_nothing_but_wake_the_pull() -> None:
    boot = import_module("whispercms.boot")
    assert "context.put(Webhook(secret, waker.wake))" in inspect.getsource(boot._webhook)
    assert "async_task(PULL_NOW" in inspect.getsource(scheduling.wake)


def test_every_capability_is_asked_for() -> None:
    extension = ExtensionFiles("plugin", "p", SITE, {})
    names = {row.name.replace("<name>", "accept") for row in TABLE}
    assert all(find(name) for name in names)
    assert allowed(rules_in({}), extension, frozenset(names)) == names
    for row in TABLE:
        text = f'@id("a") forbid (principal, action == Action::"{row.action}", resource);'
        rules = rules_in({"policies/a.cedar": text.encode()})
        left = names - {row.name.replace("<name>", "accept")}
        assert allowed(rules, extension, frozenset(names)) == left


@pytest.mark.long
def test_every_page_of_the_console_asks(stage: Stage) -> None:
    stage.govern(LOGGING_IN)
    client = logged_in("ada")
    schema.connect(INDEX).close()
    SyncRun.objects.create(site=settings.SITE_KEY, node="here", state="applied", branch="main")
    ExtensionState.objects.create(site=settings.SITE_KEY, key="plugin:toc", state="open")
    stage.govern(NOTHING)
    pages = dict(_pages(admin.site.get_urls(), ""))
    assert SILENT_PAGES.keys() <= pages.keys()
    kept = [model for model in admin.site._registry if getattr(model, "database", "") != "index"]
    rows = {model._meta.label_lower: model._default_manager.first() for model in kept}
    for name, path in pages.items():
        if name in SILENT_PAGES or name == "":
            continue
        row = rows.get(".".join(path.split("/")[:2]))
        address = "/admin/" + path.replace("/1/", f"/{row.pk if row else 1}/")
        for answer in (client.get(address), client.post(address, {})):
            there = answer.headers.get("location", "/login/")
            # 503: what a page is about is not known where no site runs.
            assert answer.status_code in (302, 403, 404, 405, 503), (name, answer.status_code)
            assert "/login/" in there or (row is None and there == "/admin/"), (name, there)


def test_every_action_of_the_console_asks(stage: Stage) -> None:
    request = browser().get("/admin/login/").wsgi_request
    request.user = account("eve")
    for model, page in admin.site._registry.items():
        assert page.get_actions(request) == {}, model
        for asked in ("view", "add", "change", "delete"):
            assert not getattr(page, f"has_{asked}_permission")(request), (model, asked)
        named = [page.get_action(action) for action in page.actions or ()]
        assert all(getattr(each[0], "allowed_permissions", ()) for each in named if each), model


def _pages(patterns: list[Any], prefix: str) -> Iterator[tuple[str, str]]:
    """Name and path of each, with 1 in the place of what a path leaves open."""
    for each in patterns:
        part = str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _pages(each.url_patterns, prefix + part)
        elif isinstance(each, URLPattern):
            yield each.name or "", prefix + _filled(part)


def _filled(pattern: str) -> str:
    filled = pattern.strip("^$").replace("(?P<app_label>auth|django_q|console)", "console")
    while "<" in filled:
        before, _, rest = filled.partition("<")
        filled = f"{before}1{rest.partition('>')[2]}"
    return filled
