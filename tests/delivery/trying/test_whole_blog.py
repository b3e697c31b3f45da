"""What a dry run says of a public blog is what enabling the plugin then does to it."""

import html
import re
import sqlite3
import subprocess
from collections import deque
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.delivery.pipeline import deliver
from apps.delivery.requests import as_anybody
from apps.delivery.served import Node, Served, assemble, load_served
from apps.delivery.traces import Trace
from apps.delivery.trying.rehearsal import rehearse
from apps.extensions.containment.containment import Containment
from apps.extensions.overlay import Overlaid, overlaid
from apps.extensions.workshop.folders import read_folder
from apps.gitsync.git.commits import Author, commit_files
from apps.gitsync.git.repository import Repository
from apps.gitsync.report import APPLIED
from apps.runtime.workers import Workers
from tests.sites import ROOT, Site, SiteRepository

HREF = re.compile(r'href="(/[^"#?]*)')
TABLE = """

[whispercms]
layout = "zola"
[[whispercms.themes]]
id = "plain"
[[whispercms.themes]]
id = "feed"
mount = "/feed/"
"""
LISTED = """[[whispercms.plugins]]
id = "reading-time"
group = "bundled"
[[whispercms.plugins]]
id = "external-links"
group = "bundled"
"""
ENABLED = """[[whispercms.plugins]]
id = "dated"
"""
LOCK = '[plugins.dated]\ncapabilities = ["read:content.text", "propose:transform"]\n'
MANIFEST = """id = "dated"
version = "1.0.0"
requires = ">=1.0,<2"
subscribes = ["content.resolved"]
capabilities = ["read:content.text", "propose:transform"]
"""
PROGRAM = """on("content.resolved", function(event, propose)
  if event.content:count("pre") < 3 then return end
  propose.transform("main h1", { op = "append_html", html = " <small>with code</small>" })
end)
"""


def committed(repository: Repository, files: Mapping[str, str]) -> None:
    author = Author("Ada", "ada@example.org", "1767225600 +0000")
    contents = {path: text.encode() for path, text in files.items()}
    commit_files(repository, "refs/heads/main", contents, message="Edit\n", author=author)


def every_page(served: Served, index: Path) -> dict[str, tuple[int, object, object]]:
    """By following links from the front page, and to all that the index has."""
    waiting, seen = deque(["/", "/feed/", "/no-such-page-at-all/"]), set()
    pages: dict[str, tuple[int, object, object]] = {}
    with closing(sqlite3.connect(index)) as connection:
        waiting.extend(url for (url,) in connection.execute("SELECT url FROM document"))
    while waiting:
        path = waiting.popleft()
        if path in seen:
            continue
        seen.add(path)
        for _ in range(5):
            trace = Trace()
            request = as_anybody(path)
            reply = deliver(request, replace(served, containment=Containment()), trace)
            if not trace.failed:
                break
        assert not trace.failed, (path, trace.steps)
        if reply.status == 301 or not isinstance(reply.body, bytes):
            continue
        pages[path] = (reply.status, reply.headers, reply.body)
        if reply.status == 200 and (reply.header("content-type") or "").startswith("text/html"):
            links = HREF.findall(reply.body.decode())
            waiting.extend(unquote(html.unescape(link)) for link in links)
    return pages


@pytest.mark.long
@pytest.mark.timeout(900)
def test_it_finds_exactly_the_pages_that_enabling_the_plugin_changes(
    corpora: Path, tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    bundle = corpora / "rust-blog.bundle"
    if not bundle.exists():
        pytest.skip("there is no rust-blog.bundle among the corpora")
    path = tmp_path / "blog.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(bundle), str(path)], check=True)
    repository = Repository(path)
    show = ["git", "-C", str(path), "show", "main:config.toml"]
    own = subprocess.run(show, capture_output=True, check=True, text=True).stdout
    committed(repository, {"config.toml": own + TABLE + LISTED})
    site = Site(SiteRepository(tmp_path / "unused.git"), tmp_path / "node", workers, renderer)
    site.source = replace(site.source, remote=str(repository.path))
    assert site.sync().state == APPLIED
    node = Node(
        index=Index(site.files),
        files=site.files,
        renderer=renderer,
        workers=workers,
        bundled=ROOT,
        containment=Containment(),
        pinned=False,
    )
    folder = tmp_path / "dated"
    folder.mkdir()
    (folder / "plugin.toml").write_text(MANIFEST)
    (folder / "main.lua").write_text(PROGRAM)
    before = load_served(node, None)
    pointer = node.index.pointer()
    assert pointer
    wanted = overlaid(
        Overlaid(pointer.site_configuration(), node.index.kept()), read_folder(folder)[0]
    )
    after = assemble(node, pointer, wanted.configuration, wanted.kept, before.registry)
    found = rehearse(node, before, after, lambda *_: None)
    old = every_page(before, site.files.index)

    committed(
        repository,
        {
            "config.toml": own + TABLE + LISTED + ENABLED,
            "extensions.lock": LOCK,
            "plugins/dated/plugin.toml": MANIFEST,
            "plugins/dated/main.lua": PROGRAM,
        },
    )
    assert site.sync().state == APPLIED
    enabled = load_served(node, before.registry)
    new = every_page(enabled, site.files.index)
    assert old.keys() == new.keys() and len(old) > 780
    changed = {path for path in old if old[path] != new[path]}
    assert {unquote(each.url) for each in found.changes} == changed
    assert 20 < len(changed) < 700 and found.failures == ()
    assert found.pages >= len(old)
    assert all("with code" in "\n".join(each.difference) for each in found.changes)
    assert quote(min(changed)) in {each.url for each in found.changes}
    for served in (before, after, enabled):
        served.registry.close()
