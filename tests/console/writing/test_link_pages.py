"""A link shows one page to somebody without an account: as it was, for a while, until withdrawn."""

from collections.abc import Iterator
from time import time
from typing import Any

import pytest
from django.conf import settings

from apps.console.models import Account, PreviewLink
from apps.console.writing import links
from apps.console.writing.draft_bounds import LINK_HOURS, LINK_HOURS_MOST, LINKS_EACH
from apps.content.rendering import Renderer
from apps.runtime.workers import Workers
from tests.console.stage import NOBODY, browser
from tests.console.writing.desk import BESIDE, BUNDLE, FILES, Desk, desk


@pytest.fixture(scope="module")
def here(
    tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("links"), workers, renderer) as made:
        yield made


@pytest.fixture(scope="module")
def ada(here: Desk) -> Any:
    return here.enter()


@pytest.fixture(autouse=True)
def clean(here: Desk) -> None:
    PreviewLink.objects.update(withdrawn=1.0)
    links.sweep(time())
    assert here.git.refs(links.REFS) == {}


def made(here: Desk, ada: Any, path: str = BUNDLE, **sent: str) -> str:
    """The address, as its author copies it."""
    url = here.url("preview_links", path)
    said = ada.post(url, here.form(path, **sent))
    assert said.status_code == 302, said.content.decode()
    page = ada.get(url).content.decode()
    assert "/-/preview/" not in ada.get(url).content.decode(), "it is told this once"
    return str(page.partition('value="http://localhost')[2].partition('"')[0])


def seen(address: str) -> Any:
    return browser("203.0.113.9").get(address)


def test_a_stranger_sees_a_draft_as_it_was_typed(here: Desk, ada: Any) -> None:
    address = made(here, ada, body="Typed. [A](a.txt)")
    said = seen(address)
    assert said.status_code == 200 and "Typed." in said.content.decode()
    assert said.headers["content-security-policy"].endswith("; sandbox")
    assert "<script" not in said.content.decode()
    assert seen(f"{address}file/{BESIDE}").content == b"beside"
    assert here.site.get("/posts/two/").status == 404
    (ref,) = here.git.refs(links.REFS)
    row = PreviewLink.objects.get()
    assert row.commit == here.git.resolve(ref) and row.name not in address


def test_a_link_to_what_is_saved_stays_as_it_is(here: Desk, ada: Any) -> None:
    address = made(here, ada, hours="1")
    here.repository.commit({BUNDLE: "---\ntitle: Two\ndraft: true\n---\nLater.\n"})
    here.site.sync()
    try:
        page = seen(address).content.decode()
        assert "A</a>" in page and "Later." not in page
    finally:
        here.repository.commit({BUNDLE: FILES[BUNDLE]})
        here.site.sync()


def test_a_link_that_is_withdrawn_leads_nowhere_at_once(here: Desk, ada: Any) -> None:
    address, key = made(here, ada), str(PreviewLink.objects.get().pk)
    assert seen(address).status_code == 200
    ada.post(here.url("link_withdraw", BUNDLE), {"link": key})
    assert seen(address).status_code == 404 and here.git.refs(links.REFS) == {}
    ada.post(here.url("link_withdraw", BUNDLE), {"link": key})
    told = [reason for _, action, _, reason in here.audit() if action == links.LOOK]
    assert "withdrawn" in told[-1] and "was made" in told[-2]


def test_a_link_ends_by_itself(here: Desk, ada: Any) -> None:
    address = made(here, ada)
    expires = PreviewLink.objects.get().expires
    assert 0 <= expires - time() - (LINK_HOURS - 1) * links.HOUR < links.HOUR
    PreviewLink.objects.update(expires=time() - 1)
    assert seen(address).status_code == 404
    assert links.sweep(time()) == 1 and here.git.refs(links.REFS) == {}


def test_a_link_is_worth_no_more_than_who_made_it(here: Desk, ada: Any) -> None:
    bob = here.enter("bob")
    address = made(here, bob)
    Account.objects.filter(username="bob").update(is_active=False)
    assert seen(address).status_code == 404
    Account.objects.filter(username="bob").update(is_active=True)
    assert seen(address).status_code == 200
    here.govern(NOBODY)
    try:
        assert seen(address).status_code == 404
    finally:
        here.govern(FILES["policies/a.cedar"])


@pytest.mark.parametrize("hours", ["0", str(LINK_HOURS_MOST + 1), "-1", "x", "9" * 40])
def test_a_time_out_of_bounds_makes_no_link(here: Desk, ada: Any, hours: str) -> None:
    said = ada.post(here.url("preview_links", BUNDLE), here.form(BUNDLE, hours=hours))
    assert said.status_code == 409 and not PreviewLink.objects.exists()


def test_the_longest_time_is_one(here: Desk, ada: Any) -> None:
    assert seen(made(here, ada, hours=str(LINK_HOURS_MOST))).status_code == 200


def test_nobody_has_links_without_end(here: Desk, ada: Any) -> None:
    good = {"site": settings.SITE_KEY, "path": BUNDLE, "commit": "0" * 40, "by": "ada"}
    now = time()
    rows = [PreviewLink(name=str(n), made=now, expires=now + 99, **good) for n in range(LINKS_EACH)]
    PreviewLink.objects.bulk_create(rows)
    said = ada.post(here.url("preview_links", BUNDLE), here.form(BUNDLE))
    assert said.status_code == 409
    PreviewLink.objects.all().delete()


def test_strangers_and_forged_bases_make_none(here: Desk, ada: Any) -> None:
    url = here.url("preview_links", BUNDLE)
    assert browser().post(url, here.form(BUNDLE)).status_code == 403
    assert ada.post(url, {"base": "forged"}).status_code == 400
    assert browser().post(here.url("link_withdraw", BUNDLE), {"link": "1"}).status_code == 403
    assert not PreviewLink.objects.exists()


def test_no_log_holds_the_address(here: Desk, ada: Any, caplog: pytest.LogCaptureFixture) -> None:
    address = made(here, ada)
    with caplog.at_level("INFO"):
        assert seen(address).status_code == 200
        seen(f"{address}file/{BESIDE}")
    assert address.split("/")[3] not in caplog.text and "/-/preview/…/" in caplog.text
