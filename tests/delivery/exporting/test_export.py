"""An export has all that visitors may read, and the next one writes what changed."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.delivery.exporting.bounds import MANIFEST, STAGING
from apps.delivery.exporting.export import ExportRefused
from apps.delivery.exporting.folder import FolderFault, opened
from apps.delivery.exporting.verifying import verify
from apps.gitsync.report import APPLIED
from apps.runtime.workers import Workers
from tests.delivery.exporting.stage import Files, Stage
from tests.pictures import picture
from tests.sites import Site, SiteRepository, body

CONFIG = """
[whispercms]
title = "A test site"
base_url = "https://station.example"
taxonomies = ["tags"]
[[whispercms.themes]]
id = "plain"
[[whispercms.themes]]
id = "feed"
mount = "/feed/"
[[whispercms.themes]]
id = "api"
mount = "/api/"
[whispercms.redirects]
"/away" = "https://elsewhere.example/x"
"""
PRIVATE = """
@id("private-section")
forbid (principal is Visitor, action == Action::"read", resource is Document)
when { resource.path like "content/private/*" };
"""
FILES: Files = {
    "config.toml": CONFIG,
    "policies/site.cedar": PRIVATE,
    "content/private/_index.md": "---\ntitle: Club\n---\nA secret.\n",
    "content/private/x.md": "---\ntitle: X\ntags: [club]\naliases: [old-club]\n---\nA secret.\n",
    "content/private/photo.txt": "A secret.",
    "content/about.md": "---\ntitle: About\naliases: [who, old/about.html]\n---\nText.\n",
    "content/draft.md": "---\ntitle: Draft\ndraft: true\n---\nA secret.\n",
    "content/later.md": "---\ntitle: Later\npublish: 2999-01-01\n---\nA secret.\n",
    "content/bundle/index.md": "---\ntitle: Bundle\nslug: moved\n---\n![x](p.jpg)\n",
    "content/bundle/a.txt": "beside",
    "content/bundle/p.jpg": picture((600, 400)),
    "media/file name.txt": "a file",
    "media/large.bin": bytes(200_000),
    **{
        f"content/posts/{n}.md": f"---\ntitle: Post {n}\ndate: 2020-01-{n + 1:02}\ntags: [rust]\n"
        "---\nText.\n"
        for n in range(21)
    },
}


@pytest.fixture
def stage(
    repository: SiteRepository, site: Site, tmp_path: Path, workers: Workers, renderer: Renderer
) -> Stage:
    made = Stage(repository, site, tmp_path / "export", workers, renderer)
    made.commit(FILES)
    return made


def test_everything_that_visitors_may_read_is_there_as_the_live_site_answers(stage: Stage) -> None:
    assert len(stage.export(dry_run=True).changes.written) > 60
    assert not stage.folder.exists()
    found = stage.export()
    files = stage.files()
    listed = {each.path: each for each in found.manifest.files}
    assert files.keys() == {*listed, MANIFEST}
    assert {
        *("index.html", "about/index.html", "posts/index.html", "posts/page/2/index.html"),
        *("posts/20/index.html", "tags/index.html", "tags/rust/page/2/index.html"),
        *("feed/index.html", "feed/rss.xml", "feed/tags/rust/index.html", "sitemap.xml"),
        *("robots.txt", "404.html", "media/file name.txt", "media/large.bin"),
        *("api/index.html", "api/posts/3/index.html", "api/schema.json", "api/tags/index.html"),
        *("archive/index.html", "who/index.html", "old/about.html", "away/index.html"),
        *("_redirects", "_headers", "search/index.html"),
    } <= files.keys()
    assert not [path for path, content in files.items() if b"A secret" in content]
    hidden = ("draft", "later", "private", "club", "photo")
    assert not [path for path in files if any(word in path for word in hidden)]
    assert b"club" not in files["_redirects"] and b"Club" not in files["api/site.json"]
    for path, content in files.items() - {(MANIFEST, files[MANIFEST])}:
        reply = stage.site.get("/" + path.removesuffix("index.html").replace(" ", "%20"))
        if reply.status == 200 and "search" not in path:
            assert body(reply) == content, path
            assert reply.header("content-type") == listed[path].type
    assert body(stage.site.get("/none/")) == files["404.html"]
    assert len([path for path in files if path.startswith("-/image/plain/text/")]) == 4
    assert b"a search needs the server" in files["search/index.html"]
    assert [each for each in found.notes if "2999-01-01" in each]
    check_redirects(files)


def check_redirects(files: Mapping[str, bytes]) -> None:
    """They are pages, and lines of a list."""
    lines = files["_redirects"].decode().splitlines()
    assert {
        *("/who /about/ 301", "/who/ /about/ 301", "/old/about.html /about/ 301"),
        *("/away https://elsewhere.example/x 301", "/atom.xml /feed/ 301"),
    } <= set(lines)
    page = files["who/index.html"].decode()
    assert '<link rel="canonical" href="https://station.example/about/">' in page
    assert 'content="0; url=/about/"' in page
    typed = files["_headers"].decode()
    assert "/feed/\n  Content-Type: application/atom+xml" in typed
    assert "/api/posts/3/\n  Content-Type: application/json\n" in typed


@pytest.mark.long
def test_the_next_export_writes_what_changed_and_removes_what_is_gone(stage: Stage) -> None:
    first = stage.export()
    assert set(first.changes.written) == {each.path for each in first.manifest.files}
    kept = (stage.folder / MANIFEST).read_bytes()
    moment = (stage.folder / "index.html").stat().st_mtime_ns
    (stage.folder / "own.txt").write_text("mine")
    again = stage.export()
    assert (again.changes.written, again.changes.removed) == ((), ())
    assert again.changes.foreign == ("own.txt",)
    assert (stage.folder / MANIFEST).read_bytes() == kept
    assert (stage.folder / "index.html").stat().st_mtime_ns == moment

    stage.commit({"media/large.bin": None, "media/file name.txt": "changed"})
    told = stage.export(dry_run=True)
    assert told.changes.written == ("media/file name.txt",)
    assert told.changes.removed == ("media/large.bin",)
    assert (stage.folder / "media/large.bin").exists()
    assert stage.export().changes == told.changes
    assert not (stage.folder / "media/large.bin").exists()
    assert (stage.folder / "media/file name.txt").read_text() == "changed"
    assert (stage.folder / "own.txt").read_text() == "mine"
    assert json.loads((stage.folder / MANIFEST).read_bytes())["commit"] != first.manifest.commit
    assert verify(stage.folder).is_whole and not (stage.folder / STAGING).exists()


@pytest.mark.long
def test_what_is_in_the_way_refuses_it_all(stage: Stage, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    stage.folder.mkdir()
    (stage.folder / "posts").symlink_to(outside)
    with pytest.raises(FolderFault, match=r"posts.*symbolic link"):
        stage.export()
    assert list(outside.iterdir()) == [] and len(list(stage.folder.iterdir())) == 1
    (stage.folder / "posts").unlink()
    (stage.folder / "about").write_text("mine")
    with pytest.raises(FolderFault, match=r"about: is in the way"):
        stage.export()
    assert stage.files() == {"about": b"mine"}
    with opened(stage.folder, make=False), pytest.raises(FolderFault, match="another export"):
        stage.export()


@pytest.mark.long
def test_addresses_for_one_place_refuse_it_all(stage: Stage) -> None:
    stage.repository.commit(
        {
            "media/same.txt": "x",
            "media/Same.txt": "y",
            "content/posts/1": "a file where a page's folder is",
        }
    )
    assert stage.site.sync().state == APPLIED
    with pytest.raises(ExportRefused) as refused:
        stage.export()
    assert [(each.path, each.code) for each in refused.value.problems] == [
        *(("/media/same.txt", "export.clash"), ("/posts/1/", "export.clash"))
    ]
    assert stage.files() == {}
