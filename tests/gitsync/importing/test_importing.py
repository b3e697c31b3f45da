import json
import re
from dataclasses import replace
from html import escape, unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.content.frontmatter import split
from apps.gitsync.errors import GitFault
from apps.gitsync.importing import judging
from apps.gitsync.importing.committing import sent
from apps.gitsync.importing.importing import BRANCH
from apps.gitsync.importing.outcomes import IMPORTED, REFUSED, UNCHANGED, WOULD, Outcome
from tests import wxr
from tests.gitsync.consoles import Console
from tests.gitsync.importing.imports import ADA, Importer, told
from tests.sites import SiteRepository

REF = f"refs/heads/{BRANCH}"
BOMB = b'<!DOCTYPE rss [<!ENTITY a "b">]><rss>&a;</rss>'
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=30)


def test_an_export_is_one_commit_on_a_branch_and_the_second_import_is_empty(
    importer: Importer,
) -> None:
    parts = [wxr.item(1, body="a\n\nb"), wxr.item(2, type="page", slug="about")]
    first = importer.run(*parts)
    assert (first.state, importer.git.resolve(REF)) == (IMPORTED, first.commit)
    assert importer.git.resolve(f"{first.commit}^") == importer.git.resolve("origin/main")
    assert importer.text(first.commit, "content/posts/2020-05-06-post-1.html") == (
        '---\ntitle: Post 1\ndate: "2020-05-06T09:00:00+02:00"\nauthors:\n  - Ada Lovelace\n'
        'path: "/post-1/"\nwordpress_id: 1\nwordpress_type: post\n'
        'wordpress_guid: "https://old.example/?p=1"\n---\n<p>a</p>\n<p>b</p>\n'
    )
    assert "content/about.html" in importer.paths(first.commit)
    second = importer.run(*parts)
    assert (second.state, second.files, importer.git.resolve(REF)) == (UNCHANGED, 0, first.commit)
    assert {each.outcome for each in second.items} == {Outcome.UNCHANGED}


def test_the_same_file_makes_the_same_tree_whatever_was_on_the_way(importer: Importer) -> None:
    one = importer.run(wxr.item(1), branch="one")
    two = importer.run(wxr.item(1), branch="two")
    assert one.commit == two.commit


def test_a_dry_run_says_the_same_and_writes_nothing(importer: Importer) -> None:
    before = importer.refs()
    would = importer.run(wxr.item(1), dry_run=True)
    assert (would.state, importer.refs()) == (WOULD, before)
    assert would.items == importer.run(wxr.item(1)).items


@pytest.mark.parametrize("content", [BOMB, wxr.export(wxr.item())[:-9], b"PK\x03\x04", b""])
def test_a_file_that_cannot_be_read_writes_nothing(importer: Importer, content: bytes) -> None:
    path, before = importer.folder / "bad.xml", importer.refs()
    path.write_bytes(content)
    with pytest.raises(GitFault, match=r"^line 1:|^line \d+: this is not XML"):
        importer.file(path)
    assert importer.refs() == before


@pytest.mark.long
def test_what_a_person_changed_since_is_left_and_told(importer: Importer, ada: Console) -> None:
    path = "content/posts/2020-05-06-post-1.html"
    importer.run(wxr.item(1), wxr.item(2), branch="main")
    ada.save(path, "---\ntitle: Mine\n---\nmine\n")
    ada.save("content/posts/2020-05-06-post-2.html", None)
    again = importer.run(wxr.item(1, title="New"), wxr.item(2), branch="main")
    assert [each.outcome for each in again.items[:2]] == [Outcome.KEPT, Outcome.KEPT]
    assert (again.state, again.commit) == (UNCHANGED, None)
    theirs = importer.run(wxr.item(1, title="New"), wxr.item(2), branch="main", theirs=True)
    assert "title: New" in importer.text(theirs.commit, path)
    assert "content/posts/2020-05-06-post-2.html" in importer.paths(theirs.commit)


