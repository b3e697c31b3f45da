"""What is published is what a server takes; what is not published stays where it was."""

from typing import Any

import pytest

from apps.gitsync.errors import RefMoved, RemoteFault
from apps.gitsync.merging.resolving import list_conflicts
from apps.gitsync.writing.publication import CONFLICT, PUBLISHED, QUEUED, REFUSED, UNCHANGED, WOULD
from apps.gitsync.writing.publishing import publish_asked
from tests.gitsync.consoles import ONE, Console
from tests.sites import SiteRepository


def tip(remote: SiteRepository) -> str | None:
    return remote.git.resolve("refs/heads/main")


def test_own_commits_go_to_the_remote_and_are_own_no_longer(
    ada: Console, remote: SiteRepository
) -> None:
    commit = ada.save("content/one.md", ONE.replace("first", "changed"))
    report = ada.publish()
    assert (report.state, report.new, report.commits) == (PUBLISHED, commit, 1)
    assert tip(remote) == commit
    assert (ada.at.own, ada.at.asked) == (None, None)
    assert ada.unpublished == 0
    assert ada.publish().state == UNCHANGED


def test_a_dry_run_moves_nothing(ada: Console, remote: SiteRepository) -> None:
    before = tip(remote)
    commit = ada.save("content/two.md", "# Two\n")
    assert ada.publish(dry_run=True).state == WOULD
    assert (tip(remote), ada.at.own, ada.at.asked) == (before, commit, None)


def test_what_others_published_is_merged_with_theirs_as_the_first_parent(
    ada: Console, bob: Console, remote: SiteRepository
) -> None:
    theirs = bob.save("content/one.md", ONE.replace("third", "by bob"))
    bob.publish()
    ours = ada.save("content/one.md", ONE.replace("first", "by ada"))
    report = ada.publish()
    assert (report.state, report.merged, report.commits) == (PUBLISHED, True, 2)
    parents = remote.git.run("rev-list", "--parents", "-n1", "main").decode().split()[1:]
    assert parents == [theirs, ours]
    text = ada.text_of("content/one.md", report.new or "")
    assert "by bob" in text and "by ada" in text
    assert ada.at.own is None
    assert ada.sync().new == report.new


def test_what_no_server_would_take_is_not_pushed(ada: Console, remote: SiteRepository) -> None:
    before = tip(remote)
    commit = ada.save("config.toml", '[whispercms]\ntitle = "x"\nnonsense = 1\n')
    report = ada.publish()
    assert report.state == REFUSED
    assert [(p.path, p.line, p.code) for p in report.problems] == [
        ("config.toml", 3, "config.unknown-key")
    ]
    assert (tip(remote), ada.at.own, ada.at.asked) == (before, commit, None)


@pytest.mark.long
def test_a_conflict_leaves_both_sides_as_they_are(
    ada: Console, bob: Console, remote: SiteRepository
) -> None:
    bob.save("content/one.md", ONE.replace("first", "by bob"))
    theirs = bob.publish().new
    ours = ada.save("content/one.md", ONE.replace("first", "by ada"))
    report = ada.publish()
    assert report.state == CONFLICT
    assert "content/one.md" in report.reason
    assert [each.id for each in list_conflicts(ada.git)] == [report.conflict]
    assert (tip(remote), ada.at.own) == (theirs, ours)


