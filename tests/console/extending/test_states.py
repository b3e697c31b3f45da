"""The console shows the states of extensions, and one button lets one run again."""

import pytest
from django.conf import settings
from django.test import Client, override_settings

from apps.extensions.containment.breaker import Cause
from apps.extensions.containment.changes import Change
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.models import ExtensionState
from apps.policy.models import AuditEvent
from tests.console.stage import EVERYBODY, Stage, account, browser, may
from tests.extensions.shared_states import new_site

PAGE = "/admin/extensions/extensionstate/"
AUDIT = "/admin/policy/auditevent/"
KEY = "plugin:probe"
LOOKING = may("principal is Person", "preview")


@pytest.fixture
def store(stage: Stage) -> DatabaseStore:
    made = DatabaseStore(settings.SITE_KEY)
    made.carry_out(KEY, (Change(1.0, Cause.ATTACK, "killed by SIGSYS"),))
    return made


def client(name: str) -> Client:
    made = browser(enforce_csrf_checks=True)
    made.force_login(account(name, is_superuser=True))
    return made


def enable(browser: Client, row: int) -> str:
    """Presses the button as a browser does, with the page's own token."""
    browser.get(PAGE)
    token = browser.cookies["csrftoken"].value if "csrftoken" in browser.cookies else ""
    form = {"action": "enable_again", "_selected_action": [row], "csrfmiddlewaretoken": token}
    return browser.post(PAGE, form, follow=True).content.decode()


def row_of(store: DatabaseStore) -> int:
    return ExtensionState.objects.get(site=settings.SITE_KEY).pk


def test_a_quarantine_is_shown_with_its_reason(store: DatabaseStore) -> None:
    shown = client("ada").get(PAGE).content.decode()
    assert KEY in shown and "quarantined" in shown and "killed by SIGSYS" in shown


def test_enabling_again_is_recorded_with_the_name_of_who_did_it(store: DatabaseStore) -> None:
    said = enable(client("ada"), row_of(store))
    assert f"Enabled {KEY}, which was quarantined" in said
    assert store.read()[KEY].state == "closed"
    told = AuditEvent.objects.filter(site=settings.SITE_KEY).first()
    assert told and (told.principal, told.action) == ("user:ada", "enableExtension")
    assert "is not left out" in enable(client("bob"), row_of(store))


def test_who_may_only_look_cannot_enable(stage: Stage, store: DatabaseStore) -> None:
    stage.govern(LOOKING)
    visitor = client("bob")
    shown = visitor.get(PAGE).content.decode()
    assert KEY in shown and "Enable again" not in shown
    enable(visitor, row_of(store))
    assert store.read()[KEY].state == "quarantined"


def test_who_may_not_look_is_shown_nothing(stage: Stage, store: DatabaseStore) -> None:
    stage.govern(may("principal is Person", "enable-extension"))
    visitor = client("bob")
    assert visitor.get(PAGE.replace("extensionstate", "nonsense")).status_code == 404
    assert KEY not in visitor.get("/admin/").content.decode()
    assert visitor.get(AUDIT).status_code == 403


def test_one_extension_can_be_kept_from_whoever_may_enable_the_others(
    stage: Stage, store: DatabaseStore
) -> None:
    resource = f'resource == Extension::"{KEY}"'
    stage.govern(EVERYBODY, f'@id("not-this") forbid (principal is Person, action, {resource});')
    said = enable(client("ada"), row_of(store))
    assert "forbidden by policies/a.cedar:not-this" in said
    assert store.read()[KEY].state == "quarantined"
    assert ('Person::"ada"', "enable-extension", f'Extension::"{KEY}"', "deny") in stage.audit()


def test_without_the_pages_token_nothing_is_enabled(store: DatabaseStore) -> None:
    form = {"action": "enable_again", "_selected_action": [row_of(store)]}
    assert client("ada").post(PAGE, form).status_code == 403
    assert store.read()[KEY].state == "quarantined"


def test_nothing_else_can_be_changed_here(store: DatabaseStore) -> None:
    browser = client("ada")
    event = AuditEvent.objects.filter(site=settings.SITE_KEY).first()
    assert event
    for page, row in ((PAGE, row_of(store)), (AUDIT, event.pk)):
        assert browser.get(f"{page}{row}/change/").status_code == 200
        assert browser.get(f"{page}add/").status_code == 403
        assert browser.get(f"{page}{row}/delete/").status_code == 403


def test_rows_of_another_site_are_not_shown(store: DatabaseStore) -> None:
    with override_settings(SITE_KEY=new_site()):
        assert KEY not in client("ada").get(PAGE).content.decode()