def test_a_newer_export_changes_what_nobody_touched_where_it_is(importer: Importer) -> None:
    importer.run(wxr.item(1), wxr.item(2))
    newer = importer.run(wxr.item(1, slug="other", title="Newer"), wxr.item(2), wxr.item(3))
    assert newer.files == 3
    assert told(newer, 1).path == "content/posts/2020-05-06-post-1.html"
    assert told(newer, 2).outcome is Outcome.UNCHANGED
    assert "/other/" in importer.text(newer.commit, told(newer, 1).path)


def test_a_branch_goes_on_until_it_was_merged(importer: Importer, remote: SiteRepository) -> None:
    first = importer.run(wxr.item(1))
    remote.commit({"content/two.md": "# Two\n"})
    importer.site.sync()
    second = importer.run(wxr.item(1), wxr.item(2))
    assert importer.git.resolve(f"{second.commit}^") == first.commit
    assert sent(importer.site.local, second).published
    assert remote.git.resolve(REF) == second.commit
    merge = remote.git.write_commit(
        f"{second.commit}^{{tree}}",
        [str(remote.git.resolve("main")), str(second.commit)],
        "Merge\n",
        ADA.as_environment(),
    )
    remote.git.set("refs/heads/main", merge)
    importer.site.sync()
    third = importer.run(wxr.item(1), wxr.item(2), wxr.item(3))
    assert importer.git.resolve(f"{third.commit}^") == merge
    assert not sent(importer.site.local, replace(third, branch="none")).published


@pytest.mark.parametrize("at_once", [judging.AT_ONCE, 0])
def test_a_commit_that_no_server_would_serve_is_not_made(
    importer: Importer, ada: Console, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "AT_ONCE", at_once)
    types = "[whispercms.types.post]\nsection = ['posts']\nstrict = true\n"
    ada.save("config.toml", f"[whispercms]\n{types}fields.need = {{ required = true }}\n")
    before = importer.refs()
    report = importer.run(wxr.item(1))
    assert (report.state, report.commit, importer.refs()) == (REFUSED, None, before)
    assert report.problems[0].path == "content/posts/2020-05-06-post-1.html"


@pytest.mark.parametrize("at_once", [judging.AT_ONCE, 0])
def test_what_is_wrong_with_a_document_is_told(
    importer: Importer, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "AT_ONCE", at_once)
    report = importer.run(wxr.item(1, body="<script>alert(1)</script>"), wxr.item(2))
    assert [each.code for each in report.problems] == ["markup.left-out"]


@pytest.mark.long
def test_a_text_that_is_too_long_is_left_out(importer: Importer) -> None:
    report = importer.run(wxr.item(1, body="🦊" * 600_000), wxr.item(2, body="a" * 1_900_001))
    assert [told(report, n).outcome for n in (1, 2)] == [Outcome.LEFT_OUT, Outcome.LEFT_OUT]


def test_galleries_and_blocks_cannot_make_a_text_long_without_end(importer: Importer) -> None:
    block = wxr.item(9, type="wp_block", body="a" * 90_000)
    report = importer.run(block, wxr.item(1, body='<!-- wp:block {"ref":9} /-->' * 50))
    path = "content/posts/2020-05-06-post-1.html"
    assert len(importer.text(report.commit, path)) < 200_000
    assert "made it too long: 48" in " ".join(told(report, 1).reasons)


def test_a_site_of_another_layout_is_told_so(importer: Importer, ada: Console) -> None:
    ada.save("config.toml", '[whispercms]\nlayout = "jekyll"\n')
    with pytest.raises(GitFault, match="another layout"):
        importer.run(wxr.item(1))


def test_who_may_see_a_document_does_not_change(importer: Importer) -> None:
    said = {1: "publish", 2: "draft", 3: "pending", 4: "private", 5: "trash", 6: "auto-draft"}
    said |= {7: "odd", 8: "future"}
    parts = [wxr.item(n, status=status) for n, status in said.items()]
    report = importer.run(*parts, wxr.item(9, password="x"), wxr.item(10, type="revision"))
    found = {
        n: re.findall(r"^(?:draft|visibility): (\w+)$", importer.text(report.commit, path), re.M)
        for n in (1, 2, 3, 4, 7, 8, 9)
        for path in [told(report, n).path]
    }
    hidden = {2: ["true"], 3: ["true"], 4: ["private"], 7: ["true"], 9: ["private"]}
    assert found == {1: [], 8: [], **hidden}
    assert all(told(report, n).outcome is Outcome.LEFT_OUT for n in (5, 6, 10))
    assert all(told(report, n).reasons for n in said if n != 1)


