"""Releases at the console: made, looked at, gone back to."""

import pytest
from django.conf import settings

from apps.gitsync.releases.refs import known, newest
from apps.gitsync.releases.release import Release
from tests.console.publishing.desks import Desk
from tests.console.stage import EVERYBODY
from tests.gitsync.consoles import ONE

PATH = "content/one.md"


def released(desk: Desk, cause: str) -> Release:
    """Of what is published now."""
    here = f"/admin/releases/promote/{settings.ENVIRONMENT}/{settings.ENVIRONMENT}/"
    base = desk.field(desk.get(here), "Check first", "base")
    assert "It would work." in desk.done(here, base=base, cause=cause, do="check")
    assert "Done: it is released." in desk.done(here, base=base, cause=cause, do="promote")
    found = newest(desk.console.git, settings.ENVIRONMENT)
    assert found and found.cause == cause
    return found


@pytest.mark.long
def test_going_back_shows_what_changes_and_is_a_release_of_its_own(desk: Desk) -> None:
    old = released(desk, "the first")
    desk.console.save(PATH, ONE.replace("first", "newer"))
    desk.console.sync(fetching=False)
    desk.publish()
    released(desk, "the second")
    listed = desk.get("/admin/releases/")
    assert "the first" in listed and "the second" in listed and "unsigned" in listed
    page = f"/admin/releases/of/{old.id}/"
    said = desk.get(page)
    assert "1 file of" in said and "newer" in said and old.pins.tree in said
    before, after = desk.frames(desk.get(desk.link(said, "before and after")))
    assert "newer" in before and "newer" not in after
    base = desk.field(said, "cause", "base")
    assert desk.post(page, base=base, cause=" ").status_code == 200
    assert newest(desk.console.git, settings.ENVIRONMENT).cause == "the second"  # type: ignore[union-attr]
    assert "Done: it is as it was." in desk.done(page, base=base, cause="it was better")
    back = newest(desk.console.git, settings.ENVIRONMENT)
    assert back and (back.restores, back.cause, back.author.split()[0]) == (
        old.id,
        "it was better",
        "ada",
    )
    assert "newer" not in desk.console.text("/one/")
    assert "held" in desk.get("/admin/releases/").lower()


@pytest.mark.long
def test_a_release_that_nobody_made_or_a_forged_base_changes_nothing(desk: Desk) -> None:
    release = released(desk, "the only one")
    before = known(desk.console.git)
    page = f"/admin/releases/of/{release.id}/"
    assert desk.post(page, base="forged", cause="why not").status_code == 400
    assert desk.client.get("/admin/releases/of/nothing/").status_code == 409
    assert desk.client.get("/admin/releases/promote/moon/mars/").status_code == 409
    assert known(desk.console.git) == before


@pytest.mark.long
def test_what_would_go_out_with_a_release_takes_the_right_to_publish(desk: Desk) -> None:
    forbid = '@id("no") forbid (principal, action == Action::"publish", resource);'
    desk.remote.commit({"policies/a.cedar": f"{EVERYBODY}\n{forbid}\n"})
    desk.console.sync()
    desk.console.save(PATH, ONE.replace("first", "not published"))
    desk.console.sync(fetching=False)
    head, page = (
        desk.head(),
        f"/admin/releases/promote/{settings.ENVIRONMENT}/{settings.ENVIRONMENT}/",
    )
    sent = {"base": desk.field(desk.get(page), "Check first", "base"), "cause": "all of it"}
    assert "It would work." in desk.done(page, **sent, do="check")
    assert desk.post(page, **sent, do="promote").status_code == 403
    assert desk.audit()[-1] == ("publish", f'Branch::"{settings.ENVIRONMENT}"', "deny")
    assert desk.head() == head and newest(desk.console.git, settings.ENVIRONMENT) is None
    desk.console.publish()
    assert "Done: it is released." in desk.done(page, **sent, do="promote")
