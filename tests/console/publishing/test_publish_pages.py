"""What will go out, and its going out."""

import re

import pytest

from apps.console.csp import HEADER
from apps.gitsync.errors import RemoteFault
from apps.gitsync.writing import publishing
from apps.gitsync.writing.saving import save
from tests.console.behind import REFUSED, break_site
from tests.console.publishing.desks import Desk
from tests.console.stage import may
from tests.gitsync.consoles import ONE, Console

PATH = "content/one.md"


def test_what_will_go_out_is_told_in_words_and_published(desk: Desk) -> None:
    commit = desk.console.save("content/one.md", ONE.replace("third", "third thing"))
    desk.console.sync(fetching=False)
    said = desk.get("/admin/publishing/")
    assert "1 saved change will go out" in said and "Edit content/one.md" in said
    assert "third<ins> thing</ins>" in said
    assert "Yes: a server would take it" in desk.get("/admin/publishing/verdict/?part=1")
    assert "Published." in desk.publish()
    assert desk.head() == commit


@pytest.mark.long
def test_a_page_in_a_frame_has_the_pictures_and_styles_of_its_own_commit(desk: Desk) -> None:
    page = "# Two\n\n![A](/media/a.svg)\n"
    picture = "<svg xmlns='http://www.w3.org/2000/svg'><desc>%s</desc></svg>"
    desk.remote.commit({"content/two.md": page, "media/a.svg": picture % "old"})
    desk.console.sync()
    desk.console.save("media/a.svg", picture % "new")
    desk.console.save("content/two.md", page + "More.\n")
    desk.console.sync(fetching=False)
    shown = desk.frames(desk.get(desk.link(desk.get("/admin/publishing/"), "before and after")))
    for page, wanted in zip(shown, ("old", "new"), strict=True):
        (source,) = re.findall(r'src="(/admin/publishing/at/[^"]*a.svg)"', page)
        assert wanted in desk.get(source)
        style = re.findall(r'href="(/admin/publishing/at/[^"]*css)"', page)[0]
        said = desk.client.get(style)
        assert said["Content-Type"].startswith("text/css") and "sandbox" in said[HEADER]
    assert desk.client.get(source.replace("/at/", "/at/x")).status_code == 404


@pytest.mark.long
def test_both_versions_of_a_picture_are_shown(desk: Desk) -> None:
    save(
        desk.console.source,
        {"media/a.png": b"\x89PNG\r\n\x1a\nnew", "media/b.bin": b"\0"},
        author=desk.console.author,
        cause="Add pictures",
        trailers={"Cause": "test"},
    )
    desk.console.sync(fetching=False)
    said = desk.get("/admin/publishing/")
    (source,) = re.findall(r'src="(/admin/publishing/picture/[^"]*a.png)"', said)
    answer = desk.client.get(source)
    assert answer.content.endswith(b"new") and answer["Content-Type"] == "image/png"
    for other in ("b.bin", "c.png"):
        assert desk.client.get(source.replace("a.png", other)).status_code == 404
    assert desk.client.get(source.replace("commit=", "commit=x")).status_code == 404


@pytest.mark.long
def test_pages_are_shown_as_they_were_and_as_they_will_be(desk: Desk) -> None:
    desk.console.save("content/one.md", ONE.replace("first", "better"))
    desk.console.save("content/two.md", "# Two\n\nnew page\n")
    desk.console.sync(fetching=False)
    said = desk.get(desk.link(desk.get("/admin/publishing/"), "before and after"))
    assert "/two/" in said and "There was no such page." not in said
    before, after = desk.frames(said)
    assert "first" in before and "better" not in before
    assert "better" in after
    (new,) = desk.frames(desk.get(desk.link(said, ">Two<")))
    assert "new page" in new
    commits = {name: desk.field(said, "pages/all/", name) for name in ("old", "new")}
    everything = desk.done("/admin/publishing/pages/all/", **commits)
    assert all(f">{each}<" in everything for each in ("/", "/one/", "/two/"))


def test_no_commit_can_be_looked_at_but_those_that_were_linked_to(desk: Desk) -> None:
    for path in ("pages/?old=HEAD&new=HEAD", "frame/?commit=HEAD&at=/"):
        assert desk.client.get(f"/admin/publishing/{path}").status_code == 404


