"""Whatever a repository holds: each fault is named with its place, and the rest of the site is
served. One site has all of them at once."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import pytest

from apps.content.rendering import Renderer
from apps.gitsync.errors import GitFault, RemoteFault
from apps.gitsync.report import APPLIED, REFUSED, UNCHANGED, SyncReport
from apps.runtime.workers import Workers
from tests.gitsync.repositories import LINK, NOWHERE, SUBMODULE, At, Made
from tests.large import LARGE
from tests.sites import CONFIG, ROOT, Site, SiteRepository, body

PAGE = b"---\ntitle: A page\n---\nSome text.\n"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 123\n" % (b"0" * 64)
BRACKETS = 5_000
NESTED = b"[" * BRACKETS + b"deep" + b"](x)" * BRACKETS
BOMB = b"".join(
    b"%c: &%c [%s]\n" % (letter + 1, letter + 1, b",".join([b"*%c" % letter] * 9))
    for letter in range(ord("a"), ord("j"))
)


def front(*lines: str) -> bytes:
    return "\n".join(("---", "title: A page", *lines, "---", "Some text.", "")).encode()


@dataclass(frozen=True, slots=True)
class Bad:
    """A file and the problem it must have. `shown` is its path as people read it."""

    path: bytes
    file: bytes | At
    code: str
    line: int = 0
    shown: str = ""

    @property
    def name(self) -> str:
        return self.shown or self.path.decode()


PATHS = [
    Bad(b"content/link.md", At(LINK, b"good.md"), "path.link"),
    Bad(b"content/out.md", At(LINK, b"../../../../etc/passwd"), "path.link"),
    Bad(b"content/out.png", At(LINK, b"/etc/passwd"), "path.link"),
    Bad(b"content/folder", At(LINK, b"/etc"), "path.link"),
    Bad(b"media", At(LINK, b"/etc"), "path.link"),
    Bad(b"content/module", At(SUBMODULE, NOWHERE), "path.submodule"),
    Bad(b"static", At(SUBMODULE, NOWHERE), "path.submodule"),
    Bad(b"content/caf\xe9.md", PAGE, "path.encoding", 0, r"content/caf\xe9.md"),
    Bad(b"content/caf\xe9.png", b"", "path.encoding", 0, r"content/caf\xe9.png"),
    Bad(b"content/new\nline.md", PAGE, "path.control", 0, r"content/new\nline.md"),
    Bad(b"content/bell\x07.png", b"", "path.control", 0, r"content/bell\x07.png"),
    Bad("content/\u202etxt.md".encode(), PAGE, "path.control", 0, r"content/\u202etxt.md"),
    Bad(b"content/back\\slash.md", PAGE, "path.backslash", 0, r"content/back\\slash.md"),
    Bad(b"content/case/picture.png", b"lower", "asset.url-case"),
]
POINTERS = [
    Bad(b"content/pointer.md", POINTER, "document.lfs-pointer", 1),
    Bad(b"content/pointer.png", POINTER, "asset.lfs-pointer"),
]
ADDRESSES = [
    Bad(b"content/admin.md", PAGE, "document.address"),
    Bad(b"content/healthz.md", PAGE, "document.address"),
    Bad(b"content/metrics/a.png", b"", "asset.address"),
    Bad(b"content/reserved.md", front("path: /readyz"), "document.address"),
    Bad(b"content/up.md", front("path: ../../etc/passwd"), "document.address"),
    Bad(b"content/slug.md", front("slug: ../up"), "document.address"),
    Bad(b"content/rune.md", front(r'path: "/a\u0007b/"'), "document.address"),
    Bad(b"content/long.md", front(f"path: /{'a' * 2000}/"), "document.address"),
    Bad(b"content/alias.md", front("aliases: [/admin/x]"), "document.alias", 1),
    Bad(b"content/alias-up.md", front("aliases: [/a/../b]"), "document.alias", 1),
    Bad(b"content/z-same.md", front("path: /same/"), "document.url-taken"),
    Bad(b"content/clash.md", PAGE, "document.url-taken"),
    Bad(b"content/z-cased.md", front("path: /CASED/"), "document.url-case"),
]
HEADERS = [
    Bad(b"content/twice.md", front("title: Other"), "front-matter.duplicate-key", 3),
    Bad(b"content/twice-toml.md", b"+++\na = 1\na = 2\n+++\n", "front-matter.duplicate-key", 3),
    Bad(b"content/twice.json", b'{"a": 1,\n"a": 2}', "front-matter.duplicate-key", 2),
    Bad(b"content/fence-long.md", b"----\ntitle: A\n----\n", "front-matter.wrong-fence", 1),
    Bad(b"content/fence-short.md", b"---\ntitle: A\n--\ntext\n", "front-matter.wrong-fence", 3),
    Bad(b"content/fence-mixed.md", b"+++\na = 1\n---\ntext\n", "front-matter.wrong-fence", 3),
    Bad(
        b"content/fence-dash.md",
        "\u2014\ntitle: A\n\u2014\n".encode(),
        "front-matter.wrong-fence",
        1,
    ),
    Bad(b"content/endless.md", b"---\ntitle: A\n\ntext\n", "front-matter.unclosed", 1),
    Bad(b"content/bomb.md", b"---\na: &a [x]\n" + BOMB + b"---\n", "front-matter.alias", 3),
    Bad(
        b"content/nested.md",
        b"---\na: " + b"[" * BRACKETS + b"]" * BRACKETS + b"\n---\n",
        "front-matter.too-deep",
        2,
    ),
    Bad(
        b"content/nested-toml.md",
        b"+++\na = " + b"[" * BRACKETS + b"]" * BRACKETS + b"\n+++\n",
        "front-matter.too-deep",
        2,
    ),
    Bad(b"content/long-header.md", front(f"a: {'x' * 70_000}"), "front-matter.too-large", 1),
    Bad(b"content/tag.md", front("a: !!python/object/apply:os.system [id]"), "front-matter.tag", 3),
    Bad(b"content/list.md", b"---\n- a\n---\n", "front-matter.not-a-mapping", 2),
    Bad(b"content/syntax.md", front("a: b: c"), "front-matter.syntax", 3),
]
TEXTS = [
    Bad(b"content/latin.md", b"# One\n\ncaf\xe9\n", "document.encoding", 3),
    Bad(b"content/wide.md", "# One\n".encode("utf-16"), "document.encoding", 1),
    Bad(b"content/binary.md", b"# One\n\n\0\n", "document.binary", 3),
    Bad(b"content/large.md", b"# One\n" + b"text\n" * 500_000, "document.too-large"),
    Bad(b"content/large.bin", b"bits" * 2_200_000, "asset.too-large"),
    Bad(b"content/script.html", b"<p>One</p>\n<script>x()</script>\n", "markup.left-out", 2),
    Bad(b"content/frame.html", b"<iframe src=//a.example></iframe>", "markup.left-out", 1),
    Bad(b"content/onclick.html", b"<p>One</p>\n<p onclick='x()'>Two</p>", "markup.left-out", 2),
    Bad(b"content/address.html", b"<a href='javascript:x()'>One</a>", "markup.left-out", 1),
    Bad(
        b"content/packed.json",
        b'{"title": "One", "body": "<script>x()</script><p>Two</p>"}',
        "markup.left-out",
        1,
    ),
]
TITLES = [
    Bad(b"content/title-yaml.md", b'---\ntitle: "a\\x07b"\n---\n', "document.title", 2),
    Bad(b"content/title-toml.md", b'+++\ntitle = "a\\u0000b"\n+++\n', "document.title", 2),
    Bad(b"content/title.json", b'{"title": "a\\u001bb"}', "document.title", 1),
    Bad(b"content/title-heading.md", b"# a\x07b\n\nText.\n", "document.title", 1),
    Bad(
        b"content/title-turned.md",
        front("slug: turned").replace(b"A page", "a\u202eb".encode()),
        "document.title",
        2,
    ),
]
ALL = [*PATHS, *POINTERS, *ADDRESSES, *HEADERS, *TEXTS, *TITLES]
GOOD: Mapping[bytes, tuple[bytes, str, str]] = {
    b"content/good.md": (PAGE, "/good/", "A page"),
    b"content/with space.md": (PAGE, "/with-space/", "A page"),
    b"content/bom.md": (b"\xef\xbb\xbf" + front(), "/bom/", "A page"),
    b"content/crlf.md": (front().replace(b"\n", b"\r\n"), "/crlf/", "A page"),
    b"content/cr.md": (front().replace(b"\n", b"\r"), "/cr/", "A page"),
    b"content/a-same.md": (front("path: /same/"), "/same/", "A page"),
    b"content/a-cased.md": (front("path: /cased/"), "/cased/", "A page"),
    b"content/Clash.md": (b"# The upper one\n", "/clash/", "The upper one"),
    b"content/empty.md": (b"", "/empty/", "Empty"),
    b"content/brackets.md": (b"# Brackets\n\n" + NESTED + b"\n", "/brackets/", "Brackets"),
    b"content/raw.md": (b"# Raw\n\n<script>x()</script>\n\nTwo\n", "/raw/", "Raw"),
    b"content/quotes.md": (b"# Quotes\n\n" + b">" * 20 + b" x\n", "/quotes/", "Quotes"),
    "content/日本.md".encode(): ("# 日本\n".encode(), "/日本/", "日本"),
    b"content/quo'te\".md": (PAGE, "/quo-te/", "A page"),
    b"content/$(id).md": (PAGE, "/id/", "A page"),
    b"content/--upload-pack=id.md": (PAGE, "/upload-pack-id/", "A page"),
}
BESIDE: Mapping[bytes, bytes] = {
    b"config.toml": CONFIG.encode(),
    b"content/case/Picture.png": b"upper",
    b"content/with space.png": b"spaced",
    b"content/100% & more?#.png": b"odd",
}
SHOWN = ("markup.left-out", "document.title", "document.alias", "url-taken", "url-case")
SHOWN_ALL_THE_SAME = {bad.name for bad in ALL if bad.code.endswith(SHOWN)}


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


def serving(made: Made, workers: Workers, renderer: Renderer, asset_bytes: int = 0) -> Site:
    folder = made.path.parent
    found = Site(SiteRepository(folder / "unused.git"), folder / "node", workers, renderer)
    size = asset_bytes or found.source.asset_bytes
    found.source = replace(found.source, remote=str(made.path), asset_bytes=size)
    return found


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
            ("/case/Picture.png", b"upper"),
            ("/with space.png", b"spaced"),
            ("/100% & more?#.png", b"odd"),
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


class TestRemotes:
    @pytest.fixture
    def remote(self, tmp_path: Path) -> Made:
        return Made(tmp_path / "remote.git")

    @pytest.fixture
    def node(self, remote: Made, workers: Workers, renderer: Renderer) -> Iterator[Site]:
        found = serving(remote, workers, renderer)
        yield found
        found.stop()

    def fault(self, node: Site) -> GitFault:
        with pytest.raises(GitFault) as caught:
            node.sync()
        assert caught.value.remedy and caught.value.reason
        return caught.value

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("/nowhere/at/all", "remote.unknown"),
            ("file:///nowhere/at/all", "remote.unknown"),
            ("relative/path", "remote.form"),
            ("ext::sh -c 'touch /tmp/pwned'", "remote.form"),
            ("--upload-pack=touch /tmp/pwned", "remote.form"),
            ("http://example.org/site.git", "remote.form"),
            ("ssh://-oProxyCommand=touch/site.git", "remote.form"),
        ],
    )
    def test_an_unknown_one(self, node: Site, text: str, code: str) -> None:
        node.source = replace(node.source, remote=text)
        fault = self.fault(node)
        assert isinstance(fault, RemoteFault)
        assert fault.code == code
        assert "WHISPERCMS_REMOTE" in fault.remedy

    def test_an_empty_one(self, node: Site) -> None:
        assert self.fault(node).code == "remote.empty"

    def test_one_without_the_branch(self, remote: Made, node: Site) -> None:
        remote.commit({b"one.md": PAGE})
        node.source = replace(node.source, branch="nosuch")
        fault = self.fault(node)
        assert fault.code == "branch.unknown" and "nosuch" in fault.reason

    @pytest.mark.parametrize("name", ["--help", "a..b", "a\nb", "a b", "../x", "x.lock", "@{u}"])
    def test_one_with_a_branch_that_is_none(self, remote: Made, node: Site, name: str) -> None:
        remote.commit({b"one.md": PAGE})
        node.source = replace(node.source, branch=name)
        assert self.fault(node).code in ("branch.form", "branch.unknown")

    def test_a_detached_head_needs_a_branch_to_be_named(self, remote: Made, node: Site) -> None:
        commit = remote.commit({b"one.md": PAGE})
        remote.git("update-ref", "--no-deref", "HEAD", commit)
        fault = self.fault(node)
        assert fault.code == "remote.detached" and "WHISPERCMS_BRANCH" in fault.remedy
        node.source = replace(node.source, branch="main")
        assert node.sync().state == APPLIED

    def test_a_head_that_is_detached_later_changes_nothing(self, remote: Made, node: Site) -> None:
        remote.commit({b"one.md": PAGE})
        assert node.sync().branch == "main"
        remote.git("update-ref", "--no-deref", "HEAD", remote.tip())
        remote.commit({b"one.md": b"# Two\n"})
        assert (node.sync().state, node.sync().branch) == (APPLIED, "main")
        assert "Two</h1>" in node.text("/one/")

    def test_a_shallow_one(self, remote: Made, node: Site, tmp_path: Path) -> None:
        remote.commit({b"one.md": PAGE})
        remote.commit({b"one.md": b"# Two\n"})
        shallow = tmp_path / "shallow.git"
        url = f"file://{remote.path}"
        remote.git("clone", "--quiet", "--bare", "--depth=1", url, str(shallow))
        node.source = replace(node.source, remote=str(shallow))
        assert self.fault(node).code == "remote.shallow"

    def test_a_damaged_one_leaves_what_is_served(self, remote: Made, node: Site) -> None:
        remote.commit({b"one.md": PAGE})
        node.sync()
        commit = remote.commit({b"one.md": b"# Two\n"})
        (remote.path / "objects" / commit[:2] / commit[2:]).unlink()
        assert self.fault(node).code.startswith(("remote.", "git."))
        assert "A page</h1>" in node.text("/one/")

    def test_one_that_is_no_site(self, remote: Made, node: Site) -> None:
        remote.commit({b"main.c": b"int main() {}", b"docs": At(SUBMODULE, NOWHERE)})
        report = node.sync()
        assert (report.state, report.problems[0].code) == (REFUSED, "site.no-layout")


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
