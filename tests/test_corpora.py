"""Two public repositories, served as they are: every document, alias and asset of them is asked
for. What is expected is read from Git by other means than ours."""

import html
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from apps.content.rendering import Renderer
from apps.gitsync.report import APPLIED, SyncReport
from apps.runtime.workers import Workers
from tests.sites import Site, SiteRepository, body

HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.S)
ENTRY = re.compile(r'<li class="entry">.*?href="([^"]*)".*?</li>', re.S)
MOMENT = re.compile(r'<time[^>]*datetime="([^"]*)"')
NEXT = re.compile(r'<a rel="next" href="([^"]*)"')
TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif"}


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus that is served, and its files as Git itself gives them."""

    site: Site
    report: SyncReport
    files: Mapping[str, bytes]

    def documents(self, root: str = "") -> dict[str, str]:
        return {
            name: content.decode()
            for name, content in self.files.items()
            if name.startswith(root) and name.endswith(".md")
        }

    def git(self, *arguments: str) -> str:
        return _git(self.site.source.repository, *arguments).decode()


@pytest.fixture(scope="session")
def rust_blog(
    corpora: Path, tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Iterator[Corpus]:
    yield from _serve(corpora / "rust-blog.bundle", tmp_path_factory, workers, renderer)


@pytest.fixture(scope="session")
def til(
    corpora: Path, tmp_path_factory: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Iterator[Corpus]:
    yield from _serve(corpora / "til.bundle", tmp_path_factory, workers, renderer)


class TestRustBlog:
    """A Zola site: its front matter says where a document answers and which paths lead to it."""

    def test_nothing_is_wrong_with_it(self, rust_blog: Corpus) -> None:
        assert (rust_blog.report.state, rust_blog.report.problems) == (APPLIED, ())
        assert rust_blog.report.parsed == 754

    def test_every_document_answers_at_its_path_with_its_title(self, rust_blog: Corpus) -> None:
        answered = 0
        for name, text in rust_blog.documents("content/").items():
            header = _zola_header(text)
            reply = rust_blog.site.get(quote(_zola_url(name, header)))
            assert reply.status == 200, name
            page = body(reply).decode()
            assert _heading(page) == header.get("title", "Latest"), name
            assert "\ufdd0" not in page and 'href="@/' not in page, name
            answered += 1
        assert answered == 754

    def test_every_alias_leads_to_its_document(self, rust_blog: Corpus) -> None:
        followed = 0
        for name, text in rust_blog.documents("content/").items():
            header = _zola_header(text)
            for alias in header.get("aliases", ()):
                for path in (f"/{alias}", f"/{alias}/"):
                    reply = rust_blog.site.get(quote(path), query="from=test")
                    assert reply.status == 301, path
                    expected = f"{quote(_zola_url(name, header))}?from=test"
                    assert reply.header("location") == expected, path
                followed += 1
        assert followed == 740

    def test_the_front_page_lists_every_page_by_date(self, rust_blog: Corpus) -> None:
        entries = list(_listed(rust_blog.site, "/"))
        moments = [moment for _, moment in entries]
        assert moments == sorted(moments, reverse=True)
        headers = {n: _zola_header(t) for n, t in rust_blog.documents("content/").items()}
        pages = {_zola_url(n, h) for n, h in headers.items() if not n.endswith("/_index.md")}
        assert len(entries) == len(pages) == 751
        assert {html.unescape(url) for url, _ in entries} == pages
        for url, moment in entries:
            if found := re.match(r"(?:/inside-rust)?/(\d{4})/(\d\d)/(\d\d)/", url):
                assert moment == f"{'-'.join(found.groups())}T00:00:00Z", url

    def test_a_section_lists_its_own_pages_alone(self, rust_blog: Corpus) -> None:
        urls = {url for url, _ in _listed(rust_blog.site, "/inside-rust/")}
        assert len(urls) > 300
        assert all(url.startswith("/inside-rust/") for url in urls)

    def test_links_to_files_become_links_to_pages(self, rust_blog: Corpus) -> None:
        documents = rust_blog.documents("content/")
        urls = {name: _zola_url(name, _zola_header(text)) for name, text in documents.items()}
        found = 0
        for name, text in documents.items():
            for target, fragment in re.findall(r"\]\(@/([^)#\s]+)(#[^)\s]*)?\)", text):
                page = rust_blog.site.text(quote(urls[name]))
                assert f'href="{urls[f"content/{target}"]}{fragment}"' in page, name
                found += 1
        assert found == 5

    def test_the_site_is_named_and_described_by_its_own_configuration(
        self, rust_blog: Corpus
    ) -> None:
        front = rust_blog.site.text("/")
        assert "<title>Rust Blog" in front
        assert '<link rel="canonical" href="https://blog.rust-lang.org/">' in front


class TestTil:
    """Plain Markdown files in folders: the first heading is the title, Git knows the date."""

    def test_nothing_is_wrong_with_it(self, til: Corpus) -> None:
        assert (til.report.state, til.report.problems) == (APPLIED, ())
        assert til.report.parsed == 578

    def test_every_document_answers_where_it_stands_with_its_first_heading(
        self, til: Corpus
    ) -> None:
        answered = 0
        for name, text in til.documents().items():
            reply = til.site.get(quote(_plain_url(name)))
            assert reply.status == 200, name
            page = body(reply).decode()
            assert _heading(page) == _plain_words(text.partition("\n")[0]), name
            assert "\ufdd0" not in page, name
            answered += 1
        assert answered == 578

    def test_a_date_is_that_of_the_commit_which_added_the_file(self, til: Corpus) -> None:
        for name in sorted(set(til.documents()) - {"README.md"})[::24]:
            added = til.git(
                *("log", "--first-parent", "--diff-merges=first-parent", "--diff-filter=A"),
                *("--no-renames", "--format=%at", til.report.new or "", "--", name),
            )
            expected = datetime.fromtimestamp(int(added.split()[0]), UTC)
            shown = MOMENT.search(til.site.text(quote(_plain_url(name))))
            assert shown and shown[1] == expected.strftime("%Y-%m-%dT%H:%M:%SZ"), name

    def test_the_front_page_lists_every_page_by_date(self, til: Corpus) -> None:
        entries = list(_listed(til.site, "/"))
        assert [m for _, m in entries] == sorted((m for _, m in entries), reverse=True)
        assert {url for url, _ in entries} == {
            quote(_plain_url(name)) for name in til.documents() if name != "README.md"
        }
        assert len(entries) == 577

    def test_a_folder_lists_its_documents(self, til: Corpus) -> None:
        urls = {url for url, _ in _listed(til.site, "/sqlite/")}
        names = [name for name in til.documents() if name.startswith("sqlite/")]
        assert urls == {quote(_plain_url(name)) for name in names}

    def test_every_picture_is_served_as_it_is(self, til: Corpus) -> None:
        pictures = {n: c for n, c in til.files.items() if Path(n).suffix in TYPES}
        for name, content in pictures.items():
            reply = til.site.get(quote(f"/{name}"))
            assert (reply.status, reply.header("content-type")) == (200, TYPES[Path(name).suffix])
            assert body(reply) == content
        assert len(pictures) == 14

    @pytest.mark.parametrize(
        "name", ["metadata.yaml", "build_database.py", "templates/index.html", "LICENSE"]
    )
    def test_what_no_page_can_show_is_not_served(self, til: Corpus, name: str) -> None:
        assert name in til.files
        assert til.site.get(f"/{name}").status == 404


def _serve(
    bundle: Path, folders: pytest.TempPathFactory, workers: Workers, renderer: Renderer
) -> Iterator[Corpus]:
    folder = folders.mktemp(bundle.stem)
    site = Site(SiteRepository(folder / "unused.git"), folder / "node", workers, renderer)
    site.source = replace(site.source, remote=str(bundle))
    report = site.sync()
    yield Corpus(site, report, _files(site.source.repository, report.new or ""))
    site.stop()


def _files(repository: Path, commit: str) -> dict[str, bytes]:
    names = _git(repository, "ls-tree", "-r", "-z", "--name-only", commit).decode().split("\0")[:-1]
    asked = "".join(f"{commit}:{name}\n" for name in names).encode()
    said = _git(repository, "cat-file", "--batch", given=asked)
    found, at = {}, 0
    for name in names:
        end = said.index(b"\n", at)
        size = int(said[at:end].rpartition(b" ")[2])
        found[name] = said[end + 1 : end + 1 + size]
        at = end + size + 2
    return found


def _git(repository: Path, *arguments: str, given: bytes = b"") -> bytes:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def _zola_header(text: str) -> dict[str, Any]:
    assert text.startswith("+++\n")
    return tomllib.loads(text[4 : text.index("\n+++", 4) + 1])


def _zola_url(name: str, header: Mapping[str, object]) -> str:
    if "path" in header:
        return f"/{header['path']}/"
    return "/" + name.removeprefix("content/").removesuffix("_index.md").replace(".md", "/")


def _plain_url(name: str) -> str:
    return "/" if name == "README.md" else f"/{name.removesuffix('.md')}/"


def _heading(page: str) -> str:
    found = HEADING.search(page)
    assert found
    return html.unescape(found[1]).strip()


def _plain_words(line: str) -> str:
    """The words of a heading without the signs of Markdown; in code there are none."""
    parts = line.removeprefix("# ").split("`")
    parts[::2] = [re.sub(r"\\(?=\W)|(?<!\w)_+|_+(?!\w)", "", part) for part in parts[::2]]
    return " ".join(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", "".join(parts)).split())


def _listed(site: Site, url: str) -> Iterator[tuple[str, str]]:
    """(URL, date) of each entry on all pages of a list."""
    following: str | None = url
    while following:
        page = site.text(following)
        for found in ENTRY.finditer(page):
            moment = MOMENT.search(found[0])
            yield html.unescape(found[1]), moment[1] if moment else ""
        more = NEXT.search(page)
        following = html.unescape(more[1]) if more else None
