"""The bundled theme makes sound pages of whatever a site holds."""

import re
import tomllib
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.themes import stage
from tests.themes.reading import Element, Page

THEME = stage.THEMES / "plain"
MANIFEST = tomllib.loads((THEME / "theme.toml").read_text())
BODY = "<p>Text with <a href='/x/'>a link</a>.</p>"
FAULT = {"status": 500, "title": "", "message": "", "request_id": "0192f0c4"}
MISSING = {"status": 404, "title": "Not found", "message": "", "request_id": "0192f0c4"}
REFUSED = {"status": 405, "title": "Not so", "message": "GET and HEAD only.", "request_id": "1"}
MANY_SECTIONS = [{"title": f"Part {n}", "url": f"/{n}/"} for n in range(60)]
EMPTY_SITE = stage.site(title="", description="", base_url="", sections=[], feed_url=None, feeds=[])
HOSTILE = "'\"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}"

SECTION = stage.page(title="Posts", url="/posts/", kind="section", section=None)
TURNED = {"page": 2, "pages": 3, "previous": "/posts/", "next": "/posts/?page=3"}

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "a document": ("document.html", {"page": stage.page(), "body": BODY}),
    "a bare document": ("document.html", {"page": stage.bare_page(), "body": ""}),
    "a bare document of an empty site": (
        "document.html",
        {"page": stage.bare_page(), "site": EMPTY_SITE},
    ),
    "a document among many sections": (
        "document.html",
        {"page": stage.page(), "site": stage.site(sections=MANY_SECTIONS, title="Long " * 60)},
    ),
    "a section": ("section.html", {"page": SECTION, "list": stage.listing(20), "body": BODY}),
    "a later page of a section": (
        "section.html",
        {"page": SECTION, "list": stage.listing(20, **TURNED), "body": BODY},
    ),
    "an empty section": ("section.html", {"page": SECTION, "list": stage.listing(0)}),
    "a front page without a document": ("section.html", {"list": stage.listing(3, title=None)}),
    "a front page with nothing": ("section.html", {"site": EMPTY_SITE}),
    "a list without dates": (
        "section.html",
        {"list": stage.listing(0, items=[stage.bare_page() for _ in range(3)])},
    ),
    "a term": ("term.html", {"list": stage.listing(45, title="rivers")}),
    "an empty term": ("term.html", {"list": stage.listing(0, title="rivers")}),
    "a search": ("search.html", {"search": stage.search("river", 3, next="/search/?page=2")}),
    "a search for what only begins so": (
        "search.html",
        {"search": stage.search("riv", 1, widened=True), "site": EMPTY_SITE},
    ),
    "a search in vain": ("search.html", {"search": stage.search("river", 0)}),
    "a search without words": ("search.html", {"search": stage.search("", 0)}),
    "nothing found": ("404.html", {"error": MISSING}),
    "a refusal": ("error.html", {"error": REFUSED}),
    "a refusal by an empty site": ("error.html", {"error": REFUSED, "site": EMPTY_SITE}),
    "a fault": ("500.html", {"error": FAULT, "site": EMPTY_SITE}),
}


def show(template: str, **changes: Any) -> Page:
    return Page(stage.render("plain", template, stage.context("plain", **changes)))


def programs(page: Page) -> list[Element]:
    """Scripts that are more than data, which browsers do not run."""
    scripts = page.all("script")
    return [e for e in scripts if e.attributes.get("type") != "application/ld+json"]


def document(**changes: Any) -> Page:
    return show("document.html", page=stage.page(), body=BODY, **changes)


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> Page:
    template, changes = PAGES[request.param]
    return show(template, **changes)


def test_every_page_has_one_heading_and_a_title(page: Page) -> None:
    assert page.one("h1").text.strip()
    assert page.one("title").text.strip()


def test_every_page_has_its_landmarks(page: Page) -> None:
    at_top = [e.name for e in page.elements if e.path == ("html", "body")]
    assert at_top.count("main") == at_top.count("header") == 1
    assert at_top.count("footer") == (0 if "could not be made" in page.source else 1)
    labels = [nav.attributes["aria-label"] for nav in page.all("nav")]
    assert all(labels) and len(labels) == len(set(labels))
    assert page.one("html").attributes["lang"]


def test_headings_never_skip_a_level(page: Page) -> None:
    levels = [int(e.name[1]) for e in page.elements if re.fullmatch("h[1-6]", e.name)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_nothing_needs_an_exception_from_the_content_policy(page: Page) -> None:
    assert not page.all("style") and not page.all("iframe")
    assert programs(page) == []
    names = {name for element in page.elements for name in element.attributes}
    assert not {name for name in names if name == "style" or name.startswith("on")}
    loaded = [e.attributes.get("src") for e in page.elements if e.attributes.get("src")]
    loaded += [*page.links("stylesheet"), *page.links("icon")]
    assert all(url is not None and url.startswith("/static/plain/") for url in loaded)


def test_references_within_a_page_hold(page: Page) -> None:
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    labels = {e.attributes.get("aria-labelledby") for e in page.elements} - {None}
    anchors = {(a.attributes["href"] or "").partition("#")[2] for a in page.all("a")} - {""}
    assert labels | anchors <= set(ids)


def test_hostile_text_stays_text() -> None:
    poison = {"title": HOSTILE, "description": HOSTILE, "authors": [HOSTILE]}
    term = {"taxonomy": HOSTILE, "name": HOSTILE, "url": f"/tags/{HOSTILE}/"}
    page = stage.page(**poison, terms=[term], section={"title": HOSTILE, "url": "/posts/"})
    site = stage.site(
        title=HOSTILE, description=HOSTILE, sections=[{"title": HOSTILE, "url": HOSTILE}]
    )
    error = {"status": 400, "title": HOSTILE, "message": HOSTILE, "request_id": HOSTILE}
    listing = stage.listing(0, title=HOSTILE, items=[page])
    shown = [
        show("document.html", site=site, page=page, metadata={"reading_minutes": HOSTILE}),
        show("section.html", site=site, list=listing),
        show("term.html", site=site, list=listing),
        show("search.html", site=site, search=stage.search(HOSTILE, 1)),
        show("search.html", site=site, search=stage.search(HOSTILE, 0)),
        show("error.html", site=site, error=error),
        show("500.html", site=site, error=error),
    ]
    for result in shown:
        assert not programs(result) and not result.all("img")
        assert "{{ 7 * 7 }}" in result.one("html").text


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["C"], exclude_characters="\r"), min_size=1))
def test_a_title_is_shown_as_it_is_written(title: str) -> None:
    shown = show("document.html", page=stage.page(title=title))
    assert shown.one("h1").text == title
    assert shown.one("meta", property="og:title").attributes["content"] == title


