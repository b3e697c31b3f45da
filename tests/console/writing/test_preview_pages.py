"""What is typed is seen as readers would see it, apart from the console."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.content.rendering import Renderer
from apps.runtime.workers import Workers
from tests.console.stage import NOBODY, browser
from tests.console.writing.desk import BESIDE, BUNDLE, FILES, ONE, TEXT, Desk, desk

JSON = {"accept": "application/json"}


@pytest.fixture(scope="module")
def here(
    tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("previews"), workers, renderer) as made:
        yield made


@pytest.fixture(scope="module")
def ada(here: Desk) -> Any:
    return here.enter()


def previewed(here: Desk, ada: Any, path: str = ONE, **sent: str) -> Any:
    said = ada.post(here.url("preview_make", path), here.form(path, **sent), headers=JSON)
    assert said.status_code == 200, said.content.decode()
    return said.json()


def test_a_body_is_shown_before_it_is_saved(here: Desk, ada: Any) -> None:
    made = previewed(here, ada, body="Some *new* words.")
    assert "<em>new</em>" in made["html"] and made["notes"] == [] and made["url"] == "/posts/one/"
    frame = browser().get(made["address"])
    assert "<em>new</em>" in frame.content.decode() and frame.status_code == 200
    assert "<em>new</em>" not in here.site.text("/posts/one/")
    assert here.git.refs("refs/heads/") == {}


def test_fields_and_header_are_shown_as_they_would_be_saved(here: Desk, ada: Any) -> None:
    source = TEXT.replace("title: One", "title: Uno")
    assert "Uno" in previewed(here, ada, mode="source", source=source)["html"]


def test_a_header_that_cannot_be_read_keeps_the_page_and_tells_the_line(
    here: Desk, ada: Any
) -> None:
    made = previewed(here, ada, mode="source", source="---\ntitle: [\n---\n")
    assert made["address"] == "" and made["html"] is None
    assert [(note["kind"], note["line"]) for note in made["notes"]] == [("bad", 3)]


def test_a_preview_is_apart_from_the_console(here: Desk, ada: Any) -> None:
    address = previewed(here, ada, body="<script>alert(1)</script>Text")["address"]
    answer = browser().get(address)
    rules = dict(
        (name, rest)
        for name, _, rest in (
            each.strip().partition(" ")
            for each in answer.headers["content-security-policy"].split(";")
        )
    )
    assert address.startswith("/-/preview/")
    assert rules["sandbox"] == "allow-scripts" and rules["script-src"].startswith("'sha256-")
    assert len(rules["script-src"].split()) == 1 and "unsafe" not in str(rules)
    assert rules["frame-ancestors"] == "'self'" and rules["default-src"] == "'none'"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-opener-policy"] == "unsafe-none"
    assert not answer.cookies


@pytest.mark.parametrize("token", ["x", "live-" + "0" * 32, "live-" + "0" * 32 + ".forged"])
def test_an_address_that_was_not_made_here_leads_nowhere(here: Desk, token: str) -> None:
    answer = browser().get(f"/-/preview/{token}/")
    assert answer.status_code == 404
    assert answer.headers["content-security-policy"].endswith("; sandbox")
    assert browser().get(f"/-/preview/{token}/file/{BESIDE}").status_code == 404


def test_an_address_only_shows(here: Desk, ada: Any) -> None:
    address = previewed(here, ada)["address"]
    assert browser().post(address).status_code == 405


def test_what_stands_beside_a_draft_is_had_with_its_preview_alone(here: Desk, ada: Any) -> None:
    made = previewed(here, ada, BUNDLE, body="[A](a.txt)")
    link = f"{made['address']}file/{BESIDE}"
    assert f'href="{link}"' in made["html"]
    assert browser().get(link).content == b"beside"
    assert browser().get(link.replace(BESIDE, ONE)).status_code == 404
    assert browser().get(link.replace(BESIDE, "config.toml")).status_code == 404


def test_without_a_script_the_page_is_the_answer(here: Desk, ada: Any) -> None:
    said = ada.post(here.url("preview_make"), here.form(body="By hand"))
    assert said.status_code == 302
    assert "By hand" in browser().get(said.headers["location"]).content.decode()
    said = ada.post(here.url("preview_make"), here.form(mode="source", source="---\n[\n---\n"))
    assert "no page" in browser().get(said.headers["location"]).content.decode()


def test_everybody_has_an_address_of_their_own(here: Desk, ada: Any) -> None:
    bob = here.enter("bob")
    assert previewed(here, ada)["address"] != previewed(here, bob)["address"]


def test_a_forged_base_and_a_stranger_are_refused(here: Desk, ada: Any) -> None:
    url = here.url("preview_make")
    assert ada.post(url, {"base": here.commit, "body": "x"}).status_code == 400
    assert browser().post(url, here.form(body="x")).status_code == 403


def test_who_may_not_preview_is_shown_nothing(here: Desk, ada: Any) -> None:
    here.govern(NOBODY)
    try:
        said = ada.post(here.url("preview_make"), here.form(body="x"), headers=JSON)
        assert said.status_code == 403
    finally:
        here.govern(FILES["policies/a.cedar"])
