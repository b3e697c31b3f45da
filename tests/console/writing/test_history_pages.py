"""New documents, earlier versions, other places, and documents that went."""

from html import unescape
from typing import Any

import pytest

from tests.console.writing.desk import BESIDE, BUNDLE, FILES, ONE, TEXT, Desk
from tests.console.writing.test_list_pages import LIST, got

ADD = f"{LIST}add/"


def base_in(page: str) -> str:
    return page.partition('name="base" value="')[2].partition('"')[0]


def made(client: Any, **sent: str) -> Any:
    return client.post(ADD, {"base": base_in(got(client, ADD)), **sent})


def test_a_new_page_is_made_in_the_manner_of_its_neighbours(desk: Desk) -> None:
    client = desk.enter()
    said = made(client, title="Über alles", folder="content/posts")
    assert said.status_code == 302, said.content.decode()
    assert said["Location"].endswith("/content_2Fposts_2Fuber-alles.md/change/")
    text = desk.text("content/posts/uber-alles.md")
    assert text.startswith("---\ntitle: Über alles\ndate: 20") and "draft: true" in text
    again = made(client, title="Über alles", folder="content/posts")
    assert again.status_code == 409 and "already" in unescape(again.content.decode())
    assert made(client, title="", folder="content/posts").status_code == 422
    lost = made(client, title="Lost", path="lost/page.md")
    assert lost.status_code == 409 and "would not be read" in unescape(lost.content.decode())


@pytest.mark.long
def test_earlier_versions_are_compared_and_brought_back(desk: Desk) -> None:
    client = desk.enter()
    before = desk.tip
    client.post(desk.url("content_document_change"), desk.form(**{"body": "\nNew.\n", "_save": ""}))
    page = got(client, desk.url("content_document_history"))
    assert page.count('name="older"') == 2 and "Edit “One”: text" in page
    compare = desk.url("content_document_compare") + f"?older={before}&newer=now"
    page = got(client, compare)
    assert "One is here." in page and "Bring back the earlier version" in page
    sent = {"base": base_in(page), "version": before}
    said = client.post(desk.url("content_document_restore"), sent)
    assert said.status_code == 302 and desk.text() == TEXT
    other = {**sent, "base": desk.base(), "version": "refs/heads/main"}
    assert client.post(desk.url("content_document_restore"), other).status_code == 409


@pytest.mark.long
def test_a_deleted_page_is_found_and_comes_back(desk: Desk) -> None:
    client = desk.enter()
    url = desk.url("content_document_delete", BUNDLE)
    page = got(client, url)
    assert BESIDE in page and "No page leads here" in page
    assert client.post(url, {"base": base_in(page), "with_files": "on"}).status_code == 302
    assert not desk.has(BUNDLE) and not desk.has(BESIDE)
    page = got(client, f"{LIST}deleted/")
    assert BUNDLE in page and BESIDE not in page
    version = page.partition('name="version" value="')[2].partition('"')[0]
    said = client.post(
        desk.url("content_document_restore", BUNDLE), {"base": base_in(page), "version": version}
    )
    assert said.status_code == 302 and desk.text(BUNDLE) == FILES[BUNDLE]


@pytest.mark.long
def test_a_page_moves_with_its_files_and_keeps_its_old_address(desk: Desk) -> None:
    client = desk.enter()
    client.post(
        desk.url("content_document_change"),
        desk.form(**{"body": "\n[Two](two/index.md)\n", "_save": ""}),
    )
    url = desk.url("content_document_move", BUNDLE)
    page = got(client, url)
    assert "1 page leads here" in page
    wrong = client.post(url, {"base": base_in(page), "path": "content/two.md"})
    assert wrong.status_code == 409 and "files of its own" in unescape(wrong.content.decode())
    said = client.post(url, {"base": base_in(page), "path": "content/second/index.md"})
    assert said.status_code == 302, said.content.decode()
    assert desk.text("content/second/a.txt") == "beside" and not desk.has(BUNDLE)
    url = desk.url("content_document_move", ONE)
    sent = {"base": base_in(got(client, url)), "path": "content/posts/uno.md"}
    assert client.post(url, sent).status_code == 302
    assert "aliases:" in desk.text("content/posts/uno.md") and "/posts/one/" in desk.text(
        "content/posts/uno.md"
    )
