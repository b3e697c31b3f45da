"""Every page of the console and of the bundled theme, on a desk and on a phone, light and dark."""

import pytest
from django.contrib.admin.utils import quote

from tests.e2e.axe import violations
from tests.e2e.browsing import SCHEMES, Desk

DOCUMENT = f"/admin/content/document/{quote('content/posts/first.md')}"
CONSOLE = {
    "dashboard": "/admin/",
    "documents": "/admin/content/document/",
    "document-new": "/admin/content/document/add/",
    "document": f"{DOCUMENT}/change/",
    "document-history": f"{DOCUMENT}/history/",
    "document-delete": f"{DOCUMENT}/delete/",
    "documents-deleted": "/admin/content/document/deleted/",
    "document-move": f"{DOCUMENT}/move/",
    "document-links": f"/admin/write/{quote('content/posts/first.md')}/links/",
    "media": "/admin/media/",
    "publish": "/admin/publishing/",
    "conflicts": "/admin/publishing/conflicts/",
    "releases": "/admin/releases/",
    "release-make": "/admin/releases/promote/main/main/",
    "extensions": "/admin/extensions/",
    "extension": "/admin/extensions/plugin/reading-time/",
    "extension-add": "/admin/extensions/add/",
    "themes": "/admin/extensions/themes/",
    "states": "/admin/extensions/extensionstate/",
    "policies": "/admin/policies/",
    "policy": "/admin/policies/of/policies/rules.cedar",
    "roles": "/admin/policies/roles/",
    "why": "/admin/policies/why/?who=ada&action=edit&what=Document::%22content/posts/first.md%22",
    "setup-done": "/admin/setup/",
    "denied-nothing": "/admin/policies/of/content/nothing.md",
    "problems": "/admin/content/problem/",
    "people": "/admin/console/account/",
    "person-new": "/admin/console/account/add/",
    "audit": "/admin/policy/auditevent/",
    "runs": "/admin/gitsync/syncrun/",
    "password": "/admin/password_change/",
}
SITE = {
    "theme-home": "/",
    "theme-document": "/posts/first/",
    "theme-list": "/posts/",
    "theme-term": "/tags/rust/",
    "theme-search": "/search/?q=hello",
    "theme-nothing": "/nothing-here/",
}


@pytest.mark.parametrize("name", [*CONSOLE, *SITE])
def test_a_page_has_nothing_that_axe_complains_of(shared_desk: Desk, name: str) -> None:
    with shared_desk.browser("ada" if name in CONSOLE else None) as browser:
        browser.goto({**CONSOLE, **SITE}[name])
        browser.page.wait_for_load_state("networkidle")
        assert [each for each in browser.complaints if "status of 4" not in each] == []
        for scheme in SCHEMES:
            browser.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert violations(browser.page) == []
        browser.pictures(name)


def test_the_door_has_nothing_that_axe_complains_of(shared_desk: Desk) -> None:
    with shared_desk.browser() as browser:
        browser.goto("/admin/login/")
        for scheme in SCHEMES:
            browser.page.emulate_media(color_scheme=scheme)
            assert violations(browser.page) == []
        browser.pictures("login")