def test_a_document_says_what_is_known_of_it() -> None:
    shown = document(metadata={"reading_minutes": 4})
    facts = shown.one("article").text
    for fact in ("26 March 2026", "Updated 2 April 2026", "Ines Duarte, Tom Rask", "4 min read"):
        assert fact in facts
    assert shown.all("time")[0].attributes["datetime"] == "2026-03-26T00:00:00Z"
    assert shown.links("tag") == ["/tags/rivers/"]
    assert "unlisted" in facts


def test_a_bare_document_says_nothing_it_does_not_know() -> None:
    shown = show("document.html", page=stage.bare_page(), site=EMPTY_SITE)
    assert shown.one("h1").text == "Untitled"
    assert not shown.all("time") and not shown.all("nav") and not shown.all("li")
    assert "None" not in shown.source and "none" not in shown.one("html").text


def test_an_update_on_the_day_of_publication_is_not_worth_a_line() -> None:
    page = stage.page(updated="2026-03-26T18:00:00Z")
    assert "Updated" not in show("document.html", page=page).one("article").text


def test_reading_time_can_be_switched_off() -> None:
    chosen = {**stage.settings("plain"), "show_reading_time": False}
    assert "min read" not in document(metadata={"reading_minutes": 4}, settings=chosen).source


def test_a_list_is_grouped_by_year_and_dates_need_not_repeat_it() -> None:
    shown = show("section.html", page=SECTION, list=stage.listing(20))
    assert [h.text for h in shown.all("h2")] == ["2026", "2025", "2024"]
    assert len([li for li in shown.all("li") if "main" in li.path]) == 20
    assert shown.all("time")[0].text == "28 December"


def test_pages_of_a_list_are_linked_in_head_and_text() -> None:
    shown = show("section.html", page=SECTION, list=stage.listing(20, **TURNED), body=BODY)
    assert shown.links("prev") == ["/posts/"] * 2
    assert shown.links("next") == ["/posts/?page=3"] * 2
    assert shown.one("title").text == "Posts, page 2 – The Field Station"
    assert "Page 2 of 3" in shown.one("main").text


def test_a_later_page_of_a_list_is_not_passed_off_as_the_first() -> None:
    shown = show("section.html", page=SECTION, list=stage.listing(20, **TURNED), body=BODY)
    assert not shown.links("canonical")
    assert "Text with" not in shown.one("main").text


@pytest.mark.parametrize(
    ("base_url", "canonical"),
    [
        ("https://station.example", ["https://station.example/posts/river/"]),
        ("https://station.example/", ["https://station.example/posts/river/"]),
        ("", []),
    ],
)
def test_the_canonical_address_is_absolute_or_absent(base_url: str, canonical: list[str]) -> None:
    shown = document(site=stage.site(base_url=base_url))
    assert shown.links("canonical") == canonical
    assert len(shown.all("meta", property="og:url")) == len(canonical)


def test_an_error_is_neither_described_nor_indexed() -> None:
    shown = show("404.html", error=MISSING)
    assert shown.one("meta", name="robots").attributes["content"] == "noindex"
    assert not shown.all("meta", name="description")


def test_a_fault_names_the_request_and_needs_nothing_of_the_site() -> None:
    alone = {**stage.context("plain", error=FAULT, site=None), "settings": None}
    shown = Page(stage.render("plain", "500.html", alone))
    assert shown.one("code").text == FAULT["request_id"]


def test_many_sections_move_to_the_foot() -> None:
    shown = show("404.html", error=MISSING, site=stage.site(sections=MANY_SECTIONS))
    top, foot = shown.all("nav")
    assert len(top.text.strip().splitlines()) == 6
    assert foot.attributes["id"] == "sections"
    assert len(foot.text.strip().splitlines()) == 60


def test_the_current_section_is_marked() -> None:
    marked = [e for e in document().elements if "aria-current" in e.attributes]
    assert [(e.text, e.attributes["aria-current"]) for e in marked] == [("Posts", "true")]


@pytest.mark.parametrize(
    ("language", "direction"), [("en", None), ("ar", "rtl"), ("he-IL", "rtl"), ("haw", None)]
)
def test_the_direction_follows_the_language(language: str, direction: str | None) -> None:
    html = document(site=stage.site(language=language)).one("html")
    assert html.attributes.get("dir") == direction
    assert html.attributes["lang"] == language


def test_routes_name_templates_that_exist() -> None:
    for route in MANIFEST["routes"]:
        assert (THEME / "templates" / route["template"]).is_file()
        assert route["methods"] == ["GET", "HEAD"]


def test_a_chosen_accent_reaches_the_page() -> None:
    chosen = {**stage.settings("plain"), "accent": "rowan"}
    assert document(settings=chosen).one("body").attributes["class"] == "accent-rowan"
