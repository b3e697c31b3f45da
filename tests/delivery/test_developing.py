"""An author sees each version of an extension without a commit, and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.delivery.answer import answer
from apps.delivery.developing import Development
from apps.delivery.live import LiveSite
from apps.delivery.replies import Reply
from apps.delivery.requests import PageRequest, new_id
from apps.runtime.workers import Workers
from tests.delivery.extending import ACCEPT, METADATA, Files, config, plugin, served, theme
from tests.delivery.trying.stage import node_of, written
from tests.sites import Site, SiteRepository, body

PLUGIN = plugin("mine", 'propose.metadata("version", 1)', METADATA)


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder that is being worked on, and the site that shows it."""

    folder: Path
    live: LiveSite

    def edit(self, files: Files) -> None:
        written(self.folder, files)
        self.live.reload(self.live.current())

    def get(self, path: str = "/one/") -> Reply:
        return answer(PageRequest("GET", path, "", (), new_id()), self.live)

    def text(self, path: str = "/one/") -> str:
        return body(self.get(path)).decode()


@pytest.fixture
def desk(
    repository: SiteRepository, site: Site, tmp_path: Path, workers: Workers, renderer: Renderer
) -> Iterator[Desk]:
    configured: Files = {"config.toml": config(themes={"/": "field"})}
    served(repository, site, configured, theme("field", accept=ACCEPT))
    folder = written(tmp_path / "mine", PLUGIN)
    development = Development(node_of(site, workers, renderer), [folder])
    live = LiveSite(site.files, development.load, development.show)
    yield Desk(folder, live)
    live.stop()


def test_it_is_enabled_with_all_that_it_asks_for(desk: Desk, site: Site) -> None:
    assert '<li id="version">1</li>' in desk.text()
    assert 'id="version"' not in site.text("/one/")


def test_each_version_takes_the_place_of_the_one_before(desk: Desk) -> None:
    desk.edit(plugin("mine", 'propose.metadata("version", 2)', METADATA))
    assert '<li id="version">2</li>' in desk.text()


def test_what_does_not_load_is_shown_and_the_last_good_one_goes_on(desk: Desk) -> None:
    desk.edit(plugin("mine", "end", METADATA))
    page = desk.text()
    assert '<li id="version">1</li>' in page
    notice = page.partition("<dialog open>")[2].partition("</dialog></body>")[0]
    assert "plugins/mine/main.lua:3" in notice
    reply = desk.get()
    assert reply.header("content-length") == str(len(body(reply)))
    desk.edit(PLUGIN)
    assert "<dialog" not in desk.text()


def test_what_fails_on_a_page_is_shown_on_that_page(desk: Desk) -> None:
    desk.edit(plugin("mine", "local title = event.site.title", METADATA))
    assert "plugins/mine/main.lua:2: event.site needs the capability read:site" in desk.text()
    assert "<dialog" not in desk.text("/nowhere/")
    desk.edit(plugin("mine", 'error("<b>")', METADATA))
    assert "&lt;b&gt;" in desk.text() and "<b>" not in desk.text()


def test_a_theme_is_followed_as_well_and_its_faults_are_shown(
    desk: Desk, tmp_path: Path, site: Site, workers: Workers, renderer: Renderer
) -> None:
    folder = written(tmp_path / "field", theme("field", document_html="<p>first</p>"))
    development = Development(node_of(site, workers, renderer), [folder])
    live = LiveSite(site.files, development.load, development.show)
    other = Desk(folder, live)
    assert other.text() == "<p>first</p>"
    other.edit(theme("field", document_html="{{ nothing.here }}"))
    reply = other.get()
    assert reply.status == 500
    assert "templates/document.html:1: undefined value" in body(reply).decode()
    other.edit(theme("field", document_html="{% if %}"))
    assert "themes/field/templates/document.html:1" in other.text()
    live.stop()


def test_a_folder_that_holds_none_leaves_the_site_as_it_is(
    site: Site, tmp_path: Path, desk: Desk, workers: Workers, renderer: Renderer
) -> None:
    development = Development(node_of(site, workers, renderer), [tmp_path / "nowhere"])
    live = LiveSite(site.files, development.load, development.show)
    assert "there is no folder" in Desk(tmp_path, live).text()
    live.stop()


def test_what_is_no_page_bears_no_notice(desk: Desk) -> None:
    desk.edit(plugin("mine", "end", METADATA))
    assert "<dialog" not in desk.text("/one")


def test_production_shows_nothing(site: Site, repository: SiteRepository) -> None:
    broken = theme("field", document_html="{{ nothing.here }}")
    served(repository, site, {"config.toml": config(themes={"/": "field"})}, broken)
    assert site.live.show is None
    assert "nothing.here" not in site.text("/one/")
