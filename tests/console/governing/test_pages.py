"""Policies in the console: proven before they are saved, and never taken from oneself unseen."""

import errno
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.console.bases import sealed
from apps.gitsync import policing
from apps.policy.entities import Policy
from apps.policy.roles import PATH as ROLES
from tests.console.behind import REFUSED, break_site
from tests.console.stage import EVERYBODY, may
from tests.console.writing.desk import ONE, Desk

FILE = "policies/a.cedar"
OTHER = '@id("bob") permit (principal == Person::"bob", action, resource);\n'


def send(desk: Desk, client: Client, path: str = FILE, **sent: Any) -> Any:
    base = sealed(policing.at_commit().name, str(Policy(path)))
    name, args = ("admin:roles", []) if path == ROLES else ("admin:policy", [path])
    return client.post(reverse(name, args=args), {"base": base, **sent})


def saved(path: str = FILE) -> str:
    return policing.at_commit().files.get(path, b"").decode()


def test_the_list_says_what_there_is_and_whether_it_holds(desk: Desk) -> None:
    page = desk.enter().get(reverse("admin:policies")).content.decode()
    assert FILE in page and "in order." in page and "These may change policies" in page


def test_a_flaw_is_told_with_its_line_and_nothing_is_saved(desk: Desk) -> None:
    answer = send(desk, desk.enter(), text="permit (principal,\n action resource);")
    assert answer.status_code == 422 and "policies/a.cedar:" in answer.content.decode()
    assert saved() == EVERYBODY


def test_what_is_typed_is_judged_without_being_saved(desk: Desk) -> None:
    client, url = desk.enter(), reverse("admin:policy_check", args=[FILE])
    assert client.post(url, {"text": EVERYBODY}).json()["flaws"] == []
    assert client.post(url, {"text": "permit ("}).json()["flaws"][0]["code"] == "policy.syntax"
    assert saved() == EVERYBODY


def test_a_change_is_saved_as_a_commit_and_in_force_at_once(desk: Desk) -> None:
    text = EVERYBODY + may('principal == Person::"bob"', "preview") + "\n"
    assert send(desk, desk.enter(), text=text).status_code == 302
    assert saved() == text and desk.site.live.current().commit == policing.at_commit().name


def test_whoever_would_lock_themselves_out_has_to_say_so(desk: Desk) -> None:
    client = desk.enter()
    answer = send(desk, client, text=OTHER)
    assert "any more" in answer.content.decode() and saved() == EVERYBODY
    assert send(desk, client, text=OTHER, confirm="on").status_code == 302 and saved() == OTHER
    assert client.get(reverse("admin:policies")).status_code == 403


def test_a_look_shows_what_is_decided_otherwise(desk: Desk) -> None:
    page = send(desk, desk.enter(), text=OTHER, _look="1").content.decode()
    assert "may no longer" in page and "change-policy" in page and saved() == EVERYBODY


def test_roles_are_changed_without_a_word_of_toml(desk: Desk) -> None:
    desk.repository.commit({ROLES: "# people\n[roles]\neditors = []\n"})
    desk.site.sync()
    client = desk.enter()
    assert send(desk, client, ROLES, role_editors="bob ada", new="guests").status_code == 302
    assert saved(ROLES) == '# people\n[roles]\neditors = ["ada", "bob"]\nguests = []\n'


@pytest.mark.parametrize("name", ["../x", "policies/A b.cedar", "content/x.md", "policies/x.txt"])
def test_a_new_file_has_a_name_where_policies_are(desk: Desk, name: str) -> None:
    answer = desk.enter().post(reverse("admin:policies"), {"name": name})
    assert answer.status_code == 200 and "Policies are in" in answer.content.decode()


def test_whoever_may_change_policies_writes_nothing_else(desk: Desk) -> None:
    desk.govern(may('principal == Person::"ada"', "change-policy"))
    client, before = desk.enter(), desk.tip
    for path in ("config.toml", "extensions.lock", "plugins/x/main.lua", ONE, "policies/../x"):
        assert send(desk, client, path, text="x", confirm="on").status_code == 409, path
        assert client.get(reverse("admin:policy", args=[path])).status_code == 409, path
    assert desk.tip == before


def test_a_sample_takes_the_right_to_change_every_file_of_it(desk: Desk) -> None:
    only = f'when {{ resource == Policy::"{ROLES}" }};'
    desk.govern(may('principal == Person::"ada"', "change-policy").replace(";", f" {only}"))
    client, before = desk.enter(), desk.tip
    sent = {"sample": "team", "base": sealed(before, str(Policy(ROLES)))}
    assert client.post(reverse("admin:policy_sample"), sent).status_code == 403
    assert desk.tip == before


def test_a_sample_makes_whoever_takes_it_its_administrator(desk: Desk) -> None:
    client = desk.enter()
    base = sealed(policing.at_commit().name, str(Policy(ROLES)))
    sent = {"sample": "team", "base": base}
    assert client.post(reverse("admin:policy_sample"), sent).status_code == 302
    assert 'administrators = ["ada"]' in saved(ROLES) and "grace" not in saved(ROLES)
    assert saved() == "" and client.get(reverse("admin:policies")).status_code == 200


def test_a_denial_is_explained(desk: Desk) -> None:
    desk.govern(may('principal == Person::"ada"', "change-policy"))
    asked = {"who": "bob", "action": "edit", "what": 'Document::"content/posts/one.md"'}
    page = desk.enter().get(reverse("admin:explain"), asked).content.decode()
    assert "Denied" in page


def test_a_resource_that_is_none_is_told(desk: Desk) -> None:
    asked = {"who": "bob", "action": "edit", "what": "nonsense"}
    answer = desk.enter().get(reverse("admin:explain"), asked)
    assert answer.status_code == 200 and "errorlist" in answer.content.decode()


@pytest.mark.long
def test_a_policy_that_is_kept_and_not_in_force_is_told_as_such(desk: Desk) -> None:
    break_site(desk.site.source)
    client, text = desk.enter(), f"{EVERYBODY}\n"
    assert send(desk, client, text=text).status_code == 302 and saved() == text
    page = client.get(reverse("admin:policies")).content.decode()
    assert REFUSED in page and "Saved: " in page and "in force here: " not in page


def test_what_may_not_outlive_a_loss_of_power_is_told_as_saved_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    client, text = desk.enter(), f"{EVERYBODY}\n"
    monkeypatch.setattr("os.fsync", lost)
    answer = send(desk, client, text=text)
    page = answer.content.decode()
    assert answer.status_code == 503 and "Saved, but not safely" in page
    assert "Input/output error" in page and saved() == text
