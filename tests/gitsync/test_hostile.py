"""Whatever a commit holds, a sync ends with a report: each thing named, the rest served."""

import pytest

from apps.content.index import Index
from apps.gitsync.report import APPLIED, REFUSED, SyncReport
from tests.gitsync.repositories import LINK, NOWHERE, SUBMODULE, At, Made
from tests.sites import CONFIG, Site, SiteRepository

INDEXED = ("document.url-case", "document.url-taken")
GOOD = {b"config.toml": CONFIG.encode(), b"content/good.md": b"# Good\n"}


@pytest.fixture
def made(repository: SiteRepository) -> Made:
    return Made(repository.git.path)


def codes(report: SyncReport) -> list[str]:
    return [problem.code for problem in report.problems]


def served(site: Site) -> str:
    """The commit that the index is of."""
    pointer = Index(site.files).pointer()
    assert pointer is not None
    return pointer.commit_id


HOSTILE: list[tuple[bytes, bytes | At, str]] = [
    (b"content/l.md", At(LINK, b"/etc/passwd"), "path.link"),
    (b"media/l", At(LINK, b"../../.."), "path.link"),
    (b"content/sub", At(SUBMODULE, NOWHERE), "path.submodule"),
    (b"content/a\xff.md", b"# A\n", "path.encoding"),
    (b"content/a\nb.md", b"# A\n", "path.control"),
    (b"content/\x01a\x01.md", b"# A\n", "path.control"),
    (b"content/admin.md", b"# A\n", "document.address"),
    (b"content/GOOD.md", b"---\npath: /GOOD/\n---\n", "document.url-case"),
    (b"content/z.md", b"---\npath: /good/\n---\n", "document.url-taken"),
    (b"content/up.md", b"---\npath: ../../x\n---\n", "document.address"),
    (b"content/lfs.png", b"version https://git-lfs.github.com/spec/v1\n", "asset.lfs-pointer"),
]


@pytest.mark.parametrize(("name", "entry", "code"), HOSTILE)
def test_one_hostile_thing_is_named_and_the_rest_is_indexed(
    made: Made, site: Site, name: bytes, entry: bytes | At, code: str
) -> None:
    made.commit({**GOOD, name: entry})
    report = site.sync()
    assert (report.state, codes(report)) == (APPLIED, [code])
    assert report.added == len(GOOD) + (code in INDEXED)


def test_all_of_them_may_come_and_go_and_the_site_is_served(made: Made, site: Site) -> None:
    made.commit(GOOD)
    before = site.sync()
    made.commit({**GOOD, **{name: entry for name, entry, _ in HOSTILE}})
    report = site.sync()
    assert sorted(codes(report)) == sorted(code for _, _, code in HOSTILE)
    assert site.get("/good/").status == 200
    rebuilt = site.sync(rebuild=True)
    assert (rebuilt.digest, rebuilt.problems) == (report.digest, report.problems)
    made.commit(GOOD)
    after = site.sync()
    assert (after.digest, after.problems) == (before.digest, ())


@pytest.mark.parametrize(
    "entry",
    [
        At(SUBMODULE, NOWHERE),
        At(LINK, b"/etc/passwd"),
        b"\xff\xfe",
        b"[" * 100_000,
        b"a = " + b"1" * 5_000,
        b"x" * (2 * 1024 * 1024),
        b'[whispercms]\npermalinks = {"" = "/../{slug}"}\nx = 1\n',
    ],
    ids=["submodule", "link", "utf-16", "brackets", "digits", "large", "unknown"],
)
def test_a_hostile_configuration_is_refused_and_the_last_good_one_serves(
    made: Made, site: Site, entry: bytes | At
) -> None:
    good = made.commit(GOOD)
    site.sync()
    made.commit({**GOOD, b"config.toml": entry})
    report = site.sync()
    assert report.state == REFUSED
    assert {problem.path for problem in report.problems} == {"config.toml"}
    assert served(site) == good


def test_a_folder_called_as_the_configuration_is_refused_too(made: Made, site: Site) -> None:
    good = made.commit(GOOD)
    site.sync()
    made.commit({b"config.toml/x": b"1", b"content/good.md": b"# Good\n"})
    assert site.sync().state == REFUSED
    assert served(site) == good


def test_two_names_that_are_shown_alike_are_two_problems(made: Made, site: Site) -> None:
    both = {b"content/a\xff.md": b"1", b"content/a\\xff.md": b"2"}
    made.commit({**GOOD, **both})
    assert len(site.sync().problems) == 2
    made.commit({**GOOD, b"content/a\\xff.md": b"2"})
    report = site.sync()
    assert len(report.problems) == 1
    assert report.digest == site.sync(rebuild=True).digest


def test_a_commit_from_beyond_the_calendar_is_served(made: Made, site: Site) -> None:
    made.commit(GOOD, date="@999999999999 +0000")
    assert site.sync().state == APPLIED
    assert "Good" in site.text("/good/")


def test_a_draft_takes_no_address_and_no_document_redirects_to_itself(
    made: Made, site: Site
) -> None:
    draft = b"---\ndraft: true\npath: /x/\n---\n"
    public = b"---\npath: /x/\naliases: [/x/]\n---\n"
    made.commit({**GOOD, b"content/1.md": draft, b"content/2.md": public})
    site.sync()
    assert site.get("/x/").status == 200


def test_half_a_character_in_front_matter_is_no_crash(made: Made, site: Site) -> None:
    made.commit({**GOOD, b"content/j.json": b'{"title": "\\ud800", "x": "\\udfff"}'})
    assert site.sync().state == APPLIED


def test_an_empty_commit_is_refused(made: Made, site: Site) -> None:
    good = made.commit(GOOD)
    site.sync()
    made.commit({})
    assert site.sync().state == REFUSED
    assert served(site) == good


def test_a_configuration_alone_is_refused(made: Made, site: Site) -> None:
    made.commit({b"config.toml": CONFIG.encode()})
    assert site.sync().state == REFUSED
