"""From nothing to a site: the first account, setup in the browser, the dashboard of the site."""

from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tests.e2e.axe import violations
from tests.e2e.browsing import PASSWORD, Browser, Desk
from tests.sites import SiteRepository
from tests.whispercms.nodes import Instance, free_port


def code_of(log: Path) -> str:
    deadline = monotonic() + 20
    while "with the code " not in log.read_text() and monotonic() < deadline:
        sleep(0.1)
    return log.read_text().partition("with the code ")[2].split()[0]


def first_account(browser: Browser, code: str) -> None:
    page = browser.page
    page.goto("/admin/")
    assert page.url.endswith("/admin/first-run/")
    for name, text in (("code", code), ("username", "ada")):
        page.fill(f"#id_{name}", text)
    for name in ("password1", "password2"):
        page.fill(f"#id_{name}", PASSWORD)
    browser.pictures("first-account")
    page.click("input[type=submit]")
    page.wait_for_url("**/admin/")


def set_up(browser: Browser, where: Path) -> None:
    page = browser.page
    page.click("text=Set up your site")
    assert violations(page) == []
    page.fill("#id_where", "not a whole path")
    page.click("main button[type=submit]")
    assert "no whole path" in browser.text()
    page.fill("#id_where", str(where))
    page.fill("#id_title", "Ada's <notes>")
    browser.pictures("setup")
    page.click("main button[type=submit]")
    page.wait_for_url("**/admin/setup/begin/")
    assert violations(page) == []
    browser.pictures("setup-begin")
    page.click("main button[type=submit]")


def write(browser: Browser) -> None:
    page = browser.page
    page.click("text=Write a page")
    page.fill("#id_title", "Hello, world")
    page.select_option("main select >> nth=0", label="content/posts")
    page.check('input[name="state"][value="public"]')
    page.get_by_role("button", name="Make the page").click()
    page.wait_for_selector(".cm-content")
    page.click(".cm-content")
    page.keyboard.type("Written by somebody who has never used Git.")
    frame = page.frame_locator("#preview-pane iframe")
    frame.get_by_text("never used Git").first.wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/admin/content/document/")
    assert "not published yet" in browser.text()


def publish(browser: Browser) -> None:
    browser.goto("/admin/publishing/")
    browser.page.wait_for_selector("text=Yes: a server would take it")
    browser.page.click("button.button--primary")
    browser.page.wait_for_url("**/published/**")
    assert "Published." in browser.text()


def read_elsewhere(folder: Path) -> None:
    """By a server of its own, without a console."""
    reader = Instance(folder / "reader", str(folder / "my-site.git"), free_port())
    with reader.started():
        page = reader.get("/posts/hello-world/")
        assert page.status == 200 and "never used Git" in page.text
        assert reader.get("/admin/").status == 404


def test_a_newcomer_has_a_site_of_their_own(tmp_path: Path, chromium: Any) -> None:
    bare = {"CONSOLE": "1", "DEVELOPMENT": "1"}
    instance = Instance(tmp_path / "state", "", free_port(), bare)
    with instance.started() as running:
        remote = SiteRepository(tmp_path / "unused.git")
        desk = Desk(instance=instance, remote=remote, running=running, chromium=chromium)
        with desk.browser() as browser:
            first_account(browser, code_of(running.log))
            set_up(browser, tmp_path / "my-site.git")
            browser.page.wait_for_url("**/admin/", timeout=90_000)
            assert "Ada's <notes>" in browser.text() and "demo" not in browser.text()
            write(browser)
            publish(browser)
            browser.goto("/admin/setup/")
            assert str(tmp_path / "my-site.git") in browser.text()
    read_elsewhere(tmp_path)
    said = (tmp_path / "state" / "settings.toml").read_text()
    assert f'remote = "{tmp_path / "my-site.git"}"' in said and "secret_key" in said
