"""A page of text that nobody has saved is as it would be, and is seen by nobody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.delivery.trying.drafting import NO_PAGE, Apart, Draft, Tried, try_draft
from apps.extensions.containment.breaker import Cause
from apps.runtime.workers import Workers
from tests.delivery.extending import config, lock, plugin
from tests.sites import Site, SiteRepository

BUNDLE, PICTURE = "content/posts/two/index.md", "content/posts/two/a.txt"
FAILS = 'if event.content.title == "Fail" then error("no") end'
FILES = {
    "content/posts/one.md": "---\ntitle: One\ndate: 2020-01-01\n---\nOne is here.\n",
    BUNDLE: "---\ntitle: Two\ndraft: true\n---\n[A](a.txt) [One](../one.md)\n",
    PICTURE: "beside",
}


@dataclass(frozen=True, slots=True)
class Desk:
    site: Site

    def tried(self, path: str, text: str) -> Tried:
        return try_draft(Draft(path, text, "/beside/"), self.site.live, Apart())

    def page(self, path: str, text: str) -> str:
        tried = self.tried(path, text)
        assert tried.reply and isinstance(tried.reply.body, bytes), tried
        return tried.reply.body.decode()


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("drafting")
    repository = SiteRepository(folder / "remote.git")
    repository.commit(
        {
            **FILES,
            "config.toml": config("marks"),
            **plugin("marks", FAILS, "read:content.meta"),
            **lock(marks=("read:content.meta",)),
        }
    )
    site = Site(repository, folder / "state", workers, renderer)
    site.sync()
    yield Desk(site)
    site.stop()


def test_a_text_is_shown_as_its_page_would_be(desk: Desk) -> None:
    shown = desk.page("content/posts/one.md", "---\ntitle: Uno\n---\nNew *words*.\n")
    assert "Uno" in shown and "<em>words</em>" in shown and "One is here" not in shown
    assert "One is here" in desk.site.text("/posts/one/")


def test_links_lead_to_pages_and_to_what_only_its_author_may_see(desk: Desk) -> None:
    shown = desk.page(BUNDLE, str(FILES[BUNDLE]))
    assert 'href="/posts/one/"' in shown and f'href="/beside/{PICTURE}"' in shown
    assert desk.site.get("/posts/two/").status == 404
    assert desk.site.get("/posts/two/a.txt").status == 404


def test_a_new_document_has_a_page_before_there_is_a_file(desk: Desk) -> None:
    assert "Three" in desk.page("content/posts/three.md", "# Three\n\nText\n")


def test_a_header_that_cannot_be_read_is_told_with_its_line(desk: Desk) -> None:
    tried = desk.tried("content/posts/one.md", "---\ntitle: One\nbad: [\n---\n")
    assert tried.reply is None
    assert [(p.line, p.code) for p in tried.problems] == [(4, "front-matter.syntax")]


def test_what_is_amiss_on_a_page_is_told_beside_it(desk: Desk) -> None:
    tried = desk.tried("content/posts/one.md", "---\ntitle: One\ndate: soon\n---\n")
    assert tried.reply and [p.code for p in tried.problems] == ["document.date"]


def test_no_page_is_made_of_what_is_no_document(desk: Desk) -> None:
    (problem,) = desk.tried("config.toml", "a = 1").problems
    assert problem.code == NO_PAGE


def test_a_plugin_that_fails_is_told_of_and_goes_on_for_visitors(desk: Desk) -> None:
    for _ in range(12):
        tried = desk.tried("content/posts/one.md", "---\ntitle: Fail\n---\n")
        assert tried.reply and tried.reply.status == 200
        ((by, _),) = tried.failures
        assert by == "marks"
    assert not desk.site.containment.shut()


def test_what_is_in_quarantine_does_not_run_here_either(desk: Desk) -> None:
    apart, text = Apart(), "---\ntitle: Fail\n---\n"
    desk.site.containment.failed("plugin:marks", Cause.ATTACK, "tested")
    ((_, reason),) = try_draft(
        Draft("content/posts/one.md", text, ""), desk.site.live, apart
    ).failures
    assert reason != "no" and not apart.of(desk.site.live.current()).admits("plugin:marks")