def test_nobody_finds_addresses_of_people_in_the_repository(importer: Importer) -> None:
    comments = wxr.comment(1, "hi") + wxr.comment(2, "buy", "spam") + wxr.comment(3, "?", "0")
    report = importer.run(wxr.item(1, more=comments))
    whole = importer.git.plumb("grep", "-c", "-e", "private.example", str(report.commit), most=1)
    assert whole == b""
    path = "data/comments/posts/2020-05-06-post-1.json"
    found = json.loads(importer.text(report.commit, path))["comments"]
    assert [(each["id"], each["approved"], each["text"]) for each in found] == [
        ("1", True, "hi"),
        ("3", False, "?"),
    ]
    assert report.counts()["comment"] == {"held": 3, "left out": 1, "written": 2}


def test_menus_and_taxonomies_are_added_to_the_configuration_once(
    importer: Importer, ada: Console
) -> None:
    def line(number: int, url: str, **said: object) -> str:
        more = wxr.term("nav_menu", "top", "Top") + wxr.meta("_menu_item_type", "custom")
        more += wxr.meta("_menu_item_url", url)
        return wxr.item(number, type="nav_menu_item", more=more, **said)

    parts = [
        wxr.category("news", "News"),
        wxr.item(1, more=wxr.term("category", "news", "News")),
        line(20, "https://old.example/post-1/#x", order=2),
        line(21, "#", order=1),
        line(22, "javascript:alert(1)"),
    ]
    report = importer.run(*parts, branch="main")
    config = importer.text(report.commit, "config.toml")
    assert 'taxonomies = ["tags", "categories"]' in config
    assert re.findall(r'url = "(.*)"', config) == ["/post-1/", "/"]
    assert told(report, 22).outcome is Outcome.LEFT_OUT
    ada.save("config.toml", config.replace("/post-1/", "/mine/"))
    again = importer.run(*parts, branch="main")
    assert (again.state, told(again, 20).outcome) == (UNCHANGED, Outcome.KEPT)


@pytest.mark.long
def test_an_export_in_parts_comes_together(importer: Importer, ada: Console) -> None:
    first, second = wxr.category("a", "A"), wxr.category("b", "B")
    importer.run(first, wxr.item(1), branch="main")
    importer.run(second, wxr.item(2), branch="main")
    terms = json.loads(importer.text("refs/heads/main", "data/wordpress/terms.json"))["terms"]
    assert [each["slug"] for each in terms] == ["a", "b"]
    assert importer.run(first, wxr.item(1), branch="main").state == UNCHANGED
    ada.save("data/wordpress/terms.json", '{"terms": [1]}')
    assert importer.run(first, branch="main", theirs=True).state == IMPORTED


def test_things_that_share_a_number_are_told(importer: Importer) -> None:
    report = importer.run(wxr.item(1), wxr.item(1, title="Twin"), wxr.item("x"))  # type: ignore[arg-type]
    outcomes = [str(each.outcome) for each in report.items if each.kind == "post"]
    assert outcomes == ["written", "left out", "left out"]


@pytest.mark.long
@given(title=TEXT, body=TEXT)
@settings(
    max_examples=5,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
def test_texts_of_any_script_reach_the_repository(
    importer: Importer, title: str, body: str
) -> None:
    item = wxr.item(1, title=escape(title), body=f"<pre>{escape(body)}</pre>")
    report = importer.run(item, branch="main", theirs=True)
    path = "content/posts/2020-05-06-post-1.html"
    found = importer.text(report.commit or importer.git.resolve("refs/heads/main"), path)
    assert unescape(found.split("<pre>")[1].split("</pre>")[0]) == body
    assert split(found).front.get("title", "") == " ".join(title.split())
