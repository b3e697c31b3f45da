"""An owner turns a plugin off and on, after a look at what that does to the whole site."""

import urllib.request

from tests.e2e.browsing import Browser, Desk
from tests.e2e.extending import seen

PLUGIN = "/admin/extensions/plugin/reading-time/"


def page_of(desk: Desk, path: str) -> str:
    with urllib.request.urlopen(f"{desk.address}{path}") as answer:
        return str(answer.read().decode())


def test_a_plugin_is_tried_on_every_page_before_it_is_turned_on(desk: Desk, ada: Browser) -> None:
    before = page_of(desk, "/posts/first/")
    turned_off(ada)
    without = page_of(desk, "/posts/first/")
    assert without != before
    tried(ada)
    assert page_of(desk, "/posts/first/") == without
    ada.page.get_by_role("link", name="Go on…").click()
    ada.page.get_by_role("button", name="Turn on", exact=True).click()
    assert "saved as" in ada.page.inner_text("body")
    assert page_of(desk, "/posts/first/") == before
    seen(ada, "extension")
    assert ada.complaints == []


def turned_off(ada: Browser) -> None:
    ada.goto("/admin/")
    ada.page.get_by_role("link", name="Extensions", exact=True).click()
    seen(ada, "extensions")
    ada.page.get_by_role("link", name="Reading time").click()
    ada.page.get_by_role("link", name="Turn off…").click()
    assert "enabled = false" in ada.text()
    ada.page.get_by_role("button", name="Turn off", exact=True).click()
    ada.page.wait_for_url(f"**{PLUGIN}")


def tried(ada: Browser) -> None:
    ada.page.get_by_role("link", name="Turn on…").click()
    seen(ada, "extension-enable")
    ada.page.get_by_role("button", name="First try it on every page").click()
    ada.page.wait_for_url("**/extensions/trials/*/")
    assert "pages would change" in ada.text()
    seen(ada, "extension-trial")
    ada.page.get_by_role("link", name="/posts/first/").click()
    shown = [ada.page.frame_locator("iframe").nth(n) for n in range(2)]
    assert [each.get_by_role("heading", name="First").count() for each in shown] == [1, 1]
    seen(ada, "extension-trial-page")
    ada.page.go_back()


def test_a_theme_is_looked_at_with_the_pages_of_the_site_before_it_is_chosen(
    desk: Desk, ada: Browser
) -> None:
    ada.goto("/admin/extensions/themes/")
    seen(ada, "themes")
    before = page_of(desk, "/")
    card = ada.page.get_by_role("article", name="Feed")
    card.get_by_label("Where it is to answer").fill("/")
    card.get_by_role("button", name="Look at my site with it").click()
    ada.page.wait_for_url("**/extensions/trials/*/")
    assert ada.page.locator("iframe").count() >= 2
    seen(ada, "theme-trial")
    assert page_of(desk, "/") == before


def test_settings_are_a_form_with_what_is_wrong_beside_each_field(ada: Browser) -> None:
    ada.goto(f"{PLUGIN}settings/")
    field = ada.page.get_by_label("Words per minute")
    field.evaluate("field => field.closest('form').noValidate = true")
    field.fill("0")
    ada.page.get_by_role("button", name="Save").click()
    assert "Nothing was saved" in ada.text()
    seen(ada, "extension-settings")
    field.fill("100")
    ada.page.get_by_role("button", name="Save").click()
    ada.page.wait_for_url(f"**{PLUGIN}")
    assert "words_per_minute = 100" in ada.text()
