"""A public blog as files: what a plain server of files sends is what the live site answers."""

import html
import json
import re
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, unquote, urljoin, urlsplit
from urllib.request import Request, urlopen
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from jsonschema import Draft202012Validator

from apps.content.broken_links import broken_links
from apps.content.rendering import Renderer
from apps.delivery.exporting.verifying import verify
from apps.delivery.front import Front
from apps.delivery.wsgi import DeliveryWSGI
from apps.gitsync.git.repository import Repository
from apps.gitsync.report import APPLIED
from apps.runtime.workers import Workers
from tests.delivery.exporting.stage import Stage
from tests.sites import Site, SiteRepository

TABLE = """

[whispercms]
layout = "zola"
[[whispercms.themes]]
id = "plain"
[[whispercms.themes]]
id = "feed"
mount = "/feed/"
[[whispercms.themes]]
id = "api"
mount = "/api/"
settings = { meta = ["*"] }
"""
KINDS = {"page", "section", "archive", "site", "problem"}
SEARCHES = {"/search/", "/api/search/"}
LINK = re.compile(r'<[a-z][^<>]*?\s(?:href|src)="([^"]*)"')


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


class QuietFiles(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def serving(server: Any) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def got(origin: str, path: str) -> tuple[int, bytes]:
    try:
        with urlopen(Request(origin + quote(path), headers={"accept-encoding": "identity"})) as it:
            return it.status, it.read()
    except HTTPError as error:
        return error.code, error.read()


def internal(path: str, page: bytes) -> Iterator[tuple[str, str]]:
    """Each link as it is written, and the address that it leads to."""
    text = page.decode(errors="replace")
    if not text.lstrip().lower().startswith("<!doctype html"):
        return
    for link in LINK.findall(text):
        found = urlsplit(urljoin(f"http://site{quote(path)}", html.unescape(link)))
        if (found.scheme, found.netloc) == ("http", "site"):
            yield html.unescape(link), unquote(found.path)


def crawl(ask: Callable[[str], tuple[int, bytes]]) -> tuple[dict[str, bytes], set[tuple[str, str]]]:
    """All that can be come to from the front page, and links that lead nowhere."""
    waiting, pages, broken = ["/", "/feed/", "/api/"], dict[str, bytes](), set[tuple[str, str]]()
    answers: dict[str, int] = {}
    links: list[tuple[str, str, str]] = []
    while waiting:
        path = waiting.pop()
        if path in answers:
            continue
        answers[path], content = ask(path)
        if answers[path] == 200:
            pages[path] = content
            for link, target in internal(path, content):
                links.append((path, link, target))
                waiting.append(target)
    broken = {(path, link) for path, link, target in links if answers[target] != 200}
    return pages, broken


def cloned(bundle: Path, folder: Path) -> SiteRepository:
    command = ["git", "clone", "--quiet", "--bare", str(bundle), "site.git"]
    subprocess.run(command, cwd=folder, check=True)
    return SiteRepository(folder / "site.git")


@pytest.fixture(scope="module")
def blog(
    corpora: Path, tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("blog")
    repository = cloned(corpora / "rust-blog.bundle", folder)
    own = subprocess.run(
        ["git", "show", "main:config.toml"], cwd=repository.path, check=True, capture_output=True
    ).stdout.decode()
    repository.commit({"config.toml": own + TABLE})
    site = Site(repository, folder / "node", workers, renderer)
    assert site.sync().state == APPLIED
    yield Stage(repository, site, folder / "export", workers, renderer)
    site.stop()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_server_of_files_answers_what_the_live_site_does(blog: Stage) -> None:
    found = blog.export()
    files = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietFiles, directory=str(blog.folder)))
    app = DeliveryWSGI(Front(blog.site.live))
    live = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    with serving(files) as static_origin, serving(live) as live_origin:
        pages, broken = crawl(partial(got, live_origin))
        there, not_there = crawl(partial(got, static_origin))
        assert len(pages) > 800
        listed = {each.path: each for each in found.manifest.files}
        for path in listed:
            address = "/" + path.removesuffix("index.html")
            status, content = got(live_origin, address)
            if status == 200 and address not in there:
                there[address] = got(static_origin, address)[1]
                pages[address] = content
    differing = [path for path in pages if pages[path] != there.get(path)]
    assert {path for path in differing if b"http-equiv" not in there.get(path, b"")} == SEARCHES
    assert len(pages) > 2000 and not_there <= broken

    with blog.served() as (node, served):
        told = list(broken_links(node.files, node.renderer.id, served.configuration.root))
    lost = {each.reason.split(" leads to no file")[0] for each in told}
    assert {link for _, link in not_there} <= lost | {link.removeprefix("./") for link in lost}
    assert verify(blog.folder).is_whole


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_next_export_writes_what_one_commit_changed(blog: Stage) -> None:
    blog.export()
    assert blog.export().changes.written == ()
    name = next(
        each
        for each in sorted(tree(blog.repository.git))
        if each.startswith("content/inside-rust/") and not each.endswith("_index.md")
    )
    ((_, old),) = blog.repository.git.read([f"main:{name}"])
    blog.repository.commit({name: old + b"\nOne more line of text.\n"})
    assert blog.site.sync().state == APPLIED
    written = blog.export().changes.written
    assert 0 < len(written) < 12
    again = {path: (blog.folder / path).read_bytes() for path in written}
    assert all(b"One more line of text." in content for content in again.values())


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_json_of_every_address_is_as_its_schema_says(blog: Stage) -> None:
    if not blog.folder.exists():
        blog.export()
    kinds = checked(blog.folder)
    assert kinds["page"] > 740 and kinds.keys() == KINDS


@pytest.mark.long
@pytest.mark.timeout(900)
def test_so_is_that_of_a_repository_of_plain_files(
    corpora: Path, tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    repository = cloned(corpora / "til.bundle", tmp_path)
    repository.commit({"config.toml": TABLE.replace("zola", "plain")})
    site = Site(repository, tmp_path / "node", workers, renderer)
    assert site.sync().state == APPLIED
    stage = Stage(repository, site, tmp_path / "export", workers, renderer)
    stage.export()
    kinds = checked(stage.folder)
    assert kinds["page"] > 500 and kinds.keys() == KINDS


def checked(folder: Path) -> Counter[str]:
    """Every file below the mount, but for redirects, against the schema that is there."""
    check = Draft202012Validator(json.loads((folder / "api/schema.json").read_bytes()))
    kinds: Counter[str] = Counter()
    for path in sorted((folder / "api").rglob("*")):
        content = path.read_bytes() if path.is_file() else b"http-equiv"
        if b"http-equiv" in content[:400] or path.name == "schema.json":
            continue
        values = json.loads(content)
        check.validate(values)
        kinds[values.get("resource", "problem")] += 1
    return kinds


def tree(repository: Repository) -> list[str]:
    command = ["git", "ls-tree", "-r", "--name-only", "main"]
    found = subprocess.run(command, cwd=repository.path, check=True, capture_output=True)
    return found.stdout.decode().splitlines()
