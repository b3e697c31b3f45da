"""`extension list` and `extension release`: what people read, what programs read, exit codes."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from apps.extensions.containment.breaker import Cause
from apps.extensions.containment.changes import Change
from apps.extensions.containment.store import DatabaseStore
from apps.policy.models import AuditEvent
from tests.extensions.shared_states import becomes_true, following, new_site
from tests.sites import CONFIG, ROOT, Site, SiteRepository

KEY = "plugin:external-links"
TEMPLATE = "theme:plain/document.html"


@pytest.fixture
def key(repository: SiteRepository, site: Site) -> Iterator[str]:
    repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n"})
    site.sync()
    made = new_site()
    with override_settings(SITE_KEY=made, SITE_FILES=site.files, BUNDLED_EXTENSIONS=ROOT):
        yield made


def run(*words: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("extension", *words, stdout=out, stderr=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def told(*words: str) -> tuple[int, Any]:
    code, text = run(*words, "--json")
    return code, json.loads(text)


def quarantine(site: str, key: str) -> None:
    DatabaseStore(site).carry_out(key, (Change(1.0, Cause.ATTACK, "killed by SIGSYS"),))


def test_extensions_are_listed_with_what_they_may_do_in_words(key: str) -> None:
    code, text = run("list")
    assert code == 0 and KEY in text and "theme:plain" in text
    assert "may suggest changes to the HTML of pages" in text


def test_programs_get_everything_as_one_object(key: str) -> None:
    quarantine(key, KEY)
    quarantine(key, TEMPLATE)
    quarantine(key, "plugin:removed")
    code, found = told("list")
    states = {f"{each['kind']}:{each['id']}": each["state"] for each in found["extensions"]}
    assert code == 0 and len(found["commit"]) == 40
    assert states[KEY] == states["theme:plain"] == "quarantined"
    assert states["plugin:reading-time"] == "closed"
    first = next(each for each in found["extensions"] if each["id"] == "external-links")
    assert first["origin"] == "bundled" and first["may"] and first["version"]
    assert first["breakers"][KEY]["reason"] == "killed by SIGSYS"
    assert list(found["others"]) == ["plugin:removed"]
    assert "plugin:removed (not of this commit) is quarantined" in run("list")[1]


def test_releasing_by_command_reaches_a_running_server_and_names_who(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.extensions.limits.STATES_POLL_SECONDS", 0.02)
    quarantine(key, KEY)
    with following(key) as serving:
        assert not serving.admits(KEY)
        code, found = told("release", KEY)
        assert code == 0 and list(found["released"]) == [KEY]
        assert becomes_true(lambda: serving.admits(KEY))
    event = AuditEvent.objects.filter(site=key).first()
    assert event and event.principal.startswith("os-user:") and len(event.commit) == 40


def test_a_theme_stands_for_all_its_templates(key: str) -> None:
    quarantine(key, TEMPLATE)
    quarantine(key, "theme:plainer/document.html")
    assert list(told("release", "theme:plain")[1]["released"]) == [TEMPLATE]
    assert DatabaseStore(key).read()["theme:plainer/document.html"].state == "quarantined"


def test_the_kind_may_be_left_out_and_a_template_be_named(key: str) -> None:
    quarantine(key, KEY)
    quarantine(key, TEMPLATE)
    assert list(told("release", "external-links")[1]["released"]) == [KEY]
    assert list(told("release", "plain/document.html")[1]["released"]) == [TEMPLATE]
    assert run("release", TEMPLATE) == (0, f"{TEMPLATE} is not left out; nothing to do\n")
    assert run("release", "nosuch")[0] == run("release", "other:external-links")[0] == 2


def test_a_dry_run_releases_nothing(key: str) -> None:
    quarantine(key, KEY)
    code, text = run("release", KEY, "--dry-run")
    assert code == 0 and "would be released" in text
    assert DatabaseStore(key).read()[KEY].state == "quarantined"


def test_what_is_not_left_out_needs_nothing(key: str) -> None:
    code, text = run("release", KEY)
    assert code == 0 and "nothing to do" in text


def test_an_unknown_extension_is_told_and_ends_with_2(key: str) -> None:
    code, text = run("release", "plugin:nosuch")
    assert code == 2 and "there is no extension" in text
    assert told("release", "plugin:nosuch")[1]["error"] == "unknown"


def test_a_quarantine_can_be_ended_while_the_index_is_lost(key: str, site: Site) -> None:
    quarantine(key, KEY)
    site.files.index.unlink()
    assert run("list")[0] == 4
    assert run("release", KEY)[0] == 0
    assert DatabaseStore(key).read()[KEY].state == "closed"
