"""Plugins and templates that loop, raise or eat memory: the page is served, or a clean error page,
and the next request finds everything as it was."""

import pytest

from apps.gitsync.report import REFUSED
from tests.delivery.extending import (
    ACCEPT,
    BAD_ROUTE,
    GREET,
    METADATA,
    PAGES,
    ROUTES,
    TRANSFORM,
    Files,
    config,
    lock,
    plugin,
    served,
    theme,
    traced,
)
from tests.sites import Site, SiteRepository, body

SPIN = "while true do end"


class TestPluginsThatFail:
    SWALLOW = f"while true do pcall(function() {SPIN} end) end"

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            pytest.param("spin", SPIN, id="loops for ever"),
            pytest.param("error", 'error("oh no")', id="raises"),
            pytest.param("nonsense", 'propose.transform("p", { op = "explode" })', id="nonsense"),
            pytest.param("swallow", SWALLOW, id="swallows its end", marks=pytest.mark.long),
            pytest.param(
                "eat",
                'local s = "x" while true do s = s .. s end',
                id="eats memory",
                marks=pytest.mark.long,
            ),
            pytest.param(
                "deep",
                "local function f() return 1 + f() end f()",
                id="recurses",
                marks=pytest.mark.long,
            ),
            pytest.param(
                "none", "local x = nil; x.y = 1", id="uses nothing", marks=pytest.mark.long
            ),
        ],
    )
    def test_the_page_is_served_without_it_and_with_the_others(
        self, repository: SiteRepository, site: Site, name: str, text: str
    ) -> None:
        top = {"config.toml": config(name, "greet", themes={"/": "own"})}
        bad, greets = plugin(name, text, METADATA, TRANSFORM), plugin("greet", GREET, METADATA)
        granted = lock(**{name: (METADATA, TRANSFORM), "greet": (METADATA,)})
        own = theme("own", accept=ACCEPT)
        served(repository, site, top, own, bad, greets, granted)
        for path in ("/one/", "/two/"):
            reply, trace = traced(site, path)
            page = body(reply).decode()
            assert reply.status == 200
            assert '<li id="greeting">hello</li>' in page
            assert trace.failed == {name}
            (step,) = (step for step in trace.steps if step.by == name)
            assert step.what in ("failed", "skipped")

    def test_an_error_is_told_with_its_line(self, repository: SiteRepository, site: Site) -> None:
        top = {"config.toml": config("bad")}
        served(
            repository,
            site,
            top,
            plugin("bad", '\n\nerror("oh no")', METADATA),
            lock(bad=(METADATA,)),
        )
        _, trace = traced(site, "/one/")
        (step,) = trace.steps
        assert (step.by, step.what) == ("bad", "failed")
        assert step.detail.startswith("line 4: ") and "oh no" in step.detail

    def test_one_that_loops_when_it_is_loaded_is_refused_by_the_sync(
        self, repository: SiteRepository, site: Site
    ) -> None:
        served(repository, site, {"config.toml": config()})
        spins = plugin("spin", "", METADATA) | {"plugins/spin/main.lua": SPIN}
        repository.commit({"config.toml": config("spin"), **spins, **lock(spin=(METADATA,))})
        report = site.sync()
        assert report.state == REFUSED
        assert [(p.path, p.code) for p in report.problems] == [
            ("plugins/spin/main.lua", "plugin.error")
        ]
        assert site.get("/one/").status == 200


class TestTemplatesThatFail:
    LOOPS = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}"
    SORTS = (
        "{% for a in range(9999) %}"
        "{% if range(99999)|sort(reverse=true)|length %}{% endif %}{% endfor %}"
    )
    EATS = (
        "{% set n = namespace(s='x') %}"
        "{% for a in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}{{ n.s|length }}"
    )
    FAILS = "<p>{{ page.nosuch.deeper }}</p>"

    def own(self, text: str, **templates: str) -> Files:
        """A theme whose page `/two/` is made by `text`."""
        return theme("own", routes=BAD_ROUTE + ROUTES, bad_html=text, **templates)

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(LOOPS, id="loops within its time"),
            pytest.param(SORTS, id="loops beyond its time"),
            pytest.param(EATS, id="eats memory", marks=pytest.mark.long),
            pytest.param(FAILS, id="fails"),
        ],
    )
    def test_a_clean_page_names_the_request_and_others_are_served_on(
        self, repository: SiteRepository, site: Site, text: str
    ) -> None:
        served(repository, site, {"config.toml": config(themes={"/": "own"})}, self.own(text))
        bad = site.get("/two/")
        shown = body(bad).decode()
        assert bad.status == 500
        assert (bad.header("x-request-id") or "-") in shown
        assert "nosuch" not in shown and "template" not in shown.lower()
        for _ in range(3):
            assert "<h1>One</h1>" in site.text("/one/")

    def test_the_theme_shows_its_own_page_for_a_plain_error(
        self, repository: SiteRepository, site: Site
    ) -> None:
        own = self.own(self.FAILS) | {
            "themes/own/templates/500.html": "Sorry {{ error.request_id }} {{ error.status }}"
        }
        served(repository, site, {"config.toml": config(themes={"/": "own"})}, own)
        bad = site.get("/two/")
        assert bad.status == 500
        assert body(bad).decode() == f"Sorry {bad.header('x-request-id')} 500"

    def test_an_error_page_that_fails_too_gives_the_plainest(
        self, repository: SiteRepository, site: Site
    ) -> None:
        own = self.own(self.FAILS) | {"themes/own/templates/500.html": self.FAILS}
        served(repository, site, {"config.toml": config(themes={"/": "own"})}, own)
        bad = site.get("/two/")
        assert bad.status == 500
        assert (bad.header("x-request-id") or "-") in body(bad).decode()

    def test_a_missing_page_of_a_theme_that_cannot_say_so(
        self, repository: SiteRepository, site: Site
    ) -> None:
        own = theme("own") | {"themes/own/templates/404.html": None}
        served(repository, site, {"config.toml": config(themes={"/": "own"})}, own)
        assert site.get("/nowhere/").status == 404

    @pytest.mark.parametrize(("times", "status"), [(160, 200), (180, 500)])
    def test_a_page_has_a_bounded_size(
        self, repository: SiteRepository, site: Site, times: int, status: int
    ) -> None:
        text = f"{{% for a in range({times}) %}}{'x' * 50_000}{{% endfor %}}"
        served(repository, site, {"config.toml": config(themes={"/": "own"})}, self.own(text))
        assert site.get("/two/").status == status

    def test_a_template_that_does_not_compile_is_refused_by_the_sync(
        self, repository: SiteRepository, site: Site
    ) -> None:
        repository.commit(
            {"config.toml": config(themes={"/": "own"}), **PAGES, **self.own("\n{% if %}")}
        )
        report = site.sync()
        assert report.state == REFUSED
        (problem,) = report.problems
        place = (problem.path, problem.line, problem.code)
        assert place == ("themes/own/templates/bad.html", 2, "template.error")
