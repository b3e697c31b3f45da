"""The bundled feed is valid Atom 1.0 (RFC 4287), whatever the entries are."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.themes import stage

ATOM = "{http://www.w3.org/2005/Atom}"
IRI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")


def feed(*pages: dict[str, Any], **site: Any) -> ElementTree.Element:
    given = stage.context("feed", site=stage.site(**site), list=stage.listing(0, items=pages))
    return ElementTree.fromstring(stage.render("feed", "atom.xml", given).encode())


def text(element: ElementTree.Element, name: str) -> str | None:
    return element.findtext(f"{ATOM}{name}")


def entries(root: ElementTree.Element) -> list[ElementTree.Element]:
    return root.findall(f"{ATOM}entry")


def test_an_entry_says_what_is_known_of_a_page() -> None:
    (entry,) = entries(feed(stage.page()))
    assert text(entry, "id") == "https://station.example/posts/river/"
    assert text(entry, "title") == "Reading the river"
    assert text(entry, "published") == "2026-03-26T00:00:00Z"
    assert text(entry, "updated") == "2026-04-02T00:00:00Z"
    assert [text(a, "name") for a in entry.findall(f"{ATOM}author")] == ["Ines Duarte", "Tom Rask"]
    assert [c.get("term") for c in entry.findall(f"{ATOM}category")] == ["rivers", "unlisted"]


@pytest.mark.parametrize("base_url", ["https://station.example", ""])
@pytest.mark.parametrize("title", ["The Field Station", ""])
@pytest.mark.parametrize(
    "pages", [[], [stage.page(), stage.bare_page(date="2026-01-01T00:00:00Z")]]
)
def test_everything_that_atom_requires_is_there(
    base_url: str, title: str, pages: list[dict[str, Any]]
) -> None:
    root = feed(*pages, base_url=base_url, title=title, description="")
    for element in (root, *entries(root)):
        assert IRI.fullmatch(text(element, "id") or "")
        assert text(element, "title") and text(element, "updated")
        assert element.find(f"{ATOM}link") is not None
    assert root.find(f"{ATOM}author") is not None
    assert len(entries(root)) == len(pages)


def test_ids_tell_entries_and_feed_apart() -> None:
    root = feed(stage.page(url="/a/"), stage.page(url="/b/"), base_url="")
    ids = [text(element, "id") for element in (root, *entries(root))]
    assert len(ids) == len(set(ids))


def test_the_feed_is_as_old_as_its_newest_entry() -> None:
    older = stage.page(date="2025-01-01T00:00:00Z", updated="2026-08-01T00:00:00Z")
    newer = stage.page(date="2026-07-01T00:00:00Z", updated=None)
    assert text(feed(newer, older), "updated") == "2026-08-01T00:00:00Z"


def test_a_page_without_a_date_is_left_out() -> None:
    assert not entries(feed(stage.bare_page()))


def test_the_feed_links_to_itself_absolutely() -> None:
    links = {link.get("rel"): link.get("href") for link in feed().findall(f"{ATOM}link")}
    assert links == {
        "self": "https://station.example/feed/",
        "alternate": "https://station.example/",
    }


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["C"], exclude_characters="\r"), min_size=1))
def test_any_title_survives(title: str) -> None:
    (entry,) = entries(feed(stage.page(title=title, description=title)))
    assert text(entry, "title") == text(entry, "summary") == title
