"""A closer look at one request tells what became of every proposal."""

import math

import pytest

from apps.delivery.requests import PageRequest
from apps.delivery.trying.tracing import Closer, look_closely
from apps.extensions.workshop.notation import line
from tests.delivery.extending import (
    ACCEPT,
    METADATA,
    TRANSFORM,
    config,
    lock,
    plugin,
    served,
    theme,
)
from tests.sites import Site, SiteRepository

ASKS = METADATA, TRANSFORM, "propose:header"
FIRST = """
propose.metadata("one", 1)
propose.transform("main h1", { op = "add_class", name = "seen" })
propose.transform("footer p", { op = "remove" })
propose.transform("main :::", { op = "remove" })
propose.header("link", "</x>")
"""


def looked(site: Site, path: str) -> Closer:
    return look_closely(PageRequest("GET", path, "", (), "id"), site.live.current())


@pytest.fixture
def traced(repository: SiteRepository, site: Site) -> Site:
    served(
        repository,
        site,
        {"config.toml": config("first", "second", themes={"/": "mine"})},
        theme("mine", accept=ACCEPT),
        plugin("first", FIRST, *ASKS),
        plugin("second", 'propose.metadata("one", 2) local x = event.site.title', METADATA),
        lock(first=ASKS, second=(METADATA,)),
    )
    return site


def test_the_fate_of_every_proposal_is_told(traced: Site) -> None:
    found = looked(traced, "/one/")
    assert found.reply and found.reply.status == 200
    assert found.route == "mine/document" and found.commit == traced.live.current().commit
    fates = {line(fate.proposal): fate.reason for fate in found.fates}
    assert fates.pop('{ metadata = "one", value = 1 }') == ""
    assert fates.pop('{ transform = "main h1", op = "add_class", name = "seen" }') == ""
    assert "not name" in fates.pop('{ header = "link", op = "set", value = "</x>" }')
    assert all(reason for key, reason in fates.items() if ":::" in key)
    assert found.failures == (("second", "line 2: event.site needs the capability read:site"),)


def test_phases_facts_and_workers_are_measured(traced: Site) -> None:
    found = looked(traced, "/one/")
    assert list(found.seconds) == ["observe", "propose", "apply", "finalize"]
    assert ("document", "/one/") in {(fact.kind, fact.asked) for fact in found.facts}
    used = {each.worker: each for each in found.used}
    assert set(used) == {"plugin:first", "plugin:second", "theme:mine"}
    assert all(each.calls == 1 for each in used.values())
    assert all(math.isnan(u.peak_bytes) or u.peak_bytes > 2**20 for u in used.values())


def test_redirects_need_nobody(traced: Site) -> None:
    found = looked(traced, "/one")
    assert found.reply and found.reply.status == 301
    assert list(found.seconds) == ["observe"] and found.used == () and found.fates == ()


def test_a_theme_that_fails_is_told(repository: SiteRepository, site: Site) -> None:
    broken = theme("mine", document_html="{{ nothing.here }}")
    served(repository, site, {"config.toml": config(themes={"/": "mine"})}, broken)
    found = looked(site, "/one/")
    assert found.reply is None
    assert [by for by, _ in found.failures] == ["theme mine"]
    assert "document.html:1" in found.failures[0][1]
