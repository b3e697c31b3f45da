"""Promotion and rollback: what was served once is served again, byte for byte."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import pytest

from apps.content.rendering import Renderer
from apps.gitsync.errors import RemoteFault
from apps.gitsync.promoting.releasing import PLANNED, REFUSED, RELEASED, UNCHANGED, ReleaseReport
from apps.gitsync.releases.refs import RELEASES, known, newest
from apps.runtime.workers import Workers
from tests.gitsync.releasing import Node, pages
from tests.sites import CONFIG, SiteRepository


def page(title: str, text: str = "Some text.") -> str:
    return f"---\ntitle: {title}\n---\n\n{text}\n"


def head(repository: SiteRepository, branch: str) -> str | None:
    return repository.git.resolve(f"refs/heads/{branch}")


@pytest.fixture
def node(
    repository: SiteRepository, tmp_path: Path, workers: Workers, renderer: Renderer
) -> Iterator[Node]:
    """`main` has one page, `preview` a commit more."""
    first = repository.commit({"config.toml": CONFIG, "content/one.md": page("One", "old text")})
    repository.git.set("refs/heads/preview", first)
    repository.commit(
        {"content/one.md": page("One", "new text"), "content/two.md": "# Two\n"}, branch="preview"
    )
    made = Node(repository, tmp_path / "node", workers, renderer)
    made.sync()
    yield made
    made.stop()


def test_promoted_rolled_back_and_promoted_again_the_pages_are_the_same_bytes(
    repository: SiteRepository, node: Node
) -> None:
    old = pages(node.main)
    assert node.promote().state == RELEASED
    new = pages(node.main)
    assert new != old and "/two/" in new and new == pages(node.preview)
    assert head(repository, "main") == head(repository, "preview")
    assert node.rollback().state == RELEASED
    assert pages(node.main) == old
    assert node.promote().state == RELEASED
    assert pages(node.main) == new


@pytest.mark.long
def test_only_the_difference_is_read(node: Node) -> None:
    report = node.promote()
    assert report.synced and (report.synced.parsed, report.synced.added) == (2, 1)
    back = node.rollback()
    assert back.synced and (back.synced.parsed, back.synced.removed) == (1, 1)


def test_a_pinned_environment_stays_whatever_its_branch_does(
    repository: SiteRepository, node: Node
) -> None:
    old = pages(node.main)
    node.promote()
    back = node.rollback().release
    repository.commit({"content/three.md": "# Three\n"})
    report = node.main.sync()
    assert back and report.pinned == back.id
    assert pages(node.main) == old
    assert node.promote(origin=node.main).state == RELEASED
    assert node.main.sync().pinned is None
    assert "/three/" in pages(node.main)


@pytest.mark.long
def test_a_dry_run_changes_nothing(repository: SiteRepository, node: Node) -> None:
    old, before = pages(node.main), node.git.refs("refs/")
    assert node.promote(dry_run=True).state == PLANNED
    assert (pages(node.main), node.git.refs("refs/")) == (old, before)
    node.promote()
    new, before = pages(node.main), node.git.refs("refs/")
    assert node.rollback(dry_run=True).state == PLANNED
    assert (pages(node.main), node.git.refs("refs/")) == (new, before)
    assert known(repository.git).keys() == known(node.git).keys()


@pytest.mark.long
def test_what_is_released_already_is_not_released_again(node: Node) -> None:
    node.promote()
    assert node.promote().state == UNCHANGED
    node.rollback()
    assert node.rollback(node.main.sync().pinned).state == UNCHANGED


@pytest.mark.long
def test_what_was_served_without_a_release_gets_one(repository: SiteRepository, node: Node) -> None:
    first = head(repository, "main")
    release = node.promote().release
    assert release and release.previous
    assert [r.split("-")[1] for r in known(node.git)] == ["main", "main"]
    back = node.rollback().release
    assert back and (back.restores, back.commit) == (release.previous, first)


@pytest.mark.long
def test_each_rollback_goes_one_further_back(repository: SiteRepository, node: Node) -> None:
    served = [pages(node.main)]
    for number in range(2):
        repository.commit({"content/more.md": page(f"More {number}")}, branch="preview")
        node.promote()
        served.append(pages(node.main))
    node.rollback()
    assert pages(node.main) == served[1]
    node.rollback()
    assert pages(node.main) == served[0]
    with pytest.raises(Exception, match="no release of main before"):
        node.rollback()


@pytest.mark.long
def test_branches_that_diverged_are_for_people_to_merge(
    repository: SiteRepository, node: Node
) -> None:
    repository.commit({"content/hotfix.md": "# Hotfix\n"})
    before = head(repository, "main")
    report = node.promote()
    assert (report.state, report.problems[0].code) == (REFUSED, "release.diverged")
    assert head(repository, "main") == before and not known(repository.git)


@pytest.mark.long
def test_what_a_server_would_refuse_is_not_promoted(repository: SiteRepository, node: Node) -> None:
    old = pages(node.main)
    repository.commit({"config.toml": "[whispercms\n"}, branch="preview")
    report = node.promote()
    assert (report.state, report.problems[0].code) == (REFUSED, "config.syntax")
    assert pages(node.main) == old and not known(repository.git)


@pytest.mark.long
def test_a_remote_that_does_not_answer_stops_a_promotion_but_no_rollback(
    repository: SiteRepository, node: Node
) -> None:
    old = pages(node.main)
    node.promote()
    repository.git.path.rename(repository.git.path.with_name("gone.git"))
    with pytest.raises(RemoteFault):
        node.promote()
    report = node.rollback()
    assert report.state == RELEASED and report.unsent
    assert pages(node.main) == old


@pytest.mark.long
def test_another_node_follows_a_rollback(
    repository: SiteRepository, node: Node, tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    old = pages(node.main)
    node.promote()
    other = Node(repository, tmp_path / "other", workers, renderer)
    other.main.sync()
    assert pages(other.main) == pages(node.main)
    node.rollback()
    report = other.main.sync()
    assert report.pinned == node.main.sync().pinned
    assert pages(other.main) == old
    other.stop()


@pytest.mark.long
def test_another_renderer_is_refused_unless_it_is_asked_for(node: Node) -> None:
    node.promote()
    renderer = node.main.local.renderer
    before = renderer.id
    try:
        renderer.id = "another"
        node.main.sync()
        report = node.rollback()
        assert (report.state, report.problems[0].code) == (REFUSED, "release.renderer")
        assert node.rollback(inexact=True).state == RELEASED
    finally:
        renderer.id = before


def test_a_hostile_ref_is_no_release(repository: SiteRepository, node: Node) -> None:
    node.promote()
    good = newest(node.git, "main")
    assert good
    commit = known(repository.git)[good.id]
    other = good.id[:-1] + ("0" if good.id[-1] != "0" else "1")
    for name in (other, "20990101T000000000Z-main-0123456789abcdef", "x", "a/b"):
        repository.git.set(RELEASES + name, commit)
    repository.git.set(RELEASES + "20260101T000000000Z-main-0123456789abcdef", good.commit)
    before = known(node.git)
    node.main.sync()
    assert known(node.git) == before


@pytest.mark.long
def test_drafts_and_own_commits_are_left_alone(node: Node) -> None:
    node.promote()
    commit = node.git.resolve("refs/remotes/origin/preview")
    assert commit
    node.git.set("refs/whispercms/drafts/ada/1", commit)
    node.rollback()
    assert node.git.resolve("refs/whispercms/drafts/ada/1") == commit


@pytest.mark.long
def test_a_release_that_is_pinned_to_other_bytes_is_not_served(
    repository: SiteRepository, node: Node, tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    other = Node(repository, tmp_path / "other", workers, renderer)
    other.main.sync()
    old = pages(other.main)
    node.main._renderer.id, before = "another", node.main._renderer.id
    try:
        node.promote()
    finally:
        node.main._renderer.id = before
    report = other.main.sync()
    assert (report.state, report.problems[0].code) == (REFUSED, "release.renderer")
    assert pages(other.main) == old
    other.stop()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_two_releases_of_the_rust_blog_500_commits_apart(
    corpora: Path, tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    remote = _rust_blog(corpora, tmp_path)
    node = Node(remote, tmp_path / "node", workers, renderer)
    node.sync()
    old, digest = pages(node.main), node.main.sync().digest
    assert len(old) > 700
    seconds = {"promote": _timed(node.promote)}
    new = pages(node.main)
    assert len(new) > len(old)
    seconds["rollback"] = _timed(node.rollback)
    assert pages(node.main) == old
    assert node.main.sync(rebuild=True).digest == digest
    seconds["promote again"] = _timed(node.promote)
    assert pages(node.main) == new
    node.stop()
    sys.stdout.write(f"{len(old)} and {len(new)} addresses; {seconds}\n")


def _rust_blog(corpora: Path, folder: Path) -> SiteRepository:
    """`preview` is the newest commit, `main` lies at least 500 before it."""
    remote = SiteRepository(folder / "rust-blog.git")
    remote.git.fetch(str(corpora / "rust-blog.bundle"))
    newest_one = remote.git.resolve("refs/remotes/origin/main")
    assert newest_one
    chain = remote.git.run("rev-list", "--first-parent", newest_one).decode().split()
    between = (
        (int(remote.git.run("rev-list", "--count", f"{each}..{newest_one}")), each)
        for each in chain[150:]
    )
    distance, older = next(found for found in between if found[0] >= 500)
    assert distance < 540
    remote.git.set("refs/heads/preview", newest_one)
    remote.git.set("refs/heads/main", older)
    return remote


def _timed(act: Callable[[], ReleaseReport]) -> float:
    begun = perf_counter()
    assert act().state == RELEASED
    return round(perf_counter() - begun, 3)
