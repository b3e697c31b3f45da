"""Writing a document: shown as a form, saved as one commit, reviewed, and met with others."""

import re
from html import unescape
from typing import Any

import pytest

from tests.console.stage import may
from tests.console.writing.desk import BUNDLE, TEXT, Desk

EDIT = "content_document_change"


def got(client: Any, url: str, status: int = 200) -> str:
    said = client.get(url)
    assert said.status_code == status, said.content.decode()[-3000:]
    return unescape(said.content.decode())


def test_a_page_is_written_by_its_fields(desk: Desk) -> None:
    client = desk.enter()
    page = got(client, desk.url(EDIT))
    assert 'id="document-form"' in page and 'id="id_body"' in page and "One is here." in page
    sent = desk.form(**{"field:title": "One", "field:tags": "a, b", "body": "\nOne is here.\n"})
    said = client.post(desk.url(EDIT), {**sent, "_continue": ""})
    assert said.status_code == 302 and said["Location"] == desk.url(EDIT)
    assert desk.text() == TEXT.replace("[a]", "[a, b]")
    assert desk.log() == ("ada", "Edit “One”: Tags")
    assert "not published yet" in got(client, desk.url(EDIT))


@pytest.mark.long
def test_what_is_not_sent_stays(desk: Desk) -> None:
    client = desk.enter()
    said = client.post(desk.url(EDIT), {**desk.form(), "_save": ""})
    assert said.status_code == 302 and desk.text() == TEXT
    assert "nothing to save" in got(client, said["Location"])


@pytest.mark.long
def test_fields_suggest_what_the_site_has(desk: Desk) -> None:
    client = desk.enter()
    source = TEXT.replace("---\n\n", "image: media/a.png\n---\n\n")
    sent = desk.form(mode="source", source=source, _continue="")
    assert client.post(desk.url(EDIT), sent).status_code == 302
    page = got(client, desk.url(EDIT))
    assert 'data-picker="file"' in page and '<option value="@/posts/two/index.md">' in page
    assert '<option value="a">' in page


@pytest.mark.long
def test_the_whole_source_is_written(desk: Desk) -> None:
    client = desk.enter()
    assert 'id="id_source"' in got(client, desk.url(EDIT) + "?mode=source")
    new = TEXT.replace("One is", "One was").replace("\n", "\r\n")
    sent = desk.form(mode="source", source=new, message="Say it was")
    assert client.post(desk.url(EDIT), {**sent, "_save": ""}).status_code == 302
    assert desk.text() == TEXT.replace("One is", "One was") and desk.log()[1] == "Say it was"


@pytest.mark.long
def test_changes_are_reviewed_before_they_are_saved(desk: Desk) -> None:
    client = desk.enter()
    sent = {**desk.form(), "body": "\nTwo is here.\n", "mode": "fields"}
    page = unescape(client.post(desk.url(EDIT), {**sent, "_review": ""}).content.decode())
    assert "Edit “One”: text" in page and desk.text() == TEXT
    kept = dict(re.findall(r'<textarea hidden name="([^"]*)">\n(.*?)</textarea>', page, re.DOTALL))
    assert kept == {"body": "\nTwo is here.\n", "mode": "fields"}
    back = client.post(desk.url(EDIT), {**sent, **kept, "_back": ""}).content.decode()
    assert "Two is here." in back
    said = client.post(desk.url(EDIT), {**sent, **kept, "message": "Two", "_save": ""})
    assert said.status_code == 302 and desk.log()[1] == "Two"


def test_a_form_that_is_wrong_comes_back_as_it_was_typed(desk: Desk) -> None:
    client = desk.enter()
    sent = desk.form(**{"field:date": "soon", "body": "\nNew text\n", "state": "scheduled"})
    said = client.post(desk.url(EDIT), {**sent, "_save": ""})
    page = unescape(said.content.decode())
    assert said.status_code == 422 and desk.text() == TEXT
    assert "write a day as" in page and "choose when" in page and "New text" in page


@pytest.mark.long
def test_what_policy_denies_is_told_and_nothing_typed_is_lost(desk: Desk) -> None:
    edits = 'permit (principal, action == Action::"edit", resource)'
    drafts = f'@id("d") {edits} when {{resource.draft}};'
    desk.govern(may("principal", "preview"), may("principal", "read"), drafts)
    client = desk.enter()
    url = desk.url(EDIT, BUNDLE)
    sent = {**desk.form(BUNDLE), "state": "published", "body": "Typed\n", "_save": ""}
    said = client.post(url, sent)
    page = unescape(said.content.decode())
    assert said.status_code == 403 and "Typed" in page and "may not edit" in page
    assert client.post(url, {**sent, "state": "draft"}).status_code == 302
    assert "Typed" in desk.text(BUNDLE) and "draft: true" in desk.text(BUNDLE)


def test_other_files_than_pages_are_not_shown_here(desk: Desk) -> None:
    client = desk.enter()
    for name in ("change", "history", "move", "delete", "compare"):
        url = desk.url(f"content_document_{name}", "policies/a.cedar")
        assert "is no page" in got(client, url, 409)
    url = desk.url("content_document_restore", "policies/a.cedar")
    sent = {"base": desk.base("policies/a.cedar"), "version": desk.tip}
    assert client.post(url, sent).status_code == 409


@pytest.mark.long
def test_changes_of_two_people_are_brought_together(desk: Desk) -> None:
    client = desk.enter()
    sent = desk.form(**{"field:title": "Uno", "_save": ""})
    theirs = desk.form(**{"body": "\nOne was here.\n", "_save": ""})
    assert client.post(desk.url(EDIT), theirs).status_code == 302
    said = client.post(desk.url(EDIT), sent)
    page = unescape(said.content.decode())
    assert said.status_code == 409 and "Both changes fit together" in page
    assert "title: One" in desk.text()
    tip, merged = _result(page)
    saved = client.post(
        desk.url(EDIT), {"base": tip, "mode": "source", "source": merged, "_save": ""}
    )
    assert saved.status_code == 302
    assert desk.text() == TEXT.replace("title: One", "title: Uno").replace("is here", "was here")


@pytest.mark.long
def test_what_two_people_said_of_the_same_is_decided(desk: Desk) -> None:
    client = desk.enter()
    sent = desk.form(**{"field:title": "Mine", "_save": ""})
    client.post(desk.url(EDIT), desk.form(**{"field:title": "Theirs", "_save": ""}))
    page = unescape(client.post(desk.url(EDIT), sent).content.decode())
    assert "the same places" in page and "title: Mine" in _result(page)[1]
    (mine,) = re.findall(r'<textarea hidden name="mine">\n(.*?)</textarea>', page, re.DOTALL)
    choice = {"base": sent["base"], "mine": mine, "choice-0": "theirs", "_merge": ""}
    page = unescape(client.post(desk.url(EDIT), choice).content.decode())
    assert "title: Theirs" in _result(page)[1] and "Both changes fit together" in page


def _result(page: str) -> tuple[str, str]:
    (text,) = re.findall(r'<textarea id="id_source"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return re.findall(r'name="base" value="([^"]*)"', page)[-1], text
