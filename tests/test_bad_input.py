"""Whatever a repository holds: each fault is named with its place, and the rest of the site is
served. One site has all of them at once."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from apps.content.rendering import Renderer
from apps.gitsync.report import APPLIED, REFUSED, UNCHANGED, SyncReport
from apps.runtime.workers import Workers
from tests.bad_files import (
    ALL,
    BESIDE,
    BRACKETS,
    GOOD,
    NESTED,
    PAGE,
    SHOWN_ALL_THE_SAME,
    Bad,
    front,
)
from tests.gitsync.repositories import LINK, NOWHERE, SUBMODULE, At, Made
from tests.large import LARGE
from tests.serving import serving
from tests.sites import CONFIG, ROOT, Site, SiteRepository, body


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("bad") / "remote.git")


@pytest.fixture(scope="module")
def node(made: Made, workers: Workers, renderer: Renderer) -> Iterator[Site]:
    found = serving(made, workers, renderer)
    yield found
    found.stop()


@pytest.fixture(scope="module")
def report(made: Made, node: Site) -> SyncReport:
    bad = {each.path: each.file for each in ALL}
    made.commit({**bad, **{path: good[0] for path, good in GOOD.items()}, **BESIDE})
    return node.sync()


class TestFiles:
    @pytest.mark.parametrize("bad", ALL, ids=lambda bad: bad.name)
    def test_each_problem_has_a_name_and_a_place(self, bad: Bad, report: SyncReport) -> None:
        said = [(p.code, p.line) for p in report.problems if p.path == bad.name]
        assert said == [(bad.code, bad.line)]

    def test_nothing_else_is_wrong(self, report: SyncReport) -> None:
        assert report.state == APPLIED
        assert {problem.path for problem in report.problems} <= {bad.name for bad in ALL}

    def test_every_problem_says_what_to_do_in_one_short_line(self, report: SyncReport) -> None:
        for problem in report.problems:
            assert problem.reason.isprintable() and 10 < len(problem.reason) < 300, problem
            assert problem.path.isprintable()

    @pytest.mark.parametrize("path", GOOD, ids=lambda path: path.decode())
    def test_what_only_looks_odd_is_served(
        self, path: bytes, node: Site, report: SyncReport
    ) -> None:
        _, url, title = GOOD[path]
        reply = node.get(quote(url))
        assert reply.status == 200
        assert f">{title}</h1>" in body(reply).decode()

    @pytest.mark.parametrize(
        ("url", "content"),
        [
            ("/case/Picture.pdf", b"upper"),
            ("/with space.pdf", b"spaced"),
            ("/100% & more?#.pdf", b"odd"),
        ],
    )
    def test_odd_names_of_assets_are_served(
        self, url: str, content: bytes, node: Site, report: SyncReport
    ) -> None:
        assert body(node.get(quote(url))) == content

    def test_what_cannot_be_read_is_not_served(self, node: Site, report: SyncReport) -> None:
        for bad in ALL:
            if bad.name not in SHOWN_ALL_THE_SAME and bad.name == bad.path.decode("latin-1"):
                path = f"/{bad.path.decode().removeprefix('content/')}"
                for asked in (path, f"{path.removesuffix('.md')}/"):
                    assert node.get(quote(asked)).status in (400, 404), bad.name

    def test_of_two_documents_for_one_url_the_lowest_source_wins(
        self, node: Site, report: SyncReport
    ) -> None:
        (taken,) = [p for p in report.problems if p.path == "content/z-same.md"]
        assert "content/a-same.md" in taken.reason and "/same/" in taken.reason
        assert "The upper one</h1>" in node.text("/clash/")

    def test_no_program_of_a_document_reaches_a_page(self, node: Site, report: SyncReport) -> None:
        for name in ("script", "frame", "onclick", "address", "packed", "raw"):
            page = node.text(f"/{name}/")
            for active in ("<script", "<iframe", "onclick", "javascript:", "x()"):
                assert active not in page, name

    def test_control_characters_do_not_reach_a_page(self, node: Site, report: SyncReport) -> None:
        for name in ("title-yaml", "title-toml", "title", "title-heading", "turned"):
            page = node.text(f"/{name}/")
            assert ">a b</h1>" in page, name
            assert not {"\x00", "\x07", "\x1b", "\u202e"} & set(page), name

    def test_the_same_comes_of_a_rebuild(self, node: Site, report: SyncReport) -> None:
        again = node.sync(rebuild=True)
        assert (again.digest, again.problems) == (report.digest, report.problems)

    def test_a_sync_that_finds_nothing_new_tells_the_same_problems(
        self, node: Site, report: SyncReport
    ) -> None:
        again = node.sync()
        assert (again.state, again.problems) == (UNCHANGED, report.problems)


class TestLater:
    def test_what_was_wrong_before_is_told_until_it_is_mended(
        self, repository: SiteRepository, site: Site
    ) -> None:
        same = front("path: /same/")
        repository.commit({"config.toml": CONFIG, "content/a.md": same, "content/b.md": same})
        first = site.sync().problems
        assert [p.path for p in first] == ["content/b.md"]
        repository.commit({"content/other.md": PAGE})
        assert site.sync().problems == first
        repository.commit({"content/a.md": None})
        assert site.sync().problems == ()
        assert "A page</h1>" in site.text("/same/")

    def test_a_clash_with_an_older_document_is_told(
        self, repository: SiteRepository, site: Site
    ) -> None:
        same = front("path: /same/")
        repository.commit({"config.toml": CONFIG, "content/b.md": same})
        assert site.sync().problems == ()
        repository.commit({"content/a.md": same.replace(b"A page", b"The lower one")})
        assert [p.path for p in site.sync().problems] == ["content/b.md"]
        assert "The lower one</h1>" in site.text("/same/")


class TestOtherLayouts:
    def test_python_markdown_shows_what_is_nested_too_deeply_as_text(
        self, made: Made, workers: Workers, renderer: Renderer, tmp_path: Path
    ) -> None:
        other = Made(tmp_path / "remote.git")
        config = CONFIG.encode() + b'markdown = "python-markdown"\n'
        brackets = b"# Brackets\n\n" + NESTED + b"\n"
        other.commit({b"config.toml": config, b"content/brackets.md": brackets})
        site = serving(other, workers, renderer)
        report = site.sync()
        assert [(p.path, p.line, p.code) for p in report.problems] == [
            ("content/brackets.md", 3, "markup.too-deep")
        ]
        assert "[[[[" in site.text("/brackets/")
        site.stop()

    def test_names_that_differ_by_case_alone_are_told_in_a_plain_layout(
        self, workers: Workers, renderer: Renderer, tmp_path: Path
    ) -> None:
        other = Made(tmp_path / "remote.git")
        other.commit({b"notes/Readable.md": b"# Upper\n", b"notes/readable.md": b"# Lower\n"})
        site = serving(other, workers, renderer)
        assert [(p.path, p.code) for p in site.sync().problems] == [
            ("notes/readable.md", "document.url-case")
        ]
        assert "Upper</h1>" in site.text("/notes/Readable/")
        assert "Lower</h1>" in site.text("/notes/readable/")
        site.stop()


def test_a_folder_that_would_lead_out_of_the_tree_is_left_out(
    workers: Workers, renderer: Renderer, tmp_path: Path
) -> None:
    """Git itself writes no such tree, but takes one that others have made."""
    made = Made(tmp_path / "remote.git")
    before = made.commit({b"config.toml": CONFIG.encode(), b"content/good.md": PAGE})
    config, page = made.blob(CONFIG.encode()), made.blob(PAGE)
    up = made.git("mktree", stdin=f"100644 blob {page}\tup.md\n".encode())
    listed = f"040000 tree {up}\t..\n100644 blob {page}\tgood.md\n"
    content = made.git("mktree", stdin=listed.encode())
    listed = f"100644 blob {config}\tconfig.toml\n040000 tree {content}\tcontent\n"
    top = made.git("mktree", stdin=listed.encode())
    who = ("-c", "user.name=Ada", "-c", "user.email=a@b.c")
    commit = made.git(*who, "commit-tree", "-p", before, "-m", "Up", top)
    made.git("update-ref", "refs/heads/main", commit)
    site = serving(made, workers, renderer)
    assert site.sync().state == APPLIED
    assert site.get("/up/").status == 404
    assert site.get("/good/").status == 200
    site.stop()


class TestConfiguration:
    @pytest.mark.parametrize(
        ("file", "code", "line"),
        [
            pytest.param(b'[whispercms]\ntitle = "caf\xe9"\n', "config.encoding", 2, id="latin"),
            pytest.param(b"[whispercms]\n[[[\n", "config.syntax", 2, id="syntax"),
            pytest.param(CONFIG.encode() + b"#" * 50_000_000, "config.too-large", 0, id="50 MB"),
            pytest.param(
                CONFIG.encode() + b"a=" + b"[" * BRACKETS, "config.syntax", 1, id="nested"
            ),
            pytest.param(At(LINK, b"/etc/passwd"), "config.no-file", 0, id="link"),
            pytest.param(At(SUBMODULE, NOWHERE), "config.no-file", 0, id="submodule"),
        ],
    )
    def test_one_that_cannot_be_used_is_refused_and_the_old_is_served(
        self,
        workers: Workers,
        renderer: Renderer,
        tmp_path: Path,
        file: bytes | At,
        code: str,
        line: int,
    ) -> None:
        made = Made(tmp_path / "remote.git")
        made.commit({b"config.toml": CONFIG.encode(), b"content/one.md": PAGE})
        site = serving(made, workers, renderer)
        site.sync()
        made.commit({b"config.toml": file, b"content/one.md": b"# Other\n"})
        report = site.sync()
        assert report.state == REFUSED
        assert [(p.path, p.code, p.line) for p in report.problems] == [("config.toml", code, line)]
        assert "A page</h1>" in site.text("/one/")
        site.stop()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.long
def test_50_megabytes_cost_no_memory_as_document_and_as_asset(tmp_path: Path) -> None:
    """In a process of its own, whose peak is what the kernel says."""
    made = Made(tmp_path / "remote.git")
    small: dict[bytes, bytes | At] = {b"config.toml": CONFIG.encode(), b"content/one.md": PAGE}
    made.commit(small)
    large = (b"A line of text.\n" * (LARGE // 16))[:LARGE]
    made.git("branch", "large", "main")
    made.commit({**small, b"content/big.md": large, b"content/big.bin": large}, branch="large")
    done = subprocess.run(
        [sys.executable, "-m", "tests.large", str(made.path)],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    said = json.loads(done.stdout)
    assert said["problems"] == [["content/big.md", "document.too-large"]]
    assert said["served"] == LARGE
    assert said["grown"] < 16, said
