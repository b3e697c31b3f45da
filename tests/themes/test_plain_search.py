"""The bundled theme's page for searches can be used by everybody, without script."""

from typing import Any

import pytest

from tests.themes import stage
from tests.themes.reading import Page


def show(**changes: Any) -> Page:
    text, count = changes.pop("text", "river"), changes.pop("count", 2)
    search = stage.search(text, count, **changes)
    return Page(stage.render("plain", "search.html", stage.context("plain", search=search)))


def test_the_form_asks_by_address_and_its_field_has_a_label() -> None:
    page = show()
    form, field = page.one("form"), page.one("input")
    assert form.attributes["role"] == "search"
    assert (form.attributes["method"], form.attributes["action"]) == ("get", "/search/")
    assert (field.attributes["name"], field.attributes["value"]) == ("q", "river")
    assert page.one("label").attributes["for"] == field.attributes["id"]
    assert page.one("button").text


def test_what_was_found_is_marked_in_titles_and_texts_and_counted() -> None:
    page = show(count=3, total=31)
    assert [mark.text for mark in page.all("mark")] == ["river"] * 6
    assert page.one("h2").text == "31 pages"
    assert page.one("section").attributes["aria-labelledby"] == page.one("h2").attributes["id"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"count": 0}, "Nothing was found"),
        ({"widened": True}, "No page has exactly these words"),
        ({"count": 1}, "1 page"),
    ],
)
def test_what_came_of_it_is_said(changes: dict[str, Any], said: str) -> None:
    assert said in show(**changes).one("main").text


def test_without_words_there_is_only_the_form() -> None:
    page = show(text="", count=0)
    assert "Nothing was found" not in page.source
    assert page.all("li") == [] or not [e for e in page.all("li") if "entry" in str(e.attributes)]


def test_no_search_is_indexed_and_each_has_a_title_of_its_own() -> None:
    page = show(page=2, pages=3, next="/search/?q=river&page=3")
    robots = [m for m in page.all("meta") if m.attributes.get("name") == "robots"]
    assert [each.attributes["content"] for each in robots] == ["noindex"]
    assert page.one("title").text.startswith("Search: river, page 2")
    assert "canonical" not in page.source


def test_every_page_leads_to_the_search_where_there_is_one() -> None:
    def linked(**site: Any) -> bool:
        values = stage.context("plain", page=stage.page(), site=stage.site(**site))
        page = Page(stage.render("plain", "document.html", values))
        return any(a.attributes["href"] == "/search/" for a in page.all("a"))

    assert linked()
    assert not linked(search_url=None)
