"""The verbs of a site's owner, as people and programs meet them."""

import json
import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import override_settings

from apps.gitsync.clone.standing import read_standing
from apps.gitsync.git.repository import Repository
from apps.policy.models import AuditEvent
from tests.delivery.extending import GREET, METADATA, PAGES, config, plugin
from tests.sites import ROOT, Site, SiteRepository

WORDS = '\n[settings.words]\ntype = "integer"\ndefault = 3\nminimum = 1\n'
FORBID = '@id("no") forbid (principal, action == Action::"grant-capability", resource);\n'


def run(*words: str | Path) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("extension", *map(str, words), stdout=out, stderr=StringIO())
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def told(*words: str | Path) -> tuple[int, Any]:
    code, text = run(*words, "--json")
    return code, json.loads(text)


class Node:
    def __init__(self, site: Site, repository: SiteRepository, folder: Path) -> None:
        self.site, self.repository, self.folder = site, repository, folder

    def tip(self) -> str | None:
        return read_standing(Repository(self.site.source.repository), "main").own

    def written(self, version: str, body: str = GREET, *capabilities: str) -> Path:
        """A folder of its author, anew."""
        files = plugin("greet", body, *(capabilities or (METADATA,)))
        for path, text in files.items():
            place = self.folder / path.removeprefix("plugins/")
            place.parent.mkdir(parents=True, exist_ok=True)
            more = WORDS if path.endswith(".toml") else ""
            place.write_text(str(text).replace("1.0.0", version) + more)
        return self.folder / "greet"

    def listed(self) -> dict[str, Any]:
        return {f"{e['kind']}:{e['id']}": e for e in told("list")[1]["extensions"]}


@pytest.fixture
def node(repository: SiteRepository, site: Site, tmp_path: Path) -> Iterator[Node]:
    repository.commit({"config.toml": config(), **PAGES})
    site.sync()
    with override_settings(
        SITE_SOURCE=site.source,
        SITE_FILES=site.files,
        SITE_KEY=uuid4().hex[:12],
        BUNDLED_EXTENSIONS=ROOT,
        SANDBOX_REQUIRED=False,
    ):
        yield Node(site, repository, tmp_path / "dev")


def test_without_consent_the_list_is_shown_and_nothing_has_changed(node: Node) -> None:
    folder = node.written("1.0.0")
    code, found = told("install", folder)
    assert (code, found["error"], node.tip()) == (1, "consent", None)
    assert "may add facts to pages for the theme to show" in found["reason"]
    assert f"--grant {METADATA}" in found["reason"]
    code, found = told("install", folder, "--grant", METADATA, "read:site")
    assert (code, found["error"], node.tip()) == (2, "grant", None)


def test_before_the_first_sync_it_says_what_to_do(node: Node) -> None:
    shutil.rmtree(node.site.source.repository)
    code, found = told("enable", "reading-time")
    assert (code, found["error"]) == (4, "git.none") and "syncrepo" in found["reason"]


def test_a_folder_that_holds_none_is_told_by_each_verb_alike(node: Node, tmp_path: Path) -> None:
    for words in (["check"], ["test"], ["preview"], ["install"], ["dryrun", "x", "--from"]):
        code, found = told(*words, tmp_path)
        assert (code, found["error"]) == (2, "no-extension"), words


def test_what_a_stranger_has_written_gives_a_terminal_no_orders(node: Node) -> None:
    folder = node.written("1.0.0", f"{GREET} -- \x1b[2J\u202e")
    for more in ([], ["--json"]):
        code, text = run("install", folder, "--grant", METADATA, "--dry-run", *more)
        assert code == 0 and r"-- \u001b[2J\u202e" in text
        assert "\x1b" not in text and "\u202e" not in text


