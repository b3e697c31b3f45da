"""The rooms around a document, at a desk and on a phone: pictures of each, and nothing for axe."""

from pathlib import Path
from typing import Any

from django.contrib.admin.utils import quote

from tests.e2e.axe import violations
from tests.e2e.browsing import SCHEMES, Browser, Desk
from tests.pictures import picture

LIST = "/admin/content/document/"
FIRST = f"{LIST}{quote('content/posts/first.md')}"


def looked_at(browser: Browser, name: str) -> None:
    browser.page.wait_for_load_state("networkidle")
    for scheme in SCHEMES:
        browser.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert violations(browser.page) == [], name
    browser.pictures(f"writing-{name}")


def test_pages_are_made_changed_and_brought_back(ada: Browser, tmp_path: Path) -> None:
    page = ada.page
    ada.goto(f"{LIST}add/")
    page.fill("#id_title", "A second page")
    page.check('input[name="state"][value="public"]')
    looked_at(ada, "new")
    page.get_by_role("button", name="Make the page").click()
    assert "A second page" in page.inner_text("h1")
    page.fill("#id_title", "The second page")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{LIST}")
    assert "The second page" in ada.text()
    ada.goto(f"{FIRST}/change/?mode=source")
    looked_at(ada, "source")
    ada.goto(f"{FIRST}/change/")
    page.check('input[name="state"][value="scheduled"]')
    page.fill("#id_publish_at", "2099-01-02T03:04")
    page.get_by_role("button", name="Review changes").click()
    assert "Schedule “First”" in page.input_value("#id_message")
    looked_at(ada, "review")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{LIST}")
    assert "Scheduled" in page.inner_text("#result_list") and "not published yet" in ada.text()
    looked_at(ada, "list")
    page.check('input[name="selected"] >> nth=0')
    page.check('input[name="selected"] >> nth=1')
    page.select_option("#bulk-action", "add-term")
    page.fill("#bulk-term", "garden")
    page.get_by_role("button", name="Go on").click()
    looked_at(ada, "bulk")
    ada.goto(f"{FIRST}/history/")
    looked_at(ada, "history")
    page.get_by_role("button", name="Compare the chosen versions").click()
    looked_at(ada, "compare")
    ada.goto(f"{FIRST}/move/")
    looked_at(ada, "move")
    ada.goto(f"{FIRST}/delete/")
    looked_at(ada, "delete")
    page.get_by_role("button", name="Delete the page").click()
    ada.goto(f"{LIST}deleted/")
    looked_at(ada, "deleted")
    page.get_by_role("button", name="Bring back").click()
    page.wait_for_selector("#document-form")
    assert ada.complaints == []


def test_files_are_uploaded_and_looked_at(ada: Browser, tmp_path: Path) -> None:
    page = ada.page
    (tmp_path / "Sommer am See.png").write_bytes(picture((640, 400), "PNG"))
    (tmp_path / "notes.txt").write_text("Notes\n")
    ada.goto("/admin/media/")
    looked_at(ada, "media-empty")
    page.set_input_files("#id_files", [tmp_path / "Sommer am See.png", tmp_path / "notes.txt"])
    page.get_by_role("button", name="Upload").click()
    page.wait_for_selector(".media-grid img")
    assert "2 files are added" in page.inner_text(".messagelist")
    looked_at(ada, "media")
    page.click(".media-grid a >> nth=1")
    looked_at(ada, "media-file")
    assert ada.complaints == []


def test_two_people_write_the_same_page(desk: Desk, ada: Browser) -> None:
    desk.add("bob")
    with desk.browser("bob", java_script_enabled=False) as bob:
        for each in (ada, bob):
            each.goto(f"{FIRST}/change/?mode=source")
        _write(bob.page, "Hello.", "Hello from Bob.")
        bob.page.get_by_role("button", name="Save", exact=True).click()
        bob.goto(f"{FIRST}/change/?mode=source")
    with desk.browser("ada", java_script_enabled=False) as plain:
        plain.goto(f"{FIRST}/change/?mode=source")
        with desk.browser("bob", java_script_enabled=False) as bob:
            bob.goto(f"{FIRST}/change/?mode=source")
            _write(bob.page, "Hello from Bob.", "Hello again from Bob.")
            bob.page.get_by_role("button", name="Save", exact=True).click()
        _write(plain.page, "Hello from Bob.", "Hello from Ada.")
        plain.page.get_by_role("button", name="Save", exact=True).click()
        assert "the same places" in plain.text()
        plain.pictures("writing-meet")
        plain.page.check('input[value="theirs"]')
        plain.page.get_by_role("button", name="Put together").click()
        assert "Hello again from Bob." in plain.page.input_value("#id_source")


def _write(page: Any, old: str, new: str) -> None:
    field = page.locator("#id_source")
    field.fill(field.input_value().replace(old, new))
