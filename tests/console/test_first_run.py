"""The first account is for whoever reads the terminal of the start, and for nobody else."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import time
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connections

from apps.console import first_run
from apps.console.bounds import ACCOUNT_ATTEMPTS, CODE_SECONDS
from apps.console.models import Account
from tests.console.stage import ELSEWHERE, HERE, PASSWORD, Stage, account, browser

PAGE = "/admin/first-run/"
SHELL = 'System::"command"'
CLOSED = '@id("closed") forbid (principal, action == Action::"manage-people", resource);'


@pytest.fixture
def code(stage: Stage) -> str:
    return first_run.offer(time()) or ""


def send(code: str, name: str = "ada", password: str = PASSWORD, **client: str) -> Any:
    form = {"code": code, "username": name, "password1": password, "password2": password}
    return browser(client.pop("address", HERE)).post(PAGE, form, headers=client)


def names() -> list[str]:
    return list(Account.objects.values_list("username", flat=True))


class TestCode:
    def test_it_is_good_for_so_long_and_not_longer(self, stage: Stage) -> None:
        code = first_run.offer(1000.0) or ""
        assert first_run.is_right(code, 1000.0 + CODE_SECONDS - 0.001)
        assert not first_run.is_right(code, 1000.0 + CODE_SECONDS)
        assert not first_run.is_right(code, 999.0)

    def test_it_may_be_typed_in_small_letters_and_without_hyphens(self, code: str) -> None:
        assert first_run.is_right(code.lower().replace("-", " "))
        assert not first_run.is_right(code[:-1]) and not first_run.is_right("")

    def test_a_new_one_replaces_the_old_one(self, code: str) -> None:
        again = first_run.offer(time()) or ""
        assert first_run.is_right(again) and not first_run.is_right(code)

    def test_nobody_is_offered_one_when_there_is_an_account(
        self, code: str, tmp_path: Path
    ) -> None:
        account(is_active=False)
        assert first_run.offer(time()) is None
        assert not first_run.is_right(code)
        assert not list(tmp_path.glob("first-run*"))

    def test_only_its_digest_is_kept_and_for_the_owner_alone(
        self, code: str, tmp_path: Path
    ) -> None:
        (kept,) = tmp_path.glob("first-run*")
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        plain = code.replace("-", "")
        assert plain not in kept.read_text() and code not in kept.read_text()
        assert len(plain) * 5 >= 80

    @pytest.mark.parametrize(
        "text", ["", "[]", "{}", '{"digest": 1}', json.dumps({"digest": "", "until": "x"})]
    )
    def test_a_file_that_is_something_else_lets_nobody_in(
        self, code: str, tmp_path: Path, text: str
    ) -> None:
        (tmp_path / "first-run.json").write_text(text)
        assert not first_run.is_right(code) and not first_run.is_right("")


class TestPage:
    def test_the_console_leads_there_while_nobody_has_an_account(self, stage: Stage) -> None:
        answer = browser().get("/admin/", follow=True)
        assert answer.request["PATH_INFO"] == PAGE
        assert "people add NAME" in answer.content.decode()

    def test_whoever_has_the_code_is_in(self, stage: Stage, code: str, tmp_path: Path) -> None:
        client = browser()
        form = {"code": code, "username": "ada", "password1": PASSWORD, "password2": PASSWORD}
        assert client.post(PAGE, form)["Location"] == "/admin/"
        assert names() == ["ada"] and SESSION_KEY in client.session
        assert client.get("/admin/").status_code == 200
        assert not list(tmp_path.glob("first-run*"))
        assert stage.audit() == [(SHELL, "manage-people", 'Person::"ada"', "allow")]
        assert "by the code of start-up" in stage.reasons()[0]

    @pytest.mark.parametrize("wrong", ["", "AAAA-AAAA-AAAA-AAAA", "\u202e", "x" * 101])
    def test_without_the_code_nobody_gets_in(self, stage: Stage, code: str, wrong: str) -> None:
        answer = send(wrong)
        assert answer.status_code == 200 and names() == []
        assert {row[3] for row in stage.audit()} <= {"deny"}

    def test_without_any_code_offered_nobody_gets_in(self, stage: Stage) -> None:
        assert send("AAAA-AAAA-AAAA-AAAA").status_code == 200
        assert names() == []

    def test_guessing_is_counted(self, stage: Stage, code: str) -> None:
        codes = [send("wrong").status_code for _ in range(ACCOUNT_ATTEMPTS)]
        assert codes == [200] * ACCOUNT_ATTEMPTS
        assert send(code).status_code == 429
        assert names() == []

    def test_another_machine_is_shown_the_login_even_with_the_code(
        self, stage: Stage, code: str
    ) -> None:
        assert browser(ELSEWHERE).get("/admin/", follow=True).request["PATH_INFO"] == stage.door
        assert send(code, address=ELSEWHERE)["Location"] == stage.door
        assert send(code, **{"x-forwarded-for": HERE})["Location"] == stage.door
        assert names() == []

    def test_when_there_is_an_account_there_is_no_such_page(self, stage: Stage, code: str) -> None:
        account("bob", is_active=False)
        assert browser().get(PAGE)["Location"] == stage.door
        assert send(code)["Location"] == stage.door
        assert names() == ["bob"]

    @pytest.mark.parametrize(("name", "password"), [("a b", PASSWORD), ("ada", "password1234")])
    def test_a_bad_name_or_password_is_told_and_the_code_stays_good(
        self, stage: Stage, code: str, name: str, password: str
    ) -> None:
        assert send(code, name, password).status_code == 200
        assert names() == [] and first_run.is_right(code)

    def test_policy_is_asked(self, stage: Stage, code: str) -> None:
        stage.govern(CLOSED)
        assert "forbidden by" in send(code).content.decode()
        assert names() == []
        assert stage.audit() == [(SHELL, "manage-people", 'Person::"ada"', "deny")]

    def test_of_many_at_once_one_is_first(self, stage: Stage, code: str) -> None:
        def first(name: str) -> int:
            try:
                return int(send(code, name).status_code)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(3) as pool:
            codes = list(pool.map(first, ("ada", "bob", "eve")))
        assert len(names()) == 1 and codes.count(302) >= 1

    def test_the_form_needs_the_pages_own_token(self, stage: Stage, code: str) -> None:
        form = {"code": code, "username": "ada", "password1": PASSWORD, "password2": PASSWORD}
        assert browser(enforce_csrf_checks=True).post(PAGE, form).status_code == 403

    def test_every_id_of_the_page_is_there_once(self, stage: Stage, code: str) -> None:
        """What screen readers are told of an error must be found."""
        page = send("wrong", "a b", "short").content.decode()
        ids = [part.partition('"')[0] for part in page.split(' id="')[1:]]
        assert len(ids) == len(set(ids))
        named = [part.partition('"')[0] for part in page.split('aria-describedby="')[1:]]
        assert {each for text in named for each in text.split()} <= set(ids)
