"""The one door: who may do what by the rules that are served here, and what the audit says."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from apps.extensions import authorising
from apps.extensions.authorising import COMMAND, SYNC, PolicyDenied, authorise, person, standing
from apps.extensions.management.guarded import EXIT_DENIED, GuardedCommand
from apps.policy.entities import Branch, Document, Person, Policy, Site
from tests.console.stage import EVERYBODY, Stage, console

SITE = Site("site")
PAGE = Document(path="a.md", type="page", draft=True, visibility="draft", branch="main")
NO_BACKUPS = '@id("none") forbid (principal, action == Action::"back-up", resource);'
EDITORS = '@id("editors") permit (principal in Role::"editors", action, resource);'


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with console(tmp_path) as made:
        yield made


def denied(*asked: Any) -> str:
    with pytest.raises(PolicyDenied) as caught:
        authorise(*asked)
    return str(caught.value)


def test_what_is_allowed_goes_on_and_is_told(stage: Stage) -> None:
    authorise(Person("ada"), "back-up", SITE)
    assert stage.audit() == [('Person::"ada"', "back-up", 'Site::"site"', "allow")]
    assert stage.reasons() == ["policies/a.cedar:everybody"]


def test_what_is_denied_says_by_which_policy_and_is_told(stage: Stage) -> None:
    stage.govern(EVERYBODY, NO_BACKUPS)
    assert denied(COMMAND, "back-up", SITE).startswith(
        'System::"command" may not back-up Site::"site": forbidden by policies/a.cedar:none. '
    )
    assert stage.audit() == [('System::"command"', "back-up", 'Site::"site"', "deny")]


def test_of_what_is_not_sensitive_only_denials_are_told(stage: Stage) -> None:
    stage.govern(EDITORS, roles={"editors": ["ada"]})
    authorise(person("ada"), "preview", PAGE)
    denied(person("bob"), "preview", PAGE)
    assert [row[3] for row in stage.audit()] == ["deny"]


def test_roles_are_those_of_the_served_commit(stage: Stage) -> None:
    stage.govern(EDITORS, roles={"editors": ["ada"]})
    authorise(person("ada"), "change-policy", Policy("policies/a.cedar"))
    stage.govern(EDITORS, roles={"editors": []})
    denied(person("ada"), "change-policy", Policy("policies/a.cedar"))


@pytest.mark.parametrize("content", ["permit (", None, b"no database at all"])
def test_without_rules_the_shell_is_the_way_back(stage: Stage, content: str | bytes | None) -> None:
    if isinstance(content, str):
        stage.govern(content)
    elif content is None:
        stage.files.index.unlink()
    else:
        stage.close()
        stage.files.index.write_bytes(content)
    authorise(COMMAND, "change-policy", Policy("policies/a.cedar"))
    authorise(SYNC, "sync", Branch("main"))
    assert "no policy allows it" in denied(Person("ada"), "back-up", SITE)


def test_what_cannot_be_told_to_the_audit_is_for_the_shell_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*entries: object) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(authorising, "record", full)
    authorise(COMMAND, "back-up", SITE)
    assert "the audit cannot be written" in denied(Person("ada"), "back-up", SITE)


def test_rules_are_read_once_for_a_commit(stage: Stage) -> None:
    first = standing()
    assert standing().rules is first.rules
    stage.govern(EVERYBODY, NO_BACKUPS)
    assert standing().rules is not first.rules
    assert standing().commit != first.commit


class Backing(GuardedCommand):
    done = 0

    def asks(self, options: dict[str, Any]) -> list[tuple[str, Site]]:
        return [("back-up", SITE)]

    def handle(self, *args: Any, **options: Any) -> None:
        type(self).done += 1


def test_a_command_that_is_denied_does_nothing_and_says_so(stage: Stage) -> None:
    stage.govern(EDITORS, NO_BACKUPS, roles={"editors": ["ada"]})
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(Backing(), stdout=out)
    assert (ended.value.code, Backing.done) == (EXIT_DENIED, 0)
    assert "forbidden by policies/a.cedar:none" in out.getvalue()
    stage.govern(EDITORS, roles={"editors": ["ada"]})
    call_command(Backing(), "--as", "ada")
    assert Backing.done == 1
    with pytest.raises(SystemExit):
        call_command(Backing(), "--as", "bob", stdout=out)
    assert 'Person::"bob" may not back-up' in out.getvalue() and Backing.done == 1
