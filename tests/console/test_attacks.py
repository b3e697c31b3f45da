"""Every address of the console that takes a POST, found by walking its URLs, attacked four ways:
without a token, without a login, without the right, with a base that was not made here."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.urls import URLPattern, URLResolver, get_resolver

from apps.console import refusals
from apps.console.bases import FIELD
from apps.policy.models import AuditEvent
from tests.console.stage import browser, logged_in, may
from tests.console.writing.desk import ONE, Desk

pytestmark = pytest.mark.long
OPEN = {"login", "logout", "first_run", "jsi18n", "password_change", "password_change_done"}
"""What is for whoever is at the door, or for oneself; each has tests of its own."""
SAMPLES = {
    "kind": "plugin",
    "object_id": "content_2Fposts_2Fone.md",
    "path": ONE,
    "job_id": "none",
    "id": "1",
}
REFUSED, BAD = 403, 400
PREVIEWERS = ("/links/", "/links/withdraw/", "/preview/")
"""Whoever may see a page before it is published may also show it to somebody, and type."""
UNTOLD = {404, 405}
"""What is not there, or takes no POST at all, does nothing that there were to tell."""


def _walk(patterns: Any, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, route)
        elif each.name not in OPEN:
            yield route, each


def _address(route: str, pattern: URLPattern) -> str:
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        sample = "1" if kind == "int" else SAMPLES.get(name, "none")
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            route = route.replace(written, sample)
    return route


def _is_plain(address: str) -> bool:
    return not set(address) & set("<>^$(?")


ALL = sorted(
    {(_address(route, each), each) for route, each in _walk(get_resolver().url_patterns)},
    key=lambda found: found[0],
)
PLACES = [address for address, _ in ALL if _is_plain(address)]
BASED = [a for a, each in ALL if getattr(getattr(each.callback, "rule", None), "based", False)]


def _world(desk: Desk) -> tuple[object, ...]:
    refs = desk.git.plumb("for-each-ref", "--format=%(objectname) %(refname)")
    people = tuple(User.objects.order_by("pk").values_list("username", "is_active", "password"))
    return refs, people, desk.commit


def test_there_are_pages_to_attack() -> None:
    """A walk that finds nothing would find no hole."""
    assert len(PLACES) > 30 and len(BASED) > 5


def _attacked(desk: Desk, client: Any, addresses: list[str], **sent: str) -> dict[str, int]:
    """The status of each; none of them has changed anything, or gone by without the audit."""
    found, untold = {}, {}
    for address in addresses:
        before, told = _world(desk), AuditEvent.objects.count()
        answer = client.post(address, {"action": "x", **sent})
        found[address] = 404 if _is_way_on(answer, address) else answer.status_code
        assert _world(desk) == before, address
        if found[address] not in UNTOLD and AuditEvent.objects.count() == told:
            untold[address] = found[address]
    assert untold == {}
    return found


def _is_way_on(answer: Any, address: str) -> bool:
    """Django's way from the address of a record to its page."""
    return bool(answer.status_code == 302 and answer.url == f"{address}change/")


def test_without_a_token_nothing_is_done(desk: Desk) -> None:
    desk.enter()
    client = browser(enforce_csrf_checks=True)
    client.cookies = logged_in().cookies
    assert set(_attacked(desk, client, PLACES).values()) == {REFUSED}


def test_without_a_login_nothing_is_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "REFUSALS_TOLD", len(PLACES))
    assert set(_attacked(desk, browser(), PLACES).values()) == {REFUSED}
    assert not Session.objects.exists()


def test_strangers_do_not_fill_the_audit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "REFUSALS_TOLD", 3)
    monkeypatch.setattr(refusals, "_strangers", refusals._Told())
    for _ in range(5):
        assert browser().post("/admin/").status_code == REFUSED
    assert (
        AuditEvent.objects.filter(site=settings.SITE_KEY, principal__contains="anon").count() == 3
    )


@pytest.mark.parametrize("held", ["read", "preview"])
def test_without_the_right_nothing_is_done(desk: Desk, held: str) -> None:
    desk.govern(may("principal", held))
    client = desk.enter()
    places = [each for each in PLACES if held != "preview" or not each.endswith(PREVIEWERS)]
    found = _attacked(desk, client, places, **{FIELD: desk.base()})
    assert set(found.values()) <= {REFUSED, *UNTOLD}
    assert list(found.values()).count(REFUSED) > len(found) // 2


def test_with_a_forged_base_nothing_is_done(desk: Desk) -> None:
    client = desk.enter()
    found = _attacked(desk, client, BASED, **{FIELD: f"{desk.commit}:forged"})
    assert {each: status for each, status in found.items() if status != BAD} == {}
