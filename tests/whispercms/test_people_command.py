"""`manage.py people`: passwords by standard input, exit codes, and what programs read."""

import http.client
import json
import os
import pty
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command

from apps.console.models import Account
from tests.console.stage import PASSWORD, Stage, account, console, may
from tests.sites import ROOT
from tests.whispercms.nodes import MANAGE, Instance, made


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with console(tmp_path) as each:
        yield each


def run(*words: str, typed: str = "") -> tuple[int, str]:
    out = StringIO()
    before, sys.stdin = sys.stdin, StringIO(typed)
    try:
        call_command("people", *words, stdout=out, stderr=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    finally:
        sys.stdin = before
    return 0, out.getvalue()


def told(*words: str, typed: str = "") -> tuple[int, Any]:
    code, text = run(*words, "--json", typed=typed)
    return code, json.loads(text)


def test_an_account_is_added_with_the_first_line_that_is_typed(stage: Stage) -> None:
    code, said = run("add", "ada", typed=f"{PASSWORD}\nmore\n")
    assert code == 0 and PASSWORD not in said
    assert Account.objects.get(username="ada").check_password(PASSWORD)


def test_programs_are_told_who_is_there(stage: Stage) -> None:
    stage.govern('@id("a") permit (principal, action, resource);', roles={"editors": ["ada"]})
    account(), account("bob", is_active=False)
    code, found = told("list")
    assert code == 0
    assert found == {
        "people": [
            {"name": "ada", "active": True, "last_login": None, "roles": ["editors"]},
            {"name": "bob", "active": False, "last_login": None, "roles": []},
        ]
    }
    lines = run("list")[1].splitlines()
    assert "may log in" in lines[0] and "editors" in lines[0] and "disabled" in lines[1]


def test_a_person_is_disabled_and_enabled(stage: Stage) -> None:
    account()
    assert told("disable", "ada") == (0, {"name": "ada", "state": "disabled"})
    assert told("disable", "ada") == (0, {"name": "ada", "state": "was disabled already"})
    assert run("enable", "ada") == (0, "ada enabled\n")


def test_another_password_is_set(stage: Stage) -> None:
    account()
    assert run("password", "ada", typed=PASSWORD + "!\n")[0] == 0
    assert Account.objects.get(username="ada").check_password(PASSWORD + "!")


@pytest.mark.parametrize(
    ("words", "typed", "code", "error"),
    [
        (("add", "ada"), "short\n", 1, "refused"),
        (("add", "ada"), "", 1, "refused"),
        (("add", "a b"), PASSWORD, 1, "refused"),
        (("password", "bob"), PASSWORD, 2, "unknown"),
        (("disable", "bob"), "", 2, "unknown"),
        (("add",), "", 2, "usage"),
        (("list", "ada"), "", 2, "usage"),
    ],
)
def test_what_cannot_be_done_has_a_code_and_a_reason(
    stage: Stage, words: tuple[str, ...], typed: str, code: int, error: str
) -> None:
    ended, said = told(*words, typed=typed)
    assert (ended, said["error"]) == (code, error)
    assert said["reason"] and run(*words, typed=typed) == (code, f"{said['reason']}\n")
    assert not Account.objects.exists()


def test_what_policy_forbids_is_refused_with_the_policys_name(stage: Stage) -> None:
    stage.govern('@id("closed") forbid (principal, action == Action::"manage-people", resource);')
    code, said = told("add", "ada", typed=PASSWORD)
    assert (code, said["error"]) == (5, "policy.denied")
    assert "policies/a.cedar:closed" in said["reason"]


def test_a_person_is_asked_for_instead_of_the_shell(stage: Stage) -> None:
    stage.govern(may('principal == Person::"ada"', "manage-people"))
    assert run("add", "eve", "--as", "ada", typed=PASSWORD)[0] == 0
    assert run("add", "bob", "--as", "eve", typed=PASSWORD)[0] == 5
    assert [each.username for each in Account.objects.all()] == ["eve"]


@pytest.mark.parametrize("command", ["createsuperuser", "changepassword"])
def test_djangos_own_commands_are_no_way_round(stage: Stage, command: str) -> None:
    with pytest.raises(CommandError, match="people") as refused:
        call_command(command, "ada")
    assert refused.value.returncode == 2


@pytest.mark.long
def test_a_node_without_a_console_has_no_people(tmp_path: Path) -> None:
    _, instance = made(tmp_path)
    ended = instance.run("people", "list")
    assert ended.returncode == 2 and "WHISPERCMS_CONSOLE=1" in ended.stderr


@pytest.mark.long
def test_at_a_terminal_the_password_is_asked_for_twice_and_never_shown(tmp_path: Path) -> None:
    _, instance = made(tmp_path, CONSOLE="1")
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(ROOT)
        os.execve(sys.executable, [*MANAGE, "people", "add", "ada"], instance.environment())
    said = b""
    for prompt in (b"Password: ", b"Again: "):
        while prompt not in said:
            said += os.read(terminal, 1024)
        os.write(terminal, f"{PASSWORD}\n".encode())
    with suppress(OSError):
        while more := os.read(terminal, 1024):
            said += more
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert b"ada added" in said and PASSWORD.encode() not in said


@pytest.mark.long
def test_the_code_that_serve_shows_makes_the_first_account_once(tmp_path: Path) -> None:
    _, instance = made(tmp_path, CONSOLE="1")
    with instance.started() as running:
        assert instance.get("/admin/login/").headers["location"] == "/admin/first-run/"
        log = running.log.read_text()
        code = log.partition("with the code ")[2].split()[0]
        ended = instance.run("people", "list", "--json")
        assert json.loads(ended.stdout) == {"people": []}
        assert send(instance, code) == 302
        assert instance.get("/admin/first-run/").headers["location"] == "/admin/login/"
        ended = instance.run("people", "list", "--json")
        assert [each["name"] for each in json.loads(ended.stdout)["people"]] == ["ada"]
        assert running.end() == 0
        log = running.log.read_text()
    assert log.count(code) == 1 and PASSWORD not in log
    with instance.started() as running:
        assert running.log.read_text().count("with the code") == 1


def send(instance: Instance, code: str) -> int:
    """The form of the first account, as a browser does."""
    page = instance.get("/admin/first-run/")
    token = page.text.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]
    form = {"code": code, "username": "ada", "password1": PASSWORD, "password2": PASSWORD}
    body = urlencode({**form, "csrfmiddlewaretoken": token})
    cookie = page.headers["set-cookie"].partition(";")[0]
    kind = "application/x-www-form-urlencoded"
    with closing(http.client.HTTPConnection("127.0.0.1", instance.port)) as connection:
        headers = {"Cookie": cookie, "Content-Type": kind}
        connection.request("POST", "/admin/first-run/", body, headers)
        return connection.getresponse().status
