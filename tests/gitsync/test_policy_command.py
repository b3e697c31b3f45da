"""`manage.py policy`: what people read, what programs read, and exit codes."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import override_settings

from apps.extensions.management.guarded import GuardedCommand
from apps.gitsync.errors import GitFault
from apps.gitsync.policing import ANYBODY, at_commit, differences, in_folder
from apps.policy.limits import POLICY_FILE_BYTES
from tests.sites import CONFIG, ROOT, Site, SiteRepository

TEAM = """
@id("editors") permit (principal in Role::"editors", action, resource);
@id("private")
forbid (principal is Visitor, action == Action::"read", resource is Document)
when { resource.path like "content/private/*" };
"""
ROLES = '[roles]\neditors = ["ada"]\n'
LOCKED = '@id("locked") forbid (principal, action == Action::"change-policy", resource);'
Commits = tuple[str, str]


@pytest.fixture
def commits(repository: SiteRepository, site: Site) -> Iterator[Commits]:
    """Without policies, then with those of a team; the second is served, by a node where nobody
    has an account."""
    get_user_model()._default_manager.all().delete()
    plain = repository.commit(
        {
            "config.toml": CONFIG,
            "content/open.md": "# Open\n",
            "content/private/a.md": "# A\n",
            "content/private/b.md": "---\ndraft: true\n---\n# B\n",
        }
    )
    team = repository.commit({"policies/team.cedar": TEAM, "policies/roles.toml": ROLES})
    site.sync()
    with override_settings(
        SITE_SOURCE=site.source,
        SITE_FILES=site.files,
        SITE_ENVIRONMENTS={"main": (site.source, site.files)},
        BUNDLED_EXTENSIONS=ROOT,
    ):
        yield plain, team


def run(*words: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("policy", *words, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def told(*words: str) -> tuple[int, Any]:
    code, text = run(*words, "--json")
    return code, json.loads(text)


def test_sound_policies_are_in_order(commits: Commits) -> None:
    assert run("check") == (0, "2 policies and 0 tests: in order\n")
    code, found = told("check", "--commit", commits[0])
    assert (code, found["where"], found["flaws"]) == (0, commits[0], [])


def test_a_folder_is_checked_before_anything_is_committed(commits: Commits, tmp_path: Path) -> None:
    policies = tmp_path / "work" / "policies"
    policies.mkdir(parents=True)
    (policies / "a.cedar").write_text("permit (principal, action")
    code, found = told("check", "--folder", str(tmp_path / "work"))
    assert (code, found["flaws"][0]["code"]) == (1, "policy.syntax")
    assert found["flaws"][0]["path"] == "policies/a.cedar"
    (policies / "a.cedar").write_text(LOCKED)
    code, text = run("check", "--folder", str(tmp_path / "work"))
    assert text.startswith("1 policy and 0 tests: in order")
    assert code == 0 and "warning: nobody could change the policies here any more" in text
    assert run("lockout", "--folder", str(tmp_path / "work"))[0] == 1
    (policies / "big.cedar").write_bytes(b" " * (POLICY_FILE_BYTES + 1))
    with pytest.raises(GitFault):
        in_folder(tmp_path / "work")


def test_it_is_said_who_is_left(commits: Commits) -> None:
    assert told("lockout")[1]["able"] == ["ada"]
    assert told("lockout", "--commit", commits[0])[1]["able"] == [ANYBODY]
    assert "whoever has an account" in run("lockout", "--commit", commits[0])[1]


def test_a_decision_is_explained(commits: Commits) -> None:
    asked = ("explain", "Visitor::anonymous", "read", "Document::content/private/a.md")
    code, found = told(*asked)
    assert (code, found["decision"]["policies"]) == (1, ["policies/team.cedar:private"])
    assert [each["name"] for each in found["deciding"]] == ["policies/team.cedar:private"]
    code, text = run("explain", "Person::bob", "edit", "Document::content/open.md")
    assert code == 1 and "allowed if in the role editors" in text
    assert run("explain", "Person::ada", "edit", "Document::content/open.md")[0] == 0


def test_a_document_is_as_the_index_has_it_unless_it_is_said(commits: Commits) -> None:
    asked = ("explain", "Person::ada", "edit", "Document::content/private/b.md")
    assert told(*asked)[1]["resource_attributes"]["visibility"] == "draft"
    changed = told(*asked, "--attribute", "draft=false", "--attribute", "visibility=private")
    attributes = changed[1]["resource_attributes"]
    assert (attributes["draft"], attributes["visibility"]) == (False, "private")


def test_what_is_asked_wrongly_is_usage(commits: Commits) -> None:
    for words in (("Foo::a", "read", "Site::x"), ("Person::a", "read", "x"), ("a", "b", "c")):
        with pytest.raises(CommandError) as caught:
            run("explain", *words)
        assert caught.value.returncode == 2
    assert told("check", "--commit", "nothing")[1]["error"] == "commit.unknown"


def test_what_flips_is_put_together_for_people(commits: Commits) -> None:
    code, found = told("diff", *commits)
    assert code == 1 and (found["from"], found["to"]) == commits
    rows = {(each["principal"], each["action"], each["allowed"]) for each in found["changes"]}
    assert ('Visitor::"anonymous"', "read", False) in rows
    assert (f'Person::"{ANYBODY}"', "publish", False) in rows
    assert not any(principal == 'Person::"ada"' for principal, *_ in rows)
    hidden = next(e for e in found["changes"] if e["principal"] == 'Visitor::"anonymous"')
    assert hidden["resources"] == ['Document::"content/private/a.md"']
    assert run("diff", commits[1], commits[1]) == (0, "nothing is decided otherwise\n")


def test_documents_that_policies_do_not_tell_apart_flip_together(commits: Commits) -> None:
    (change,) = [
        each
        for each in differences(at_commit(commits[1]), at_commit(commits[0]))
        if (each.action, each.principal) == ("edit", f'Person::"{ANYBODY}"')
    ]
    assert change.allowed and len(change.resources) == 3


def test_it_changes_nothing_and_so_asks_nothing() -> None:
    from apps.gitsync.management.commands.policy import Command

    assert issubclass(Command, GuardedCommand) and list(Command().asks({})) == []
