"""Two editors at two consoles change the same: the second one decides what stays, and readers get
it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.utils import quote

from tests.e2e.axe import violations
from tests.e2e.browsing import SCHEMES, Browser, Desk
from tests.e2e.conftest import opened
from tests.whispercms.nodes import Instance, free_port

FIRST = "content/posts/first.md"


@pytest.fixture
def two(tmp_path: Path, chromium: Any) -> Iterator[tuple[Desk, Desk]]:
    """Ada's and bob's, of one remote."""
    with opened(tmp_path, chromium, "ada") as ada:
        settings = {"CONSOLE": "1"}
        instance = Instance(tmp_path / "bob", ada.remote.path, free_port(), settings)
        with instance.started() as running:
            bob = Desk(instance=instance, remote=ada.remote, running=running, chromium=chromium)
            bob.add("bob")
            yield ada, bob


def write(desk: Desk, person: str, text: str, title: str) -> None:
    """In the editor, without scripts."""
    with desk.browser(person, java_script_enabled=False) as browser:
        browser.goto(f"/admin/content/document/{quote(FIRST)}/change/?mode=source")
        source = browser.page.input_value("#id_source").replace("First", title)
        browser.page.fill("#id_source", source.replace("Hello.\n", text))
        browser.page.get_by_role("button", name="Save", exact=True).click()
        browser.page.wait_for_url("**/admin/content/document/")
        assert "Saved." in browser.text() and title in browser.text()


def publish(browser: Browser) -> str:
    browser.goto("/admin/publishing/")
    browser.page.click("button.button--primary")
    browser.page.wait_for_url("**/published/**")
    return browser.text()


def looked_at(browser: Browser, name: str) -> None:
    for scheme in SCHEMES:
        browser.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert violations(browser.page) == []
    browser.pictures(name)
    assert browser.complaints == []


def test_the_second_of_two_editors_decides_what_stays(two: tuple[Desk, Desk]) -> None:
    ada_desk, bob_desk = two
    write(bob_desk, "bob", "Hello, says bob.\n\nSomething else.\n", "Bobs")
    write(ada_desk, "ada", "Hello, says ada.\n\nSomething else.\n", "Adas")
    with bob_desk.browser("bob") as bob:
        bob.goto("/admin/publishing/")
        bob.page.wait_for_selector("text=Yes: a server would take it")
        looked_at(bob, "publish")
        bob.page.click("text=See the pages before and after")
        bob.page.frame_locator("iframe >> nth=1").locator("text=says bob").wait_for()
        looked_at(bob, "publish-pages")
        assert "Published." in publish(bob)
        looked_at(bob, "published")
    with ada_desk.browser("ada") as ada:
        assert "Others changed the same as you." in publish(ada)
        looked_at(ada, "publish-conflict")
        decide(ada)
        assert "Published." in publish(ada)
    ada_desk.instance.run("syncrepo")
    page = ada_desk.instance.get("/posts/first/").text
    assert "Bobs" in page and "says ada" in page and "says bob" in page


def decide(ada: Browser) -> None:
    page = ada.page
    page.get_by_role("link", name="Decide", exact=True).click()
    assert "2 places are not decided yet" in ada.text()
    looked_at(ada, "conflict")
    page.check("input[name='choice-1.1'][value=theirs]")
    assert "1 place is not decided yet" in ada.text()
    page.check("input[name='choice-1.2'][value=both]")
    assert "Everything is decided." in ada.text()
    page.click("text=Show what comes of it")
    assert "says bob" in page.input_value("#result-1")
    looked_at(ada, "conflict-result")
    page.click("text=Save the decision")
    page.wait_for_url("**/admin/publishing/")
    assert "Decided, and saved as" in str(page.inner_text("body"))
