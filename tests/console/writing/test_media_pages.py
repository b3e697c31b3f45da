"""The library of files: added by what they hold, shown small, replaced, deleted."""

from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.console.writing.bounds import UPLOADS
from tests.console.writing.desk import BUNDLE, ONE, Desk
from tests.console.writing.test_history_pages import base_in
from tests.console.writing.test_list_pages import got
from tests.pictures import picture

MEDIA = "/admin/media/"


def upload(client: Any, *files: tuple[str, bytes], **more: str) -> Any:
    base = got_json(client, more.get("for", ""))["base"]
    made = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(f"{MEDIA}upload/", {"base": base, "files": made, **more})


def got_json(client: Any, document: str = "") -> Any:
    return client.get(f"{MEDIA}list.json", {"for": document}).json()


@pytest.mark.long
def test_files_are_added_by_what_they_hold(desk: Desk) -> None:
    client = desk.enter()
    png = picture((40, 20), "PNG")
    said = upload(client, ("Mein Foto.HTML", png), ("a.svg", b"<svg onload='x()'/>"))
    assert said.status_code == 302, unescape(said.content.decode())
    assert desk.log() == ("ada", "Add mein-foto.png, a.svg")
    page = got(client, MEDIA)
    assert "mein-foto.png" in page and "40 × 20" in page and "may hold a program" in page
    again = upload(client, ("mein foto.png", png))
    assert again.status_code == 302 and "Add mein-foto-2.png" in desk.log()[1]
    first = got_json(client)["files"][0]
    thumb = client.get(got_json(client)["files"][2]["thumb"])
    assert thumb.status_code == 200 and "sandbox" in thumb["Content-Security-Policy"]
    assert first["path"] == "content/posts/two/a.txt" or first["link"].startswith("/media/")


def test_files_of_a_page_of_its_own_folder_go_there(desk: Desk) -> None:
    client = desk.enter()
    said = upload(client, ("x.txt", b"text"), **{"for": BUNDLE})
    assert said.status_code == 302 and desk.text("content/posts/two/x.txt") == "text"
    files = {each["path"]: each["link"] for each in got_json(client, BUNDLE)["files"]}
    assert files["content/posts/two/x.txt"] == "x.txt"


@pytest.mark.long
def test_what_cannot_be_a_file_is_refused(desk: Desk) -> None:
    client = desk.enter()
    before = desk.tip
    for files in ((), (("empty.txt", b""),), (("big.bin", b"\0" * (8 * 1024 * 1024 + 1)),)):
        assert upload(client, *files).status_code == 409
    many = tuple((f"{n}.txt", b"x") for n in range(UPLOADS + 1))
    assert upload(client, *many).status_code == 409 and desk.tip == before
    assert upload(client, *many[1:]).status_code == 302


@pytest.mark.long
def test_a_file_is_replaced_and_deleted(desk: Desk) -> None:
    client = desk.enter()
    upload(client, ("a.txt", b"one"))
    edit = desk.url("content_document_change")
    client.post(edit, desk.form(**{"body": "\n[A](/media/a.txt)\n", "_save": ""}))
    url = desk.url("media_file", "media/a.txt")
    page = got(client, url)
    assert "1 page leads here" in page and ONE in page
    png = SimpleUploadedFile("b.txt", picture((4, 4), "PNG"))
    assert (
        client.post(url, {"base": base_in(page), "files": png, "_replace": ""}).status_code == 409
    )
    new = SimpleUploadedFile("b.txt", b"two")
    said = client.post(url, {"base": base_in(page), "files": new, "_replace": ""})
    assert said.status_code == 302 and desk.text("media/a.txt") == "two"
    sent = {"base": base_in(got(client, url)), "_delete": ""}
    assert client.post(url, sent).status_code == 302 and not desk.has("media/a.txt")
    assert client.get(url).status_code == 404
