"""Something bad is released: its owner sees what going back would change, goes back, and readers
have the old page."""

from typing import Any

from tests.e2e.axe import violations
from tests.e2e.browsing import SCHEMES, Browser, Desk

PAGE = "content/posts/first.md"
GOOD = "---\ntitle: First\ndate: 2026-01-02\ntags: [rust]\n---\nHello.\n"


def looked_at(browser: Browser, name: str) -> None:
    browser.page.wait_for_load_state("networkidle")
    for scheme in SCHEMES:
        browser.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert violations(browser.page) == []
    browser.pictures(name)
    assert browser.complaints == []


def released(ada: Browser, cause: str) -> None:
    """Of what the environment serves now."""
    ada.goto("/admin/releases/")
    ada.page.click("text=Make a release of it as it is")
    ada.page.fill("#id_cause", cause)
    ada.page.click("button[value=promote]")
    ada.page.wait_for_url("**/releases/result/**")
    assert "Done: it is released." in ada.text()


def test_a_bad_release_is_taken_back(desk: Desk, ada: Browser) -> None:
    ada.goto("/admin/releases/")
    assert "There are no releases yet." in ada.text()
    looked_at(ada, "releases-none")
    released(ada, "as it was good")
    desk.remote.commit({PAGE: GOOD.replace("Hello.", "A bad mistake.")})
    ada.goto("/admin/publishing/")
    looked_at(ada, "publish-nothing")
    ada.page.click("text=Update from others")
    ada.page.wait_for_url("**/updated/**")
    looked_at(ada, "updated")
    assert "A bad mistake." in desk.instance.get("/posts/first/").text
    released(ada, "with a mistake")
    looked_at(ada, "released")
    go_back(ada)
    said = desk.instance.get("/posts/first/").text
    assert "Hello." in said and "A bad mistake." not in said
    ada.goto("/admin/releases/")
    assert "Held at an earlier release" in ada.text()
    looked_at(ada, "releases")
    ada.page.click("text=Follow the branch again")
    looked_at(ada, "promote")


def go_back(ada: Browser) -> None:
    page: Any = ada.page
    ada.goto("/admin/releases/")
    page.locator("tr", has_text="as it was good").get_by_role("link").click()
    assert "1 file of" in ada.text() and "A bad mistake." in ada.text()
    looked_at(ada, "release")
    page.click("text=See the pages before and after")
    page.frame_locator("iframe >> nth=0").locator("text=A bad mistake.").wait_for()
    page.frame_locator("iframe >> nth=1").locator("text=Hello.").wait_for()
    page.go_back()
    page.fill("#id_cause", "it was better")
    page.click("button.button--danger")
    page.wait_for_url("**/releases/result/**")
    assert "Done: it is as it was." in ada.text()
    looked_at(ada, "rolled-back")
