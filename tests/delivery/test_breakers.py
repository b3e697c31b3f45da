"""What a bad plugin costs the pages that it was asked for: little, and soon nothing."""

import os
import signal

import pytest

from apps.extensions.containment.blame import OUT_OF_SERVICE
from apps.extensions.limits import ERRORS_IN_A_ROW
from tests.delivery.extending import (
    ACCEPT,
    GREET,
    METADATA,
    config,
    lock,
    plugin,
    served,
    theme,
    traced,
)
from tests.sites import Site, SiteRepository, body

SPIN = "while true do end"
ONLY_ON_ONE = 'if event.content.title == "One" then {} end'


def serve(
    repository: SiteRepository, site: Site, text: str, *capabilities: str, group: str = ""
) -> None:
    """A site with the plugin `bad`, whose answer is `text`, and with `greet`."""
    top = {"config.toml": config("bad", "greet", themes={"/": "own"}, group=group)}
    granted = lock(bad=capabilities, greet=(METADATA,))
    plugins = plugin("bad", text, *capabilities) | plugin("greet", GREET, METADATA)
    served(repository, site, top, theme("own", accept=ACCEPT), plugins, granted)


def failures(site: Site, path: str = "/one/") -> list[str]:
    """Why `bad` added nothing; the page itself and what `greet` adds are there."""
    reply, trace = traced(site, path)
    assert reply.status == 200
    assert '<li id="greeting">hello</li>' in body(reply).decode()
    return [step.detail for step in trace.steps if step.by == "bad"]


def kill(site: Site, number: signal.Signals) -> None:
    """Ends the workers of `bad`. What plugins have answered before is asked again."""
    for each in site.live.current().registry.plugins:
        each.known.forget()
    (bad,) = (p for p in site.live.current().registry.plugins if p.id == "bad")
    for worker in list(bad.pool._members):
        os.kill(worker.pid, number)


def test_a_plugin_that_burns_its_budget_is_left_out_from_the_second_page_on(
    repository: SiteRepository, site: Site
) -> None:
    serve(repository, site, SPIN)
    assert failures(site) == ["line 2: the instruction budget is used up"]
    assert failures(site) == failures(site, "/two/") == [OUT_OF_SERVICE]
    assert site.containment.statuses()["plugin:bad"].state == "open"


def test_a_plugin_that_fails_on_one_page_only_goes_on_elsewhere(
    repository: SiteRepository, site: Site
) -> None:
    serve(repository, site, ONLY_ON_ONE.format('error("oh no")'), "read:content.meta")
    for _ in range(2 * ERRORS_IN_A_ROW):
        assert failures(site) == ["line 2: oh no"]
        assert failures(site, "/two/") == []
    for _ in range(ERRORS_IN_A_ROW):
        failures(site)
    assert failures(site, "/two/") == [OUT_OF_SERVICE]


def test_an_extension_that_is_shut_stays_shut_in_the_next_commit(
    repository: SiteRepository, site: Site
) -> None:
    serve(repository, site, SPIN)
    failures(site)
    repository.commit({"content/one.md": "---\ntitle: One\n---\nChanged.\n"})
    site.sync()
    assert failures(site) == [OUT_OF_SERVICE]


@pytest.mark.parametrize("number", [signal.SIGSYS, signal.SIGSEGV])
def test_a_worker_that_ends_as_one_that_broke_out_would_is_quarantined(
    repository: SiteRepository, site: Site, number: signal.Signals
) -> None:
    serve(repository, site, ONLY_ON_ONE.format(SPIN), "read:content.meta")
    assert failures(site, "/two/") == []
    kill(site, number)
    assert failures(site, "/two/") == [f"died by {number.name}"]
    assert site.containment.statuses()["plugin:bad"].state == "quarantined"
    assert failures(site, "/two/") == [OUT_OF_SERVICE]


