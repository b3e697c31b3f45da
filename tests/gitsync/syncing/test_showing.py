"""What visitors may read is decided once for each document and commit, and kept in its row."""

from collections.abc import Mapping
from pathlib import Path
from time import time

import cedarpy
import pytest

from apps.content import renderings
from apps.content.dates import from_timestamp
from apps.content.index import Index
from apps.content.index_writer import IndexWriter
from apps.gitsync.report import APPLIED, REFUSED
from apps.gitsync.syncing.showing import States
from apps.gitsync.trust.implying import FILE
from tests.content import entries
from tests.sites import CONFIG, Site, SiteRepository, body

TAGGED = "---\ntitle: {title}\ndate: {date}\ntags: [t]\naliases: [/old-{title}]\n---\nText\n"
PRIVATE = """
@id("private-section")
forbid (principal is Visitor, action == Action::"read", resource is Document)
when { resource.path like "content/private/*" };
"""
DRAFTS = """
@id("visitors-read-drafts")
permit (principal is Visitor, action == Action::"read", resource is Document)
when { resource.draft };
"""
NOBODY = """
@id("nobody-reads")
forbid (principal is Visitor, action == Action::"read", resource is Document);
"""
PUBLIC = "content/open.md"
HIDDEN = "content/private/hidden.md"
PATHS = ("/private/hidden/", "/old-Hidden", "/private/photo.png")


def page(title: str, date: str = "2020-01-01") -> str:
    return TAGGED.format(title=title, date=date)


@pytest.fixture
def files() -> dict[str, str | bytes | None]:
    return {
        "config.toml": CONFIG,
        PUBLIC: page("Open") + "See [it](private/hidden.md).\n",
        HIDDEN: page("Hidden"),
        "content/private/_index.md": "---\ntitle: Hidden section\n---\n",
        "content/private/photo.png": b"png",
    }


def served(repository: SiteRepository, site: Site, files: Mapping[str, str | bytes | None]) -> None:
    repository.commit(files)
    report = site.sync()
    assert report.state == APPLIED, report.problems


def everything(site: Site) -> str:
    return "".join(site.text(path) for path in ("/", "/tags/t/", "/feed/", "/open/", "/private/"))


def test_what_policy_keeps_from_visitors_is_nowhere(
    repository: SiteRepository, site: Site, files: dict[str, str | bytes | None]
) -> None:
    served(repository, site, {**files, "policies/site.cedar": PRIVATE})
    assert [site.get(path).status for path in PATHS] == [404] * len(PATHS)
    assert "Hidden" not in everything(site) and "/private/hidden/" not in everything(site)
    assert site.get("/open/").status == 200


def test_policies_that_change_decide_everything_anew(
    repository: SiteRepository, site: Site, files: dict[str, str | bytes | None]
) -> None:
    served(repository, site, files)
    assert (site.get("/private/hidden/").status, body(site.get("/private/photo.png"))) == (
        200,
        b"png",
    )
    assert site.get("/old-Hidden").status == 301
    served(repository, site, {"policies/site.cedar": PRIVATE})
    report = site.sync()
    assert [site.get(path).status for path in PATHS] == [404] * len(PATHS)
    rebuilt = site.sync(rebuild=True)
    assert rebuilt.digest == report.digest
    served(repository, site, {"policies/site.cedar": None})
    assert site.get("/private/hidden/").status == 200
    assert site.sync(rebuild=True).digest != report.digest


def test_what_is_dated_later_is_a_draft_until_then(
    repository: SiteRepository, site: Site, files: dict[str, str | bytes | None]
) -> None:
    moment = int(time()) + 86_400
    later, before = from_timestamp(moment), from_timestamp(moment - 1)
    served(repository, site, {**files, HIDDEN: page("Hidden", later)})
    assert site.get("/private/hidden/").status == 404
    assert "/private/hidden/" not in everything(site)
    index = Index(site.files)
    with index.snapshot(lambda *_: None, later) as reader:
        assert reader.document("/private/hidden/", "") is not None
        assert reader.alias("/old-Hidden") == "/private/hidden/"
    with index.snapshot(lambda *_: None, before) as reader:
        assert reader.document("/private/hidden/", "") is None
        assert reader.alias("/old-Hidden") is None
    served(repository, site, {"policies/site.cedar": DRAFTS})
    assert site.get("/private/hidden/").status == 200


def test_what_has_expired_is_a_draft_again(
    repository: SiteRepository, site: Site, files: dict[str, str | bytes | None]
) -> None:
    over = page("Hidden", "2020-01-01").replace("title", "expires: 2021-01-01\ntitle", 1)
    served(repository, site, {**files, HIDDEN: over})
    before = site.sync(rebuild=True).digest
    assert site.get("/private/hidden/").status == 404
    served(repository, site, {"policies/site.cedar": DRAFTS})
    assert site.get("/private/hidden/").status == 200
    drafts = site.sync().digest
    assert site.sync(rebuild=True).digest == drafts != before


def test_a_page_asks_policy_nothing(
    repository: SiteRepository,
    site: Site,
    files: dict[str, str | bytes | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    engine = cedarpy.is_authorized

    def counted(*args: object, **more: object) -> object:
        asked.append(args)
        return engine(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(cedarpy, "is_authorized", counted)
    served(repository, site, {**files, "policies/site.cedar": PRIVATE})
    assert asked
    site.live.current()
    asked.clear()
    everything(site)
    assert [site.get(path).status for path in PATHS] == [404] * len(PATHS)
    assert asked == []


def test_a_set_that_does_not_hold_never_becomes_current(
    repository: SiteRepository, site: Site, files: dict[str, str | bytes | None]
) -> None:
    served(repository, site, {**files, "policies/site.cedar": PRIVATE})
    good = site.live.current().commit
    case = '[[case]]\nprincipal = \'Visitor::"anonymous"\'\naction = "read"\n'
    case += 'resource = \'Document::"content/private/x.md"\'\nexpect = "allow"\n'
    for path, text, code in (
        ("policies/more.cedar", "permit (principal, action", "policy.syntax"),
        ("policies/more.cedar", '@id("a") permit (principal, action, resource is Nothing);', None),
        ("policies/roles.toml", "[roles", "policy.roles"),
        ("policies/tests/a.toml", case, "policy.test-failed"),
    ):
        repository.commit({path: text, PUBLIC: page("Changed")})
        report = site.sync()
        assert report.state == REFUSED, path
        assert code is None or [each.code for each in report.problems] == [code]
        assert all(each.path == path for each in report.problems)
        assert (site.live.current().commit, site.get("/private/hidden/").status) == (good, 404)
        repository.commit({path: None})
    assert site.sync().state == APPLIED
    assert site.get("/private/hidden/").status == 404


def test_policies_hold_in_a_repository_that_was_made_for_something_else(
    repository: SiteRepository, site: Site
) -> None:
    served(repository, site, {"a.md": "# Open\n", "policies/site.cedar": NOBODY})
    assert site.get("/a/").status == 404


def test_who_removes_a_file_is_asked_about_what_it_was(tmp_path: Path) -> None:
    files = entries.files(tmp_path)
    renderings.connect(files.renderings).close()
    writer = IndexWriter(files)
    entries.write(writer, entries.asset("media/a.png"), entries.page("draft", visibility="draft"))
    states = States(writer, [], "main")
    for path, kind, draft in (("media/a.png", FILE, False), ("media/new.png", "page", True)):
        assert [(each.type, each.draft) for each in states(path)] == [(kind, draft)]
    writer.close()
