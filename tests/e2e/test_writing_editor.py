"""Somebody writes: what they type is seen beside it at once, and no crash costs them a word."""

import signal
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.contrib.admin.utils import quote

from tests.e2e.axe import violations
from tests.e2e.browsing import SCHEMES, Browser, Desk
from tests.e2e.conftest import opened as node_with

TEXT: Final = ".cm-content"
STATE: Final = "#draft-state"
KEPT: Final = "a draft was kept"


PAGES: Final = [f"content/posts/page-{number}.md" for number in range(12)]
PAGE: Final = "---\ntitle: A page\ndate: 2026-01-02\n---\n\nHello.\n"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Desk]:
    with node_with(tmp_path_factory.mktemp("editor"), chromium, "ada") as desk:
        desk.remote.commit(dict.fromkeys(PAGES, PAGE))
        assert desk.instance.run("syncrepo").returncode == 0
        yield desk


@pytest.fixture(scope="module")
def pages() -> list[str]:
    return list(PAGES)


@pytest.fixture
def path(pages: list[str]) -> str:
    """A document of the test's own."""
    return pages.pop()


def edit(path: str) -> str:
    return f"/admin/content/document/{quote(path)}/change/"


def opened(browser: Browser, path: str) -> Any:
    browser.goto(edit(path))
    browser.page.wait_for_selector(TEXT)
    return browser.page


def typed(page: Any, text: str) -> None:
    page.click(TEXT)
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def told(page: Any, text: str, place: str = STATE) -> None:
    page.locator(place).get_by_text(text).wait_for()


def shown(page: Any, text: str) -> None:
    page.frame_locator("#preview-pane iframe").get_by_text(text).first.wait_for()


def written(page: Any) -> str:
    return str(page.inner_text(TEXT))


def test_what_is_typed_is_seen_beside_it(node: Desk, path: str) -> None:
    with node.browser("ada") as ada:
        page = opened(ada, path)
        shown(page, "Hello.")
        typed(page, "\nSome **new** words, and [more](/posts/)")
        shown(page, "new")
        told(page, KEPT)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert violations(page) == []
        ada.pictures("editor")
        assert ada.complaints == []


def test_no_script_of_a_page_runs_in_its_preview(node: Desk, path: str) -> None:
    source = '---\ntitle: One\n---\n<b onclick="parent.x=1">a</b><script>parent.x=1</script>seen\n'
    with node.browser("ada") as ada:
        ada.goto(f"{edit(path)}?mode=source")
        page = ada.page
        page.wait_for_selector(TEXT)
        page.click(TEXT)
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(source)
        shown(page, "seen")
        assert page.evaluate("globalThis.x") is None
        frame = next(each for each in page.frames if "/-/preview/" in each.url)
        assert frame.evaluate("self.origin") == "null"
        ada.pictures("editor-source")


def test_a_crash_of_the_browser_costs_nothing(node: Desk, path: str) -> None:
    with node.browser("ada") as ada:
        page = opened(ada, path)
        typed(page, "Typed before the crash.")
        told(page, KEPT)
    with node.browser("ada") as ada:
        page = opened(ada, path)
        assert "Typed before the crash." not in written(page)
        ada.pictures("editor-unsaved")
        page.get_by_role("link", name="Look at the difference").click()
        page.get_by_text("Typed before the crash.").first.wait_for()
        ada.pictures("editor-difference")
        page.get_by_role("link", name="Continue with it").click()
        page.wait_for_selector(TEXT)
        assert "Typed before the crash." in written(page)
        shown(page, "Typed before the crash.")
        page.keyboard.press("Control+S")
        page.wait_for_url("**/change/")
        page.wait_for_selector(TEXT)
        assert page.locator("#draft-kept").count() == 0
        assert "Typed before the crash." in written(page)


def test_a_page_that_was_left_before_it_was_sent_is_still_in_the_browser(
    node: Desk, path: str
) -> None:
    with node.browser("ada") as ada:
        page = opened(ada, path)
        page.context.set_offline(True)
        typed(page, "Only here.")
        page.wait_for_timeout(400)
        page.on("dialog", lambda dialog: dialog.accept())
        page.close(run_before_unload=False)
        page.context.set_offline(False)
        again = Browser(page.context.new_page())
        page = opened(again, path)
        told(page, "This browser has changes", "#draft-found")
        page.locator("[data-continue]").click()
        assert "Only here." in written(page)
        told(page, KEPT)


def test_a_lost_connection_is_told_and_the_text_is_sent_later(node: Desk, path: str) -> None:
    with node.browser("ada") as ada:
        page = opened(ada, path)
        page.context.set_offline(True)
        typed(page, "Offline words.")
        told(page, "No connection")
        ada.pictures("editor-offline", full=False)
        page.context.set_offline(False)
        told(page, KEPT)


def test_two_windows_overwrite_nothing(node: Desk, path: str) -> None:
    with node.browser("ada") as ada:
        first = opened(ada, path)
        second = opened(Browser(first.context.new_page()), path)
        typed(first, "First window.")
        told(first, KEPT)
        typed(second, "Second window.")
        told(second, "changed in another window")
        second.get_by_role("button", name="Keep this text").click()
        told(second, KEPT)


def test_it_is_written_by_keyboard(node: Desk, path: str) -> None:
    with node.browser("ada") as ada:
        page = opened(ada, path)
        page.click(TEXT)
        page.keyboard.press("Control+End")
        page.keyboard.press("Enter")
        page.keyboard.press("Control+B")
        page.keyboard.type("bold")
        assert "**bold" in page.input_value("#id_body")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.editor-text') === null")
        page.keyboard.press("?")
        page.locator("#editor-keys").wait_for()
        ada.pictures("editor-keyboard", full=False)
        page.keyboard.press("Escape")
        page.keyboard.press("Control+Shift+P")
        assert page.locator("#preview-pane").is_hidden()
        page.keyboard.press("Control+Enter")
        page.get_by_role("heading", name="Review").wait_for()


def test_a_link_is_shared_with_somebody_without_an_account(node: Desk, path: str) -> None:
    with node.browser("ada") as ada:
        page = opened(ada, path)
        typed(page, "Not saved, and shown.")
        with page.context.expect_page() as opening:
            page.get_by_role("button", name="Link to share").click()
        made = opening.value
        address = made.input_value("#id_made")
        Browser(made).pictures("preview-links")
        with node.browser() as stranger:
            stranger.goto(address)
            stranger.page.get_by_text("Not saved, and shown.").wait_for()
            stranger.pictures("preview-shared")
            made.get_by_role("button", name="Withdraw").click()
            made.get_by_text("leads nowhere").wait_for()
            stranger.goto(address)
            assert "There is no such preview" in stranger.page.content()


def test_a_server_that_is_killed_costs_nothing(node: Desk, path: str) -> None:
    """The last, as the node is another one afterwards."""
    with node.browser("ada") as ada:
        page = opened(ada, path)
        typed(page, "Before the kill. ")
        told(page, KEPT)
        node.running.end(signal.SIGKILL)
        node.running.kill()
        typed(page, "While it was away.")
        told(page, "No connection")
        with node.instance.started():
            told(page, KEPT)
            with node.browser("ada") as other:
                again = opened(other, path)
                again.get_by_role("link", name="Continue with them").click()
                again.wait_for_selector(TEXT)
                assert "Before the kill. While it was away." in written(again)