def test_a_killed_worker_is_replaced_and_the_page_served_meanwhile(
    repository: SiteRepository, site: Site
) -> None:
    serve(repository, site, 'propose.metadata("bad", "hello")', METADATA)
    assert failures(site) == []
    kill(site, signal.SIGKILL)
    # Every page is whole meanwhile; some are served before the replacements are there.
    assert any(failures(site) == [] for _ in range(100))


class TestGroups:
    def test_plugins_of_a_group_share_a_worker(
        self, repository: SiteRepository, site: Site
    ) -> None:
        serve(repository, site, 'propose.metadata("bad", "no")', METADATA, group="first")
        assert failures(site) == []
        bad, greet = site.live.current().registry.plugins
        assert bad.pool is greet.pool and bad.own is not greet.own
        assert len({each.spec.name for each in (bad.pool, bad.own, greet.own)}) == 3

    def test_an_error_of_one_member_is_its_own(
        self, repository: SiteRepository, site: Site
    ) -> None:
        serve(repository, site, 'error("oh no")', group="first")
        assert failures(site) == ["line 2: oh no"]
        bad, greet = site.live.current().registry.plugins
        assert bad.pool is greet.pool

    def test_a_worker_that_dies_parts_its_group_and_the_guilty_one_is_found(
        self, repository: SiteRepository, site: Site
    ) -> None:
        serve(repository, site, ONLY_ON_ONE.format(SPIN), "read:content.meta", group="first")
        assert failures(site, "/two/") == []
        bad, greet = site.live.current().registry.plugins
        for _ in range(100):
            if bad.pool is not greet.pool:
                break
            # One that is found dead is replaced; it is the one that dies while it is asked.
            kill(site, signal.SIGKILL)
            reply, trace = traced(site, "/two/")
            assert reply.status == 200
        assert [step.by for step in trace.steps] == ["bad", "greet"]
        for each in (bad, greet):
            assert each.pool is each.own
            each.own.warm()
        assert failures(site, "/two/") == []
        assert failures(site) == ["line 2: the instruction budget is used up"]

    def test_a_sign_of_attack_quarantines_all_who_shared_the_worker(
        self, repository: SiteRepository, site: Site
    ) -> None:
        serve(repository, site, ONLY_ON_ONE.format(SPIN), "read:content.meta", group="first")
        assert failures(site, "/two/") == []
        kill(site, signal.SIGSYS)
        traced(site, "/two/")
        states = {key: each.state for key, each in site.containment.statuses().items()}
        assert states["plugin:bad"] == states["plugin:greet"] == "quarantined"


def test_new_bytes_have_to_earn_their_credit_anew(repository: SiteRepository, site: Site) -> None:
    serve(repository, site, ONLY_ON_ONE.format(SPIN), "read:content.meta")
    assert failures(site, "/two/") == []
    for _ in range(2):
        assert failures(site) == ["line 2: the instruction budget is used up"]
    text = "local changed = true " + ONLY_ON_ONE.format(SPIN)
    repository.commit(dict(plugin("bad", text, "read:content.meta")))
    site.sync()
    assert failures(site) == ["line 2: the instruction budget is used up"]
    assert failures(site, "/two/") == [OUT_OF_SERVICE]


class TestThemes:
    # What fuel does not see: the worker's clock ends it.
    SORTS = "{% for i in range(999) %}{% for j in range(99) %}{% set x = range(9999)|sort %}"
    BURNS = SORTS + "{% endfor %}{% endfor %}"

    def test_a_page_that_burns_its_time_is_left_out_and_its_template_serves_the_others(
        self, repository: SiteRepository, site: Site
    ) -> None:
        text = "{% if page.title == 'One' %}" + self.BURNS + "{% endif %}fine"
        own = theme("own", document_html=text)
        served(repository, site, {"config.toml": config(themes={"/": "own"})}, own)
        assert site.text("/two/") == "fine"
        for _ in range(2 * ERRORS_IN_A_ROW):
            assert site.get("/one/").status == 500
        states = {key: each.state for key, each in site.containment.statuses().items()}
        assert states["theme:own/document.html /one/"] == "open"
        assert states["theme:own/document.html"] == "closed"
        assert site.text("/two/") == "fine"