@pytest.mark.long
def test_the_life_of_an_extension(node: Node) -> None:
    folder = node.written("1.0.0")
    code, found = told("install", folder, "--enable", "--grant", METADATA)
    assert (code, found["state"], found["index"]["state"]) == (0, "saved", "applied")
    assert found["granted"] == [{"extension": "plugin:greet", "capability": METADATA}]
    shown = node.listed()["plugin:greet"]
    assert (shown["standing"], shown["version"], shown["source"]) == (
        "enabled",
        "1.0.0",
        "the site",
    )
    assert shown["grants"] == [METADATA] and shown["digest"].startswith("sha256:")

    code, found = told("configure", "greet", "words=0", "nosuch=1", "words=x")
    assert code == 1 and len(found["problems"]) == 3
    assert told("configure", "greet", "words=5")[1]["state"] == "saved"
    assert "words = 5" in run("configure", "greet", "--unset", "words", "--dry-run")[1]

    node.written("1.1.0", GREET, METADATA, "read:site")
    before = node.tip()
    code, found = told("upgrade", "greet", folder)
    assert (code, found["error"], node.tip()) == (1, "consent", before)
    assert "1.0.0 → 1.1.0" in found["reason"] and "[read:site]" in found["reason"]
    code, found = told("upgrade", "greet", folder, "--grant", "read:site")
    assert code == 0 and found["news"]["version"] == {"from": "1.0.0", "to": "1.1.0"}

    assert told("rollback", "greet", before or "")[1]["news"]["version"]["to"] == "1.0.0"
    assert node.listed()["plugin:greet"]["grants"] == [METADATA]
    assert told("rollback", "greet", "0" * 40)[1]["error"] == "unknown"

    assert told("disable", "greet")[0] == 0
    assert node.listed()["plugin:greet"]["standing"] == "disabled"
    assert told("enable", "greet")[1]["granted"] == []
    assert told("uninstall", "greet")[0] == 0
    assert "plugin:greet" not in node.listed()


@pytest.mark.long
def test_what_does_not_hold_is_refused_before_anything_is_written(node: Node) -> None:
    folder = node.written("1.0.0", "this is no Lua")
    code, found = told("install", folder, "--grant", METADATA)
    assert (code, [each["code"] for each in found["problems"]]) == (1, ["plugin.error"])
    manifest = folder / "plugin.toml"
    manifest.write_text(f"colour = 1\n{manifest.read_text()}")
    code, found = told("install", folder, "--grant", METADATA)
    codes = ["plugin.error", "manifest.extra-forbidden"]
    assert (code, [each["code"] for each in found["problems"]]) == (1, codes)
    node.written("1.0.0")
    wrong = f"sha256:{'0' * 64}"
    code, found = told("install", folder, "--grant", METADATA, "--digest", wrong)
    assert (code, found["error"]) == (1, "digest") and wrong in found["reason"]
    assert told("install", node.folder / "nothing")[0] == 2
    assert told("install", "https://localhost:1/x.git")[0] == 3
    assert told("enable", "nosuch")[1]["error"] == "unknown"
    assert told("uninstall", "reading-time")[1]["error"] == "bundled"
    assert node.tip() is None


@pytest.mark.long
def test_policy_is_asked_for_each_capability_that_is_granted(node: Node) -> None:
    node.repository.commit({"policies/a.cedar": FORBID})
    node.site.sync()
    before = AuditEvent.objects.count()
    code, found = told("install", node.written("1.0.0"), "--grant", METADATA)
    assert (code, found["error"], node.tip()) == (5, "policy.denied", None)
    assert "grant-capability" in found["reason"] and METADATA in found["reason"]
    assert AuditEvent.objects.count() > before


@pytest.mark.long
def test_an_upgrade_is_fetched_from_where_it_was_installed(node: Node, tmp_path: Path) -> None:
    author = SiteRepository(tmp_path / "toc.git")
    files = {p.removeprefix("plugins/greet/"): t for p, t in plugin("greet", "", METADATA).items()}
    first = author.commit(files)
    url = f"file://{author.path}"
    code, _ = told("install", url, "--grant", METADATA, "--enable")
    assert code == 0 and node.listed()["plugin:greet"]["source"] == f"{url} {first}"
    assert told("upgrade", "greet")[1]["state"] == "unchanged"
    second = author.commit({"main.lua": "-- newer\n"})
    assert told("upgrade", "greet")[1]["state"] == "saved"
    assert node.listed()["plugin:greet"]["source"] == f"{url} {second}"
    assert told("upgrade", "greet", "--commit", first)[1]["state"] == "saved"


@pytest.mark.long
def test_a_site_that_was_written_by_hand_is_pinned(node: Node) -> None:
    node.repository.commit({"config.toml": config("greet"), **plugin("greet", GREET, METADATA)})
    assert node.site.sync().state == "refused"
    assert told("lock")[1]["error"] == "consent"
    code, found = told("lock", "--grant", METADATA)
    assert (code, found["state"], found["index"]["state"]) == (0, "saved", "applied")
    assert told("lock")[1]["state"] == "unchanged"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.long
@pytest.mark.parametrize(("said", "code"), [("yes\n", 0), ("no\n", 1), ("", 1)])
def test_at_a_terminal_a_yes_is_consent(
    node: Node, monkeypatch: pytest.MonkeyPatch, said: str, code: int
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(said))
    assert run("install", node.written("1.0.0"))[0] == code
    assert (node.tip() is not None) is (code == 0)
