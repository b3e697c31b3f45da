"""The dashboard over a real site: what is served, what waits, and what wants a look."""

from django.test import Client

from apps.console import node as nodes
from apps.gitsync.git.commits import Author
from apps.gitsync.writing.saving import save
from tests.console.stage import NOBODY, may
from tests.console.writing.desk import Desk

ADA = Author("Ada", "ada@example.org", "1700000000 +0000")


def shown(client: Client) -> str:
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_it_says_what_is_served_and_that_all_is_published(desk: Desk) -> None:
    page = shown(desk.enter())
    assert "A test site" in page and desk.commit[:10] in page
    assert "all that was saved here is published" in page
    assert "theme:plain" in page and "None: everything could be read." in page


def test_it_counts_what_is_saved_here_alone(desk: Desk) -> None:
    client = desk.enter()
    changes = {"content/new.md": b"---\ntitle: New\n---\n"}
    save(desk.site.source, changes, author=ADA, cause="Add a page", trailers={"Cause": "test"})
    assert "<strong>1</strong> saved change is only here" in shown(client)


def test_a_problem_leads_to_the_line_in_the_editor(desk: Desk) -> None:
    broken = {"content/bad.md": "---\ntitle: Bad\ndate: never\n---\n"}
    desk.repository.commit(broken)
    desk.site.sync()
    page = shown(desk.enter())
    assert 'content_2Fbad.md/change/?line=3">content/bad.md:3</a>' in page


def test_who_may_not_preview_sees_nothing_of_the_site(desk: Desk) -> None:
    desk.govern(NOBODY)
    page = shown(desk.enter())
    assert "A test site" not in page and "ask an owner of the site for a role" in page


def test_who_may_only_manage_people_sees_the_way_to_them(desk: Desk) -> None:
    desk.govern(may("principal", "manage-people"))
    page = shown(desk.enter())
    assert "/admin/console/account/" in page and "/admin/content/document/" not in page


def test_a_process_that_serves_nothing_says_so(desk: Desk) -> None:
    client = desk.enter()
    nodes.use(None)
    assert "serves no site" in shown(client)
