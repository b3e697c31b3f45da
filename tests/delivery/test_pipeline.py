"""What plugins and themes do to a page, and what they cannot do to the server, through the real
index and real confined workers."""

import sqlite3
from contextlib import closing

import pytest

from apps.content.index import Index
from apps.content.warming import FEW
from apps.delivery.facts import Facts, OutOfPhase
from apps.delivery.traces import Step
from tests.delivery.extending import (
    ACCEPT,
    BAD_ROUTE,
    GREET,
    METADATA,
    ONE,
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
from tests.sites import CONFIG, Site, SiteRepository, body


class TestBundled:
    def test_reading_time_and_external_links_are_at_work_unasked(
        self, repository: SiteRepository, site: Site
    ) -> None:
        text = f"---\ntitle: One\n---\n[out](https://elsewhere.example/)\n\n{'word ' * 700}\n"
        repository.commit({"config.toml": CONFIG, "content/one.md": text})
        site.sync()
        page = site.text("/one/")
        assert "4 min read" in page
        assert 'rel="noopener noreferrer"' in page and 'class="external"' in page


class TestProposals:
    def test_metadata_shows(self, repository: SiteRepository, site: Site) -> None:
        own = theme("own", accept=ACCEPT)
        greets = plugin("greet", GREET, METADATA)
        top = {"config.toml": config("greet", themes={"/": "own"})}
        served(repository, site, top, own, greets, lock(greet=(METADATA,)))
        assert '<li id="greeting">hello</li>' in site.text("/one/")

    def test_metadata_is_text_to_a_template(self, repository: SiteRepository, site: Site) -> None:
        own = theme("own", accept=ACCEPT)
        evil = plugin(
            "evil", 'propose.metadata("x", "<script>alert(1)</script>{{ 7*7 }}")', METADATA
        )
        top = {"config.toml": config("evil", themes={"/": "own"})}
        served(repository, site, top, own, evil, lock(evil=(METADATA,)))
        page = site.text("/one/")
        assert "<script" not in page and "{{ 7*7 }}" in page

    def test_a_transform_touches_what_the_theme_accepts_and_nothing_else(
        self, repository: SiteRepository, site: Site
    ) -> None:
        marks = plugin(
            "marks", 'propose.transform("p", { op = "add_class", name = "hot" })', TRANSFORM
        )
        top = {"config.toml": config("marks", themes={"/": "own"})}
        own = theme("own", accept='transforms = ["main *"]')
        served(repository, site, top, own, marks, lock(marks=(TRANSFORM,)))
        page = site.text("/one/")
        assert '<p class="hot">Some' in page
        assert "<footer><p>end</p></footer>" in page

    def test_a_transform_cannot_bring_a_script(
        self, repository: SiteRepository, site: Site
    ) -> None:
        html = "<b onclick=x()>b</b><script>y()</script>"
        text = f'propose.transform("h1", {{ op = "append_html", html = "{html}" }})'
        top = {"config.toml": config("marks", themes={"/": "own"})}
        own = theme("own", accept='transforms = ["main *"]')
        marks = plugin("marks", text, TRANSFORM)
        served(repository, site, top, own, marks, lock(marks=(TRANSFORM,)))
        page = site.text("/one/")
        assert "<b>b</b></h1>" in page
        assert "onclick" not in page and "<script" not in page

    def test_what_the_theme_does_not_accept_is_dropped_and_noted(
        self, repository: SiteRepository, site: Site
    ) -> None:
        text = 'propose.transform("p", { op = "remove" })\n' + GREET
        top = {"config.toml": config("greet", themes={"/": "own"})}
        greets = plugin("greet", text, METADATA, TRANSFORM)
        served(repository, site, top, theme("own"), greets, lock(greet=(METADATA, TRANSFORM)))
        reply, trace = traced(site, "/one/")
        page = body(reply).decode()
        assert "<p>Some" in page and "greeting" not in page
        noted = [(step.by, step.what) for step in trace.steps]
        assert noted == [("greet", "dropped"), ("greet", "dropped")]
        assert trace.failed == set()

    def test_headers_that_are_the_servers_own_stay(
        self, repository: SiteRepository, site: Site
    ) -> None:
        text = 'propose.header("x-greeting", "hello") propose.header("content-type", "text/plain")'
        top = {"config.toml": config("greet", themes={"/": "own"})}
        own = theme("own", accept='headers = ["x-*", "content-*"]')
        greets = plugin("greet", text, "propose:header")
        served(repository, site, top, own, greets, lock(greet=("propose:header",)))
        reply, trace = traced(site, "/one/")
        assert reply.header("content-type") == "text/html; charset=utf-8"
        assert trace.failed == {"greet"}

    def test_the_last_plugin_of_the_configuration_wins_whatever_arrives_first(
        self, repository: SiteRepository, site: Site
    ) -> None:
        slow = "for i = 1, 20000 do local _ = i * i end\n"
        first = plugin("first", slow + 'propose.metadata("who", "first")', METADATA)
        second = plugin("second", 'propose.metadata("who", "second")', METADATA)
        granted = lock(first=(METADATA,), second=(METADATA,))
        own = theme("own", accept=ACCEPT)
        for order, wins in ((("first", "second"), "second"), (("second", "first"), "first")):
            top = {"config.toml": config(*order, themes={"/": "own"})}
            served(repository, site, top, own, first, second, granted)
            assert f'<li id="who">{wins}</li>' in site.text("/one/")

    def test_a_status_is_proposed_and_accepted(
        self, repository: SiteRepository, site: Site
    ) -> None:
        top = {"config.toml": config("gone", themes={"/": "own"})}
        gone = plugin("gone", "propose.status(410)", "propose:status")
        own = theme("own", accept=ACCEPT)
        served(repository, site, top, own, gone, lock(gone=("propose:status",)))
        assert site.get("/one/").status == 410


class TestApart:
    def test_nothing_is_left_from_one_request_to_the_next(
        self, repository: SiteRepository, site: Site
    ) -> None:
        counts = plugin("counts", "", METADATA, "read:content.meta") | {
            "plugins/counts/main.lua": "local calls = 0\nlocal last\n"
            'on("content.resolved", function(event, propose)\n'
            "calls = calls + 1\n"
            'propose.metadata("seen", calls .. " " .. tostring(last))\n'
            "last = event.content.title\nend)\n"
        }
        top = {"config.toml": config("counts", themes={"/": "own"})}
        granted = lock(counts=(METADATA, "read:content.meta"))
        served(repository, site, top, theme("own", accept=ACCEPT), counts, granted)
        for path in ("/one/", "/two/") * 4:
            assert '<li id="seen">1 nil</li>' in site.text(path)

    def test_a_template_cannot_keep_or_change_what_it_was_given(
        self, repository: SiteRepository, site: Site
    ) -> None:
        text = "{% set site = {'title': 'x'} %}{{ site.title }}{{ page.title }}"
        own = theme(
            "own",
            routes=BAD_ROUTE + ROUTES,
            bad_html=text,
            document_html="{{ site.title }}|{{ page.title }}",
        )
        served(repository, site, {"config.toml": config(themes={"/": "own"})}, own)
        for _ in range(3):
            assert site.text("/two/") == "xTwo"
            assert site.text("/one/") == "A test site|One"

    def test_two_themes_answer_at_their_mounts(
        self, repository: SiteRepository, site: Site
    ) -> None:
        own = theme("own", document_html="own:{{ page.title }}")
        files: Files = {
            "config.toml": config(themes={"/": "plain", "/blog/": "own"}),
            "content/blog/three.md": ONE.replace("One", "Three"),
            "content/blog/deep/four.md": ONE.replace("One", "Four"),
            "content/deep/five.md": ONE.replace("One", "Five"),
        }
        served(repository, site, files, own)
        assert site.text("/blog/three/") == "own:Three"
        assert site.text("/blog/") == "<main><a href='/blog/three/'>Three</a>"
        assert site.text("/blog/deep/") == "<main><a href='/blog/deep/four/'>Four</a>"
        assert "One</h1>" in site.text("/one/")
        missing = site.get("/blog/nowhere/")
        assert (missing.status, body(missing)) == (404, b"Page not found")
        assert b"colophon" in body(site.get("/nowhere/"))

    def test_reading_after_the_request_was_observed_is_out_of_phase(
        self, repository: SiteRepository, site: Site
    ) -> None:
        served(repository, site, {"config.toml": config()})
        facts = Facts()
        with Index(site.files).snapshot(facts.record) as reader:
            assert reader.document("/one/", "") is not None
            found = facts.close()
            assert [(fact.kind, fact.asked) for fact in found] == [("document", "/one/")]
            for question in (
                lambda: reader.document("/two/", ""),
                lambda: reader.asset("/a.png"),
                lambda: reader.alias("/old"),
                lambda: reader.sections(),
                lambda: reader.targets(["content/one.md"]),
            ):
                with pytest.raises(OutOfPhase):
                    question()


class TestRendering:
    def test_a_body_that_nobody_has_rendered_yet_is_rendered_when_asked_for(
        self, repository: SiteRepository, site: Site
    ) -> None:
        many: Files = {
            f"content/p{n}.md": f"---\ntitle: P{n}\n---\nSee [one](one.md), *number {n}*.\n"
            for n in range(FEW + 1)
        }
        served(repository, site, {"config.toml": CONFIG}, many)
        with closing(sqlite3.connect(site.files.renderings)) as connection:
            assert connection.execute("SELECT count(*) FROM rendering").fetchone() == (0,)
        page = site.text("/p7/")
        assert "<em>number 7</em>" in page and '<a href="/one/">one</a>' in page

    def test_what_is_rendered_ahead_and_what_is_rendered_on_demand_are_alike(
        self, repository: SiteRepository, site: Site
    ) -> None:
        served(repository, site, {"config.toml": CONFIG})
        before = site.text("/one/")
        with closing(sqlite3.connect(site.files.renderings)) as connection:
            assert connection.execute("SELECT count(*) FROM rendering").fetchone() != (0,)
            connection.execute("DELETE FROM rendering")
            connection.commit()
        assert site.text("/one/") == before

    def test_a_trace_has_nothing_to_tell_of_a_good_page(
        self, repository: SiteRepository, site: Site
    ) -> None:
        served(repository, site, {"config.toml": CONFIG})
        _, trace = traced(site, "/one/")
        assert (trace.steps, trace.failed) == ([], set())
        trace.note("theme", "noted")
        assert trace.steps == [Step("theme", "noted")]


def test_what_stands_beside_a_draft_is_hidden_with_it(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit(
        {
            "config.toml": config(),
            "content/shown/index.md": "# Shown\n",
            "content/shown/a.txt": "a",
            "content/hidden/index.md": "---\ntitle: Hidden\ndraft: true\n---\n",
            "content/hidden/b.txt": "b",
        }
    )
    site.sync()
    assert [site.get(path).status for path in ("/shown/a.txt", "/hidden/b.txt")] == [200, 404]
