"""The list of documents: found, narrowed, told what waits, and changed by the dozen."""

from html import unescape
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from tests.console.stage import may
from tests.console.writing.desk import BUNDLE, ONE, TEXT, Desk

LIST = "/admin/content/document/"
BULK = f"{LIST}bulk/"


def got(client: Any, url: str, status: int = 200) -> str:
    said = client.get(url)
    assert said.status_code == status, said.content.decode()[-3000:]
    return unescape(said.content.decode())


def sources(page: str) -> list[str]:
    return [each for each in (ONE, BUNDLE) if f'value="{each}"' in page]


def test_pages_are_found_by_words_status_and_place(desk: Desk) -> None:
    client = desk.enter()
    assert sources(got(client, LIST)) == [ONE, BUNDLE]
    for query, found in {
        "q=one": [ONE],
        "q=posts/two": [BUNDLE],
        "state=draft": [BUNDLE],
        "state=published": [ONE],
        "state=scheduled": [],
        "section=posts": [ONE, BUNDLE],
        "section=": [],
        "term=tags:a": [ONE],
        "term=tags:b": [],
        "published=waiting": [],
        "o=1": [ONE, BUNDLE],
        "state=nonsense": [ONE, BUNDLE],
    }.items():
        assert sources(got(client, f"{LIST}?{query}")) == found, query
    assert "No page fits" in got(client, f"{LIST}?q=nowhere")


@pytest.mark.long
def test_what_is_not_published_yet_is_told(desk: Desk) -> None:
    client = desk.enter()
    edit = desk.url("content_document_change")
    client.post(edit, desk.form(**{"field:title": "New", "_save": ""}))
    page = got(client, f"{LIST}?published=waiting")
    assert sources(page) == [ONE] and "changes not published yet" in page and "1 file is" in page


def bulk(desk: Desk, client: Any, action: str, **sent: Any) -> Any:
    base = got(client, LIST).partition('name="base" value="')[2].partition('"')[0]
    return client.post(BULK, {"base": base, "action": action, "selected": [ONE, BUNDLE], **sent})


@pytest.mark.long
def test_many_pages_are_changed_at_once_after_a_look(desk: Desk) -> None:
    client = desk.enter()
    term = {"taxonomy": "tags", "term": "b"}
    page = unescape(bulk(desk, client, "add-term", **term).content.decode())
    assert "2 pages would change" in page and desk.text() == TEXT
    said = bulk(desk, client, "add-term", **term, _save="")
    assert said.status_code == 302 and desk.text() == TEXT.replace("[a]", "[a, b]")
    assert "b" in desk.text(BUNDLE) and desk.log() == ("ada", "Add “b” to 2 pages")
    page = unescape(bulk(desk, client, "publish").content.decode())
    assert f"{ONE}</span>: it is no draft" in page and "1 page would change" in page
    bulk(desk, client, "publish", _save="", message="Out with it")
    assert "draft: false" in desk.text(BUNDLE) and desk.log()[1] == "Out with it"
    bulk(desk, client, "delete", _save="")
    assert desk.log()[1] == "Delete 2 pages" and "no pages yet" in got(client, LIST)


@pytest.mark.long
def test_who_may_change_some_of_them_changes_those(desk: Desk) -> None:
    drafts = (
        '@id("d") permit (principal, action == Action::"edit", resource) when {resource.draft};'
    )
    desk.govern(may("principal", "preview"), may("principal", "read"), drafts)
    client = desk.enter()
    page = unescape(bulk(desk, client, "add-term", taxonomy="tags", term="b").content.decode())
    assert f"{ONE}</span>: you may not change it" in page and "1 page would change" in page
    page = unescape(bulk(desk, client, "publish").content.decode())
    assert "would change" not in page and f"{BUNDLE}</span>: you may not change it" in page


@pytest.mark.long
def test_questions_to_the_index_do_not_grow_with_the_list(desk: Desk) -> None:
    client = desk.enter()
    few = _asked(client)
    files = {f"content/many/{n}.md": f"---\ntitle: N{n}\n---\n" for n in range(60)}
    desk.repository.commit(files)
    desk.site.sync()
    assert _asked(client) == few <= 8


def _asked(client: Any) -> int:
    with CaptureQueriesContext(connections["index"]) as queries:
        got(client, LIST)
    return len(queries)


@pytest.mark.long
def test_what_can_be_no_page_is_left_and_said(desk: Desk) -> None:
    client = desk.enter()
    names = ["content/\0.md", "", "../x", "config.toml"]
    page = bulk(desk, client, "delete", selected=[*names, ONE], _save="")
    assert page.status_code == 302 and not desk.has(ONE) and desk.has("config.toml")


@pytest.mark.long
def test_there_is_an_end_to_what_is_changed_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = desk.enter()
    size = sum(len(desk.text(each)) for each in (ONE, BUNDLE))
    for most, pages, status in ((size, 2, 200), (size - 1, 2, 409), (size, 1, 409)):
        monkeypatch.setattr("apps.console.writing.bulk.BULK_BYTES", most)
        monkeypatch.setattr("apps.console.writing.bulk.BULK", pages)
        said = bulk(desk, client, "add-term", taxonomy="tags", term="b")
        assert said.status_code == status
