"""A page of the room of extensions as it is looked at here: by axe, and by people later."""

from tests.e2e.axe import violations
from tests.e2e.browsing import SCHEMES, Browser


def seen(browser: Browser, name: str) -> None:
    for scheme in SCHEMES:
        browser.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert violations(browser.page) == [], (name, scheme)
    browser.pictures(name)
