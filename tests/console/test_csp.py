"""What a browser may load on the console's pages."""

import re

from django.test import Client

from apps.console.csp import HEADER, policy
from tests.console.stage import Stage, account, browser, logged_in

ORIGIN = "https://example.org"


def test_only_the_consoles_own_files_are_scripts_and_styles() -> None:
    said = dict(each.split(" ", 1) for each in policy(ORIGIN, "abc").split("; "))
    assert said["default-src"] == "'none'"
    for kind in ("script-src", "style-src"):
        assert "'self'" not in said[kind] and "unsafe" not in said[kind]
        assert f"{ORIGIN}/static/" in said[kind] and "'nonce-abc'" in said[kind]
    assert said["frame-ancestors"] == said["base-uri"] == "'none'"
    assert said["form-action"] == "'self'"


def test_every_answer_has_a_nonce_of_its_own(stage: Stage) -> None:
    account()
    client = logged_in()
    said = [nonce(client, "/admin/") for _ in range(2)]
    assert said[0] != said[1] and all(len(each) >= 24 for each in said)


def test_refusals_and_the_door_are_held_to_it_as_well(stage: Stage) -> None:
    for client, path in ((browser(), "/admin/login/"), (browser(), "/admin/nothing/")):
        assert nonce(client, path)
    answer = browser(enforce_csrf_checks=True).post("/admin/")
    assert answer.status_code == 403 and HEADER in answer.headers


def test_no_page_of_the_admin_has_a_script_or_a_style_of_its_own(stage: Stage) -> None:
    account()
    client = logged_in()
    for path in ("/admin/", "/admin/console/account/add/", "/admin/policy/auditevent/"):
        page = client.get(path).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", page), path
        assert not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)=", page), path


def nonce(client: Client, path: str) -> str:
    found = re.search(r"script-src 'nonce-([^']+)'", client.get(path).headers[HEADER])
    assert found
    return found[1]
