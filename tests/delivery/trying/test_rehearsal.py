"""A rehearsal makes every page twice, and changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.delivery.served import assemble, load_served
from apps.delivery.trying.rehearsal import Rehearsal, rehearse
from apps.extensions.containment.breaker import Cause
from apps.extensions.overlay import Overlaid, overlaid
from apps.extensions.workshop.folders import read_folder
from apps.runtime.workers import Workers
from tests.delivery.extending import (
    ACCEPT,
    METADATA,
    TRANSFORM,
    Files,
    config,
    plugin,
    served,
    theme,
)
from tests.delivery.trying.stage import node_of, written
from tests.sites import Site, SiteRepository

MARK = 'if event.content.title == "Two" then propose.metadata("mark", 1) end'
MANY: Files = {f"content/posts/{n}.md": f"---\ntitle: Post {n}\n---\n" for n in range(12)}


@dataclass(frozen=True, slots=True)
class Stage:
    """`site` is served with a theme that accepts facts and changes below main."""

    site: Site
    folder: Path
    workers: Workers
    renderer: Renderer

    def rehearsed(self, files: Files, *, quarantined: str | None = None) -> Rehearsal:
        node = node_of(self.site, self.workers, self.renderer)
        if quarantined:
            node.containment.failed(quarantined, Cause.ATTACK, "died by SIGSYS")
        before = load_served(node, None)
        pointer = node.index.pointer()
        assert pointer
        extension, _ = read_folder(written(self.folder, files))
        wanted = overlaid(Overlaid(pointer.site_configuration(), node.index.kept()), extension)
        after = assemble(node, pointer, wanted.configuration, wanted.kept, before.registry)
        told: list[tuple[int, int]] = []
        try:
            found = rehearse(node, before, after, lambda *numbers: told.append(numbers))
        finally:
            after.registry.close()
            before.registry.close()
        assert told[-1] == (found.pages, found.pages)
        return found


@pytest.fixture
def stage(
    repository: SiteRepository, site: Site, tmp_path: Path, workers: Workers, renderer: Renderer
) -> Iterator[Stage]:
    configured: Files = {"config.toml": config(themes={"/": "mine"})}
    served(repository, site, configured, theme("mine", accept=ACCEPT), MANY)
    yield Stage(site, tmp_path / "marking", workers, renderer)


def test_only_what_would_change_is_named(stage: Stage) -> None:
    asks = METADATA, "read:content.meta"
    before = stage.site.text("/two/")
    found = stage.rehearsed(plugin("marking", MARK, *asks))
    assert [each.url for each in found.changes] == ["/two/"]
    assert '<li id="mark">1</li>' in "".join(found.changes[0].difference)
    assert found.failures == () and found.commit == stage.site.live.current().commit
    assert stage.site.text("/two/") == before


def test_further_pages_of_lists_and_missing_pages_are_looked_at(stage: Stage) -> None:
    body = 'propose.header("x-seen", "1")'
    found = stage.rehearsed(plugin("marking", "", "propose:header", request_received=body))
    urls = {each.url for each in found.changes}
    assert {"/posts/", "/posts/page/2/", "/posts/page/3/", "/one/"} <= urls
    assert len(urls) == found.pages == 20 - 1


def test_a_plugin_that_fails_somewhere_is_told_and_tried_on_every_page(stage: Stage) -> None:
    body = 'if event.content.title ~= "One" then error("not this") end propose.metadata("m", 1)'
    found = stage.rehearsed(plugin("marking", body, METADATA, "read:content.meta"))
    assert [each.url for each in found.changes] == ["/one/"]
    assert len(found.failures) == 13
    assert {each.reason for each in found.failures} == {"marking: line 2: not this"}


def test_what_is_quarantined_does_not_run(stage: Stage) -> None:
    marking = plugin("marking", MARK, METADATA, "read:content.meta")
    assert stage.rehearsed(marking, quarantined="plugin:marking").changes == ()


def test_what_the_theme_does_not_accept_changes_nothing(stage: Stage) -> None:
    body = 'propose.transform("footer", { op = "remove" })'
    assert stage.rehearsed(plugin("marking", body, TRANSFORM)).changes == ()


@pytest.mark.parametrize("words", ["{{ nothing.here }}", "other"])
def test_another_version_of_the_theme_changes_its_pages(stage: Stage, words: str) -> None:
    files = theme("mine", accept=ACCEPT, list_html=words)
    found = Stage(stage.site, stage.folder.parent / "mine", stage.workers, stage.renderer)
    changes = found.rehearsed(files).changes
    assert {each.url for each in changes} == {"/posts/", "/posts/page/2/", "/posts/page/3/", "/"}
    assert changes[0].status == ((200, 500) if "{" in words else (200, 200))
