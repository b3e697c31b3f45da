import re
from html import unescape
from pathlib import Path

import pytest

from apps.gitsync.importing.outcomes import Outcome
from tests import wxr
from tests.gitsync.consoles import Console
from tests.gitsync.importing.imports import Importer, told
from tests.pictures import picture
from tests.sites import body

OLD = "https://old.example"
PICTURE = picture(form="PNG")
UPLOADS = "wp-content/uploads"


def served(importer: Importer, *parts: str, uploads: Path | None = None) -> Console:
    """The site after an import into the branch that it serves."""
    importer.run(*parts, branch="main", uploads=uploads)
    importer.site.sync(fetching=False)
    assert isinstance(importer.site, Console)
    return importer.site


def answer(site: Console, path: str) -> tuple[int, str]:
    reply = site.get(path)
    return reply.status, dict(reply.headers).get("location", "")


def test_every_page_answers_where_it_was(importer: Importer) -> None:
    links = ["2020/05/06/a/", "a/b/c.html", "%CE%B1/", "Big/Case/", "no-slash"]
    site = served(importer, *(wxr.item(n, link=f"{OLD}/{link}") for n, link in enumerate(links, 1)))
    for link in links:
        status, target = answer(site, f"/{link}")
        if status == 301:
            status, _ = answer(site, target)
        assert status == 200, link


def test_what_was_written_is_what_visitors_read(importer: Importer) -> None:
    text = "1 < 2 & 3 > \\n \\ ]]> 🦊👩‍👩‍👧 é “x” 'y' \"z\" {{ a }} {% b %} $1"
    quoted = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    site = served(importer, wxr.item(1, title=quoted, body=f"<p>{quoted}</p>"))
    page = site.text("/post-1/")
    title = re.search("<h1[^>]*>(.*?)</h1>", page, re.S)
    shown = re.search("<p>(1 .*?)</p>", page, re.S)
    assert title and unescape(title[1]).strip() == text
    assert shown and unescape(shown[1]) == text


def test_old_slugs_lists_and_pages_of_files_redirect(importer: Importer) -> None:
    site = served(
        importer,
        wxr.category("up", "Up"),
        wxr.category("news", "Newest news", parent="up"),
        wxr.item(
            1,
            link=f"{OLD}/2020/new/",
            more=wxr.meta("_wp_old_slug", "old") + wxr.term("category", "news", "Newest news"),
        ),
        wxr.attachment(2, "2020/a.jpg", link=f"{OLD}/2020/new/a/"),
    )
    assert answer(site, "/2020/old/") == (301, "/2020/new/")
    assert answer(site, "/category/up/news/") == (301, "/categories/newest-news/")
    assert answer(site, "/categories/newest-news/")[0] == 200
    assert answer(site, "/2020/new/a/") == (301, f"{OLD}/{UPLOADS}/2020/a.jpg")


def test_files_come_over_and_links_lead_to_them(importer: Importer, tmp_path: Path) -> None:
    (tmp_path / "files" / "2020").mkdir(parents=True)
    (tmp_path / "files" / "2020" / "a.png").write_bytes(PICTURE)
    text = (
        f'<a href="{OLD}/?attachment_id=2"><img src="http://www.old.example/{UPLOADS}/2020/'
        f'a-300x200.png" width="300"></a> <a href="/two/#part">two</a> <a href="{OLD}/?p=3">3</a>'
        f' <a href="{OLD}/gone/">gone</a> <a href="https://old.example.evil/two/">evil</a>'
        "\n\n[gallery]"
    )
    site = served(
        importer,
        wxr.item(1, body=text, link=f"{OLD}/one/", more=wxr.meta("_thumbnail_id", "2")),
        wxr.attachment(2, "2020/a.png", parent=1, link=f"{OLD}/one/a/", excerpt="A <b>fox</b>"),
        wxr.item(3, link=f"{OLD}/two/"),
        uploads=tmp_path / "files",
    )
    page = importer.text("refs/heads/main", "content/posts/2020-05-06-post-1.html")
    assert 'image: "/media/2020/a.png"' in page
    assert '<a href="/media/2020/a.png"><img src="/media/2020/a.png" width="300"></a>' in page
    assert '<a href="/two/#part">two</a> <a href="/two/">3</a>' in page
    assert f'<a href="{OLD}/gone/">gone</a> <a href="https://old.example.evil/two/">' in page
    assert "<figcaption>A <b>fox</b></figcaption>" in page
    assert body(site.get("/media/2020/a.png")) == PICTURE
    assert answer(site, "/one/a/") == (301, "/media/2020/a.png")
    assert answer(site, f"/{UPLOADS}/2020/a.png") == (301, "/media/2020/a.png")


@pytest.mark.parametrize(
    ("link", "word"),
    [
        (f"{OLD}/?p=1", "a query"),
        (f"{OLD}/", "front page"),
        (f"{OLD}/admin/x/", "cannot be one here"),
        (f"{OLD}/%00/", "cannot be one here"),
        (f"{OLD}/{'a' * 1100}/", "cannot be one here"),
        ("https://elsewhere.example/x/", "no address of this site"),
        ("https://[", "no address of this site"),
        (f"{OLD}/one/", "content/one.md has its old address /one/"),
    ],
)
def test_an_address_that_cannot_stay_is_told(importer: Importer, link: str, word: str) -> None:
    report = importer.run(wxr.item(1, link=link))
    found = told(report, 1)
    assert (found.outcome, found.address) == (Outcome.WRITTEN, "")
    assert word in " ".join(found.reasons)


def test_of_two_for_one_address_and_one_file_the_first_has_both(importer: Importer) -> None:
    report = importer.run(
        wxr.item(1, slug="same", link=f"{OLD}/x/"), wxr.item(2, slug="same", link=f"{OLD}/x/")
    )
    one, two = told(report, 1), told(report, 2)
    assert (one.address, two.address) == ("/x/", "")
    assert two.path == "content/posts/2020-05-06-same-2.html"


def test_pages_stand_below_their_parents_and_never_in_a_circle(importer: Importer) -> None:
    report = importer.run(
        wxr.item(1, type="page", slug="a", parent=2),
        wxr.item(2, type="page", slug="b", parent=1),
        wxr.item(3, type="page", slug="index", parent=1),
        wxr.item(4, type="port-folio", slug="d"),
    )
    assert told(report, 1).path == "content/b/a.html"
    assert told(report, 3).path == "content/b/a/page-3.html"
    assert told(report, 4).path == "content/port-folio/d.html"


def test_a_block_that_is_used_again_stands_where_it_is_used(importer: Importer) -> None:
    report = importer.run(
        wxr.item(9, type="wp_block", body=f'<p><a href="{OLD}/post-1/">again</a></p>'),
        wxr.item(1, body='<!-- wp:block {"ref":9} /-->'),
    )
    path = "content/posts/2020-05-06-post-1.html"
    assert '<a href="/post-1/">again</a>' in importer.text(report.commit, path)
    assert told(report, 9).outcome is Outcome.LEFT_OUT