@pytest.mark.long
def test_what_is_wrong_is_told_before_and_nothing_is_sent(desk: Desk) -> None:
    head = desk.head()
    desk.console.save("config.toml", "[whispercms\n")
    for said in (desk.get("/admin/publishing/verdict/"), desk.publish()):
        assert "config.toml:1" in said and "config.syntax" in said
    assert desk.head() == head


@pytest.mark.long
def test_without_the_remote_it_waits_and_goes_out_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise RemoteFault("remote.unreachable", "the remote does not answer", "Try again later")

    commit = desk.console.save(PATH, ONE.replace("first", "written offline"))
    desk.console.sync(fetching=False)
    with monkeypatch.context() as offline:
        offline.setattr(publishing, "fetch", away)
        assert "It is kept, and will be sent." in desk.publish()
        assert "Try now" in desk.get("/admin/publishing/")
    assert "Published." in desk.publish()
    assert desk.head() == commit


@pytest.mark.long
def test_one_file_is_taken_back_and_the_others_stay(desk: Desk) -> None:
    desk.console.save(PATH, ONE.replace("first", "regretted"))
    desk.console.save("content/two.md", "# Two\n")
    desk.console.sync(fetching=False)
    fields = {"path": PATH, "base": desk.taken_back_base(PATH)}
    assert desk.post("/admin/publishing/take-back/", **fields).status_code == 302
    commit = desk.console.at.own or ""
    assert desk.console.text_of(PATH, commit) == ONE
    assert desk.console.text_of("content/two.md", commit) == "# Two\n"
    said = desk.get("/admin/publishing/")
    assert "Take back content/one.md" in said and "1 file changes" in said
    fields = {"path": "content/two.md", "base": desk.taken_back_base("content/two.md")}
    desk.post("/admin/publishing/take-back/", **fields)
    assert "0 files change" in desk.get("/admin/publishing/")
    assert desk.post("/admin/publishing/take-back/", **fields).status_code == 409


@pytest.mark.long
def test_what_others_published_is_fetched_when_somebody_asks(desk: Desk, bob: Console) -> None:
    bob.save("content/bobs.md", "# By bob\n")
    bob.publish()
    assert "You have what others published now." in desk.done("/admin/publishing/update/")
    assert "By bob" in desk.console.text("/bobs/")
    assert "You have everything" in desk.done("/admin/publishing/update/")


@pytest.mark.long
def test_what_was_saved_since_somebody_looked_is_not_published_unseen(desk: Desk) -> None:
    desk.console.save(PATH, ONE.replace("first", "seen"))
    base = desk.field(desk.get("/admin/publishing/"), "/publishing/now/", "base")
    desk.console.save(PATH, ONE.replace("first", "not seen"))
    head = desk.head()
    said = desk.post("/admin/publishing/now/", base=base)
    assert (said.status_code, said["Location"]) == (302, "/admin/publishing/")
    assert "Something was saved since you looked" in desk.get("/admin/publishing/")
    assert desk.head() == head


@pytest.mark.long
def test_whoever_may_only_look_may_not_publish_update_or_take_back(desk: Desk) -> None:
    policy = may("principal", "preview")
    roles = "[roles]\n"
    desk.remote.commit({"policies/a.cedar": policy, "policies/roles.toml": roles})
    desk.console.sync()
    desk.console.save(PATH, ONE.replace("first", "mine"))
    desk.console.sync(fetching=False)
    head, own = desk.head(), desk.console.at.own
    base = desk.field(desk.get("/admin/publishing/"), "/publishing/now/", "base")
    for path, fields in (
        ("now/", {"base": base}),
        ("update/", {}),
        ("take-back/", {"path": PATH, "base": desk.taken_back_base(PATH)}),
    ):
        assert desk.post(f"/admin/publishing/{path}", **fields).status_code == 403
    assert (desk.head(), desk.console.at.own) == (head, own)
    assert {each[2] for each in desk.audit()} == {"deny"}


@pytest.mark.long
def test_what_is_taken_back_and_not_served_yet_is_told_as_such(desk: Desk) -> None:
    desk.console.save(PATH, ONE.replace("first", "regretted"))
    break_site(desk.console.source)
    fields = {"path": PATH, "base": desk.taken_back_base(PATH)}
    assert desk.post("/admin/publishing/take-back/", **fields).status_code == 302
    assert desk.console.text_of(PATH, desk.console.at.own or "") == ONE
    said = desk.get("/admin/publishing/")
    assert "Taken back:" in said and REFUSED in said