@pytest.mark.long
def test_somebody_faster_is_merged_and_the_push_tried_again(
    ada: Console, remote: SiteRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.gitsync.writing import publishing

    push: Any = vars(publishing)["push"]
    pushes: list[object] = []

    def late(*arguments: object) -> object:
        if not pushes:
            remote.commit({"content/faster.md": "# Faster\n"})
        pushes.append(arguments)
        return push(*arguments)

    monkeypatch.setattr(publishing, "push", late)
    ada.save("content/two.md", "# Two\n")
    report = ada.publish()
    assert (report.state, report.merged) == (PUBLISHED, True)
    assert len(pushes) == 2
    assert {b"content/faster.md", b"content/two.md"} <= {
        item.path for item in remote.git.tree("main")
    }


@pytest.mark.long
def test_somebody_who_is_always_faster_leaves_it_queued(
    ada: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.gitsync.writing import publishing

    def never(*_: object) -> object:
        raise RefMoved("refs/heads/main")

    monkeypatch.setattr(publishing, "push", never)
    commit = ada.save("content/two.md", "# Two\n")
    assert ada.publish().state == QUEUED
    assert (ada.at.own, ada.at.asked) == (commit, commit)


def test_without_the_network_what_was_asked_goes_out_later_and_nothing_else(
    ada: Console, remote: SiteRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.gitsync.writing import publishing

    def away(*_: object) -> None:
        raise RemoteFault("remote.unreachable", "the remote does not answer", "Try again later")

    with monkeypatch.context() as offline:
        offline.setattr(publishing, "fetch", away)
        asked = ada.save("content/two.md", "# Two\n")
        report = ada.publish()
        assert (report.state, report.new) == (QUEUED, asked)
        later = ada.save("content/three.md", "# Three\n")
    assert asked == ada.at.asked
    done = publish_asked(ada.local, author=ada.author)
    assert done is not None and (done.state, done.new) == (PUBLISHED, asked)
    assert tip(remote) == asked
    at = ada.at
    assert (at.own, at.asked) == (later, None)
    assert ada.unpublished == 1
    assert publish_asked(ada.local, author=ada.author) is None


@pytest.mark.long
def test_a_permanent_fault_is_told_and_nothing_is_queued(
    ada: Console, remote: SiteRepository
) -> None:
    commit = ada.save("content/two.md", "# Two\n")
    remote.git.path.rename(remote.git.path.with_suffix(".away"))
    with pytest.raises(RemoteFault) as caught:
        ada.publish()
    assert caught.value.code == "remote.unknown"
    assert (ada.at.own, ada.at.asked) == (commit, None)


@pytest.mark.long
def test_a_rewritten_remote_gets_back_what_it_lost_only_when_told_to(
    ada: Console, bob: Console, remote: SiteRepository
) -> None:
    first = tip(remote) or ""
    bob.save("content/two.md", "# Two\n")
    bob.publish()
    bob.sync()
    remote.git.set("refs/heads/main", first)
    forced = remote.commit({"content/forced.md": "# Forced\n"})
    refused = bob.publish()
    assert (refused.state, refused.problems[0].code) == (REFUSED, "history.rewritten")
    assert tip(remote) == forced
    report = bob.publish(restore=True)
    assert (report.state, report.merged) == (PUBLISHED, True)
    assert {b"content/forced.md", b"content/two.md"} <= {
        item.path for item in remote.git.tree("main")
    }
    assert bob.sync().new == report.new == ada.sync().new


@pytest.mark.long
def test_a_deleted_branch_is_made_again_only_when_told_to(
    ada: Console, remote: SiteRepository
) -> None:
    commit = ada.save("content/two.md", "# Two\n")
    remote.git.remove("refs/heads/main", tip(remote) or "")
    assert ada.publish().problems[0].code == "history.rewritten"
    assert ada.sync(fetching=False).new == commit
    assert ada.publish(restore=True).state == PUBLISHED
    assert tip(remote) == commit


@pytest.mark.long
def test_a_save_during_a_publication_stays_own(
    ada: Console, remote: SiteRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.gitsync.writing import publishing

    push: Any = vars(publishing)["push"]
    later: list[str] = []

    def slow(*arguments: object) -> object:
        later.append(ada.save("content/three.md", "# Three\n"))
        return push(*arguments)

    commit = ada.save("content/two.md", "# Two\n")
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "push", slow)
        assert ada.publish().new == commit
    assert (tip(remote), ada.at.own) == (commit, later[0])
    assert ada.publish().commits == 1
