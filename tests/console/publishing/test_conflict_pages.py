"""Two authors changed the same: one decides at the console."""

import pytest

from apps.gitsync.merging.resolving import list_conflicts
from tests.console.behind import REFUSED, break_site
from tests.console.publishing.desks import Desk
from tests.gitsync.consoles import ONE, Console

PATH = "content/one.md"


@pytest.fixture
def page(desk: Desk, bob: Console) -> str:
    """Bob has published; ada, who changed the same title and paragraph, has tried to."""
    bob.save(PATH, ONE.replace("first", "by bob").replace("title: One", "title: Bobs"))
    bob.publish()
    desk.console.save(PATH, ONE.replace("first", "by ada").replace("title: One", "title: Adas"))
    desk.console.sync(fetching=False)
    said = desk.publish()
    assert "Others changed the same as you." in said
    (conflict,) = list_conflicts(desk.console.git)
    return f"/admin/publishing/conflicts/{conflict.id}/"


@pytest.mark.long
def test_each_place_is_decided_by_itself_and_the_result_published(desk: Desk, page: str) -> None:
    said = desk.get(page)
    assert "by ada" in said and "by bob" in said and "2 places are not decided yet" in said
    base = desk.field(said, "data-merge", "base")
    choices = {"choice-1.1": "theirs", "choice-1.2": "both", "base": base}
    shown = desk.post(page, do="preview", **choices).content.decode()
    assert "title: Bobs" in shown and "by ada\n\nby bob" in shown
    assert desk.post(page, do="resolve", **choices).status_code == 302
    commit = desk.console.at.own
    assert commit and "by ada\n\nby bob\n\nsecond" in desk.console.text_of(PATH, commit)
    parents = desk.console.git.run("rev-list", "--parents", "-n1", commit).decode().split()[1:]
    assert len(parents) == 2
    author = desk.console.git.run("log", "-1", "--format=%an", commit).decode().strip()
    assert author == "ada"
    assert "Published." in desk.publish() and desk.head() == commit


@pytest.mark.long
def test_what_is_not_decided_or_forged_changes_nothing(desk: Desk, page: str) -> None:
    own, base = desk.console.at.own, desk.field(desk.get(page), "data-merge", "base")
    for fields, status in (
        ({"base": base, "choice-1.1": "ours"}, 409),
        ({"base": base, "choice-1.1": "ours", "choice-1.2": "nonsense"}, 409),
        ({"base": "forged", "choice-1.1": "ours", "choice-1.2": "ours"}, 400),
        ({"choice-1.1": "ours", "choice-1.2": "ours"}, 400),
    ):
        assert desk.post(page, do="resolve", **fields).status_code == status
    assert desk.console.at.own == own and len(list_conflicts(desk.console.git)) == 1


@pytest.mark.long
def test_own_words_and_a_whole_text_are_taken(desk: Desk, page: str) -> None:
    base = desk.field(desk.get(page), "data-merge", "base")
    whole = ONE.replace("first", "by all of us")
    choices = {"choice-1.1": "ours", "choice-1.2": "text", "text-1.2": "by both\r\n"}
    shown = desk.post(page, do="preview", base=base, **choices).content.decode()
    assert "title: Adas" in shown and "by both\n\nsecond" in shown
    edited = {"edited-1": "yes", "result-1": whole.replace("\n", "\r\n")}
    assert desk.post(page, do="resolve", base=base, **choices, **edited).status_code == 302
    assert desk.console.text_of(PATH, desk.console.at.own or "") == whole


@pytest.mark.long
def test_a_conflict_that_is_another_now_leads_on(desk: Desk, page: str) -> None:
    base = desk.field(desk.get(page), "data-merge", "base")
    desk.console.save(PATH, ONE.replace("first", "later"))
    said = desk.post(page, do="resolve", base=base, **{"choice-1.1": "ours", "choice-1.2": "ours"})
    assert said.status_code == 409 and "Publish again" in said.content.decode()
    assert "out of date" in desk.get("/admin/publishing/conflicts/")


@pytest.mark.long
@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_a_file_that_one_removed_and_the_other_changed_stays_or_goes(
    desk: Desk, bob: Console, side: str
) -> None:
    bob.save("content/other.md", "# Other\n")
    bob.save(PATH, None)
    bob.publish()
    desk.console.save(PATH, ONE.replace("first", "by ada"))
    desk.console.sync(fetching=False)
    desk.publish()
    (conflict,) = list_conflicts(desk.console.git)
    page = f"/admin/publishing/conflicts/{conflict.id}/"
    said = desk.get(page)
    assert "The file as a whole" in said and "1 place is not decided yet" in said
    base = desk.field(said, "data-merge", "base")
    choice = {"base": base, "choice-1": side}
    assert desk.post(page, do="preview", **choice).status_code == 200
    own_words = {"base": base, "choice-1": "text", "text-1": "my own"}
    assert desk.post(page, do="resolve", **own_words).status_code == 409
    assert desk.post(page, do="resolve", **choice).status_code == 302
    files = desk.console.git.tree(desk.console.at.own or "")
    assert (PATH.encode() in {each.path for each in files}) == (side == "ours")


@pytest.mark.long
def test_a_conflict_can_wait(desk: Desk, page: str) -> None:
    desk.get(page)
    assert desk.post(f"{page}forget/").status_code == 302
    assert "Nothing has to be decided." in desk.get("/admin/publishing/conflicts/")
    assert "Others changed the same as you." in desk.publish()


@pytest.mark.long
def test_a_decision_that_is_not_served_yet_is_told_as_such(desk: Desk, bob: Console) -> None:
    bob.save(PATH, ONE.replace("first", "by bob"))
    bob.publish()
    desk.console.save(PATH, ONE.replace("first", "by ada"))
    desk.publish()
    break_site(desk.console.source)
    desk.publish()
    conflict = list_conflicts(desk.console.git)[-1]
    page = f"/admin/publishing/conflicts/{conflict.id}/"
    choice = {"base": desk.field(desk.get(page), "data-merge", "base"), "choice-1.1": "ours"}
    assert desk.post(page, do="resolve", **choice).status_code == 302
    said = desk.get("/admin/publishing/")
    assert "Decided, and saved as" in said and REFUSED in said
