"""The pages at the console's door in a real browser: on a phone, in the dark, by keyboard, without
scripts."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.console.bounds import ACCOUNT_ATTEMPTS
from tests.console.stage import PASSWORD
from tests.whispercms.nodes import Instance, made

pytestmark = pytest.mark.long
api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
PHONE = {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[tuple[Instance, Path]]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium here")
    _, instance = made(tmp_path, CONSOLE="1")
    with instance.started() as running:
        yield instance, running.log


@pytest.fixture
def chromium() -> Iterator[Any]:
    with api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


def opened(chromium: Any, node: tuple[Instance, Path], scheme: str) -> Any:
    address = f"http://127.0.0.1:{node[0].port}"
    page = chromium.new_context(base_url=address, color_scheme=scheme, **PHONE).new_page()
    page.goto("/admin/")
    return page


def typed(page: Any, *texts: str) -> None:
    """Into one field after the other, from the one that has the focus; then Enter."""
    for at, text in enumerate(texts):
        if at:
            page.keyboard.press("Tab")
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def light(page: Any) -> int:
    """Of the page's background, from 0 to 765."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(int(each) for each in colour.strip("rgb()").split(","))


def shown(page: Any) -> str:
    return str(page.inner_text("#content"))


def test_the_door_is_passed_by_keyboard_on_a_phone_without_scripts(
    node: tuple[Instance, Path], chromium: Any
) -> None:
    made_first(opened(chromium, node, "dark"), node[1])
    locked_out(opened(chromium, node, "light"), node[0])
    assert PASSWORD not in node[1].read_text()


def made_first(page: Any, log: Path) -> None:
    assert page.url.endswith("/admin/first-run/") and fits(page) and light(page) < 200
    typed(page, "wrong", "ada", PASSWORD, PASSWORD)
    assert "This is not the code" in shown(page) and fits(page)
    assert page.locator("#id_code").get_attribute("aria-invalid") == "true"
    code = log.read_text().partition("with the code ")[2].split()[0]
    typed(page, code, "ada", PASSWORD, PASSWORD)
    assert page.url.endswith("/admin/") and fits(page)
    page.goto("/admin/console/account/")
    assert "ada" in shown(page)


def locked_out(page: Any, instance: Instance) -> None:
    assert "/admin/login/" in page.url and fits(page) and light(page) > 600
    for _ in range(ACCOUNT_ATTEMPTS):
        typed(page, "ada", "wrong" * 4)
        assert "Name or password are not right" in shown(page) and fits(page)
    typed(page, "ada", PASSWORD)
    assert "Try again in" in shown(page) and fits(page)
    assert instance.run("people", "enable", "ada").returncode == 0
    with page.expect_navigation():
        page.get_by_role("link", name="Back to the login").click()
    typed(page, "ada", PASSWORD)
    assert page.url.endswith("/admin/")
