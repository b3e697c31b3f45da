"""Autosave: what was typed is there again, is told of, and is gone when it was saved."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.console.writing.drafts import DRAFTS
from apps.content.rendering import Renderer
from apps.runtime.workers import Workers
from tests.console.stage import browser
from tests.console.writing.desk import ONE, Desk, desk


@pytest.fixture(scope="module")
def here(
    tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("drafts"), workers, renderer) as made:
        yield made


@pytest.fixture(scope="module")
def ada(here: Desk) -> Any:
    return here.enter()


@pytest.fixture(autouse=True)
def clean(here: Desk) -> None:
    for ref, commit in here.git.refs(DRAFTS).items():
        here.git.remove(ref, commit)


def kept(here: Desk, who: Any, version: str = "", **sent: str) -> Any:
    form = here.form(draft_version=version, **{"title": "One", **sent})
    return who.post(here.url("draft_keep"), form)


def test_what_is_kept_is_offered_and_gone_on_with(here: Desk, ada: Any) -> None:
    said = kept(here, ada, body="Typed and lost.").json()
    assert len(said["version"]) == 40
    page = ada.get(here.url("content_document_change")).content.decode()
    assert "that were not saved" in page and "Typed and lost." not in page
    page = ada.get(here.url("content_document_change") + "?draft=1").content.decode()
    assert "Typed and lost." in page and f'data-version="{said["version"]}"' in page
    look = ada.get(here.url("draft_look")).content.decode()
    assert "Typed and lost." in look and "One is here." in look


def test_another_window_is_told_of_and_not_overwritten(here: Desk, ada: Any) -> None:
    first = kept(here, ada, body="first").json()["version"]
    late = kept(here, ada, body="second window")
    assert late.status_code == 409 and late.json()["version"] == first
    assert kept(here, ada, first, body="second").status_code == 200


@pytest.mark.parametrize("version", ["\0", "HEAD", "--stdin", "\ndelete refs/heads/main"])
def test_what_is_no_version_moves_nothing(here: Desk, ada: Any, version: str) -> None:
    kept(here, ada, body="first")
    before = here.git.plumb("for-each-ref")
    assert kept(here, ada, version, body="x").status_code == 409
    said = ada.post(here.url("draft_discard"), {"draft_version": version})
    assert said.status_code == 409 and here.git.plumb("for-each-ref") == before


def test_somebody_else_is_told_of(here: Desk, ada: Any) -> None:
    kept(here, ada, body="mine")
    bob = here.enter("bob")
    page = bob.get(here.url("content_document_change")).content.decode()
    assert "ada is writing on this page too" in page


def test_a_draft_that_is_discarded_is_gone(here: Desk, ada: Any) -> None:
    version = kept(here, ada, body="x").json()["version"]
    ada.post(here.url("draft_discard"), {"draft_version": version})
    assert here.git.refs(DRAFTS) == {}
    assert ada.get(here.url("draft_look")).status_code == 302


def test_a_draft_is_gone_once_it_is_saved(here: Desk, ada: Any) -> None:
    kept(here, ada, body="Saved at last.")
    said = ada.post(
        here.url("content_document_change"), here.form(body="Saved at last.", _continue="1")
    )
    assert said.status_code == 302 and here.git.refs(DRAFTS) == {}
    assert "Saved at last." in here.site.text("/posts/one/")


def test_a_draft_is_no_change_of_the_site(here: Desk, ada: Any) -> None:
    before, heads = here.commit, here.git.refs("refs/heads/")
    kept(here, ada, body="x", title="Another")
    assert (here.commit, here.git.refs("refs/heads/")) == (before, heads)
    (ref,) = here.git.refs(DRAFTS)
    assert "ada" not in ref and here.git.resolve(f"{ref}^") == before


def test_no_secret_of_the_form_is_kept(here: Desk, ada: Any) -> None:
    kept(here, ada, body="x", csrfmiddlewaretoken="token", _save="1")
    (ref,) = here.git.refs(DRAFTS)
    ((_, content),) = here.git.read([f"{ref}:draft.json"])
    assert b"token" not in content and b"_save" not in content and b'"base"' in content


@pytest.mark.parametrize("path", ["config.toml", "policies/a.cedar", "../one.md"])
def test_what_is_no_page_is_not_shown_by_its_draft(here: Desk, ada: Any, path: str) -> None:
    said = ada.post(here.url("draft_keep", path), here.form(path, body="x"))
    assert said.status_code == 409
    assert ada.get(here.url("draft_look", path)).status_code == 409
    assert here.git.refs(DRAFTS) == {}


def test_strangers_and_forged_bases_are_refused(here: Desk, ada: Any) -> None:
    url = here.url("draft_keep")
    assert browser().post(url, here.form(body="x")).status_code == 403
    assert ada.post(url, {"base": "forged", "body": "x"}).status_code == 400
    assert browser().post(here.url("draft_discard"), {}).status_code == 403
    assert here.git.refs(DRAFTS) == {} and ONE
