"""The pages of a theme can be looked at without a server."""

import re
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.extensions.settling import manifest_of
from apps.extensions.workshop.checking import ready
from apps.extensions.workshop.folders import read_folder
from apps.extensions.workshop.previewing import preview, write
from apps.runtime.workers import Workers
from tests.extensions.workshop.stage import add, made
from tests.sites import ROOT


def written(folder: Path, out: Path, workers: Workers, renderer: Renderer) -> dict[str, str]:
    files, _ = read_folder(folder)
    manifest = manifest_of(files)
    assert not isinstance(manifest, list)
    theme = ready(files, manifest)
    index = write(preview(theme, workers, renderer), theme, out)
    links = re.findall(r'href="([^"]+)"', index.read_text())
    return {name: (out / name).read_text() for name in links}


@pytest.mark.parametrize("name", ["plain", "feed"])
def test_every_route_of_the_bundled_themes_has_a_page(
    name: str, tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    pages = written(ROOT / "themes" / name, tmp_path / "out", workers, renderer)
    expected = {
        "plain": ["document.html", "error.html", "home.html", "section.html", "term.html"],
        "feed": ["feed.xml"],
    }
    assert sorted(pages) == expected[name]
    assert not any("It failed" in page for page in pages.values())


def test_a_browser_finds_the_assets_beside_it(
    tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    pages = written(made(tmp_path, "theme"), tmp_path / "out", workers, renderer)
    assert '<link rel="stylesheet" href="assets/style.css">' in pages["page.html"]
    assert (tmp_path / "out" / "assets" / "style.css").is_file()
    assert "<h2" in pages["page.html"] and "<table>" in pages["page.html"]
    assert "title: A sample page" not in pages["page.html"]


def test_a_page_that_fails_says_where(tmp_path: Path, workers: Workers, renderer: Renderer) -> None:
    folder = made(tmp_path, "theme")
    add(folder, "templates/list.html", "{{ nothing.here }}")
    pages = written(folder, tmp_path / "out", workers, renderer)
    assert "templates/list.html:12: undefined value" in pages["home.html"]
    assert "<h1>" in pages["page.html"]
