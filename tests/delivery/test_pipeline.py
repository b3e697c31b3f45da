"""What plugins and themes do to a page, and what they cannot do to the server, through the real
index and real confined workers."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing

import pytest

from apps.content.index import Index
from apps.content.warming import FEW
from apps.delivery.facts import Facts, OutOfPhase
from apps.delivery.traces import Step
from apps.gitsync.report import APPLIED, REFUSED
from tests.delivery.extending import ROUTES, Files, config, lock, plugin, theme, traced
from tests.sites import CONFIG, Site, SiteRepository, body

ONE = "---\ntitle: One\n---\nSome [words](https://elsewhere.example/) here.\n"
ACCEPT = 'metadata = true\nstatus = true\nheaders = ["x-*"]\ntransforms = ["main *"]'
PAGES: Files = {
    "content/one.md": ONE,
    "content/two.md": ONE.replace("One", "Two"),
}
BAD_ROUTE = '[[routes]]\nname = "bad"\nkind = "page"\npath = "/two/"\ntemplate = "bad.html"\n'
METADATA, TRANSFORM = "propose:metadata", "propose:transform"
SPIN = "while true do end"
GREET = 'propose.metadata("greeting", "hello")'


def served(
    repository: SiteRepository, site: Site, *files: Mapping[str, str | bytes | None]
) -> None:
    repository.commit({key: value for each in (PAGES, *files) for key, value in each.items()})
    report = site.sync()
    assert (report.state, report.problems) == (APPLIED, ())


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


class TestPluginsThatFail:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("spin", SPIN),
            ("swallow", f"while true do pcall(function() {SPIN} end) end"),
            ("eat", 'local s = "x" while true do s = s .. s end'),
            ("deep", "local function f() return 1 + f() end f()"),
            ("error", 'error("oh no")'),
            ("nil", "local x = nil; x.y = 1"),
            ("nonsense", 'propose.transform("p", { op = "explode" })'),
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
            assert [step.what for step in trace.steps if step.by == name] == ["failed"]

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


class TestGrants:
    def test_a_plugin_that_nobody_granted_anything_is_refused_by_the_sync(
        self, repository: SiteRepository, site: Site
    ) -> None:
        repository.commit(
            {"config.toml": config("greet"), **PAGES, **plugin("greet", GREET, METADATA)}
        )
        report = site.sync()
        assert report.state == REFUSED
        assert [(p.path, p.code) for p in report.problems] == [
            ("extensions.lock", "lock.not-granted")
        ]

    def test_what_is_declared_and_not_granted_fails_the_plugin_alone(
        self, repository: SiteRepository, site: Site
    ) -> None:
        top = {"config.toml": config("greet", themes={"/": "own"})}
        greets = plugin("greet", GREET, METADATA)
        served(repository, site, top, theme("own", accept=ACCEPT), greets, lock(greet=()))
        reply, trace = traced(site, "/one/")
        assert reply.status == 200 and "greeting" not in body(reply).decode()
        assert trace.failed == {"greet"}
        assert METADATA in trace.steps[0].detail

    def test_what_is_granted_and_not_declared_is_not_had(
        self, repository: SiteRepository, site: Site
    ) -> None:
        top = {"config.toml": config("greet", themes={"/": "own"})}
        greets = plugin("greet", GREET, "read:site")
        granted = lock(greet=("read:site", METADATA))
        served(repository, site, top, theme("own", accept=ACCEPT), greets, granted)
        reply, trace = traced(site, "/one/")
        assert "greeting" not in body(reply).decode()
        assert trace.failed == {"greet"}

    def test_the_text_is_not_shown_to_who_may_see_the_title_only(
        self, repository: SiteRepository, site: Site
    ) -> None:
        text = 'propose.metadata("title", event.content.title)\nevent.content:word_count()'
        top = {"config.toml": config("peek", themes={"/": "own"})}
        peeks = plugin("peek", text, METADATA, "read:content.meta")
        granted = lock(peek=(METADATA, "read:content.meta"))
        served(repository, site, top, theme("own", accept=ACCEPT), peeks, granted)
        reply, trace = traced(site, "/one/")
        assert reply.status == 200
        assert "read:content.text" in trace.steps[0].detail

    def test_a_pinned_digest_that_differs_is_refused(
        self, repository: SiteRepository, site: Site
    ) -> None:
        text = f'[plugins.greet]\ndigest = "sha256:{"0" * 64}"\ncapabilities = ["{METADATA}"]\n'
        greets = plugin("greet", GREET, METADATA)
        repository.commit(
            {"config.toml": config("greet"), **PAGES, **greets, "extensions.lock": text}
        )
        report = site.sync()
        assert (report.state, report.problems[0].code) == (REFUSED, "lock.digest")


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
                lambda: reader.sections(("public",)),
                lambda: reader.targets(["content/one.md"]),
            ):
                with pytest.raises(OutOfPhase):
                    question()


class TestHidden:
    DRAFT = (
        "---\ntitle: Secret\ndate: 2020-01-01\ntags: [a]\naliases: [/old-secret-{n}]\n{line}\n---\n"
        "Text\n"
    )

    LINES = (
        *("draft: true", "draft: 'false'", "draft: 1", "draft: no"),
        *("visibility: private", "visibility: draft", "visibility: odd", "visibility: [public]"),
    )

    def test_what_is_not_plainly_public_is_not_there(
        self, repository: SiteRepository, site: Site
    ) -> None:
        secrets: Files = {
            f"content/posts/secret-{n}.md": self.DRAFT.format(line=line, n=n)
            for n, line in enumerate(self.LINES)
        }
        tagged = ONE.replace("title: One", "title: One\ntags: [a]")
        served(repository, site, {"config.toml": CONFIG, "content/posts/open.md": tagged}, secrets)
        for n, line in enumerate(self.LINES):
            for path in (f"/posts/secret-{n}/", f"/posts/secret-{n}", f"/old-secret-{n}/"):
                assert site.get(path).status == 404, line
        for path in ("/", "/posts/", "/tags/a/", "/feed/"):
            text = site.text(path)
            assert "secret" not in text.lower(), path
            assert "One" in text, path

    def test_a_hidden_section_lists_nothing_of_itself(
        self, repository: SiteRepository, site: Site
    ) -> None:
        files: Files = {
            "config.toml": CONFIG,
            "content/posts/_index.md": "---\ntitle: Hidden section\ndraft: true\n---\nText\n",
            "content/posts/open.md": ONE,
        }
        served(repository, site, files)
        for path in ("/", "/posts/", "/posts/open/"):
            assert "Hidden section" not in site.text(path), path


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
