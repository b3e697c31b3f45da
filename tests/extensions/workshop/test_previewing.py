"""The pages of a theme can be looked at without a server."""

import re
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.extensions.manifests import ThemeManifest, parse_manifest
from apps.extensions.settling import manifest_of
from apps.extensions.workshop.checking import ready
from apps.extensions.workshop.folders import read_folder
from apps.extensions.workshop.previewing import preview, write
from apps.runtime.workers import Workers
from tests.extensions.workshop.stage import add, edit, made
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
    folder = ROOT / "themes" / name
    manifest = parse_manifest("theme", name, (folder / "theme.toml").read_text())
    assert isinstance(manifest, ThemeManifest)
    pages = written(folder, tmp_path / "out", workers, renderer)
    errors = {"error"} if (folder / "templates/error.html").exists() else set()
    assert {Path(page).stem for page in pages} == {r.name for r in manifest.routes} | errors
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


def test_no_page_takes_the_place_of_another_or_of_the_list(
    tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    folder = made(tmp_path, "theme")
    edit(folder, "theme.toml", 'name = "home"', 'name = "index"')
    edit(folder, "theme.toml", 'name = "tag"', 'name = "error"')
    pages = written(folder, tmp_path / "out", workers, renderer)
    assert sorted(pages) == [
        "_error.html",
        "_index.html",
        "error.html",
        "page.html",
        "section.html",
    ]
    assert "Page not found" in pages["_error.html"] and "Note 3" in pages["_index.html"]
