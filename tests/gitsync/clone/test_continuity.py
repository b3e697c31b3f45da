"""A remote whose branch lost commits is not followed, whatever else happens, until a person says
so."""

import shutil
from pathlib import Path

import pytest

from apps.gitsync.clone.continuity import FOLLOWED
from apps.gitsync.errors import RemoteFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.report import APPLIED, REFUSED, UNCHANGED, SyncReport
from tests.gitsync.repositories import Made
from tests.sites import CONFIG, Site, SiteRepository

BASE = {b"config.toml": CONFIG.encode(), b"content/one.md": b"# One\n"}
MORE = {**BASE, b"content/two.md": b"# Two\n"}


@pytest.fixture
def made(repository: SiteRepository) -> Made:
    return Made(repository.git.path)


@pytest.fixture
def first(made: Made, site: Site) -> str:
    commit = made.commit(BASE)
    site.sync()
    return commit


def refused(report: SyncReport) -> bool:
    return report.state == REFUSED and report.problems[0].code == "history.rewritten"


def clone(site: Site) -> Repository:
    return Repository(site.source.repository)


def test_an_unrelated_history_is_refused_and_the_last_good_commit_serves(
    made: Made, site: Site, first: str
) -> None:
    made.commit(MORE, parents=[])
    for _ in range(2):
        report = site.sync()
        assert refused(report)
        assert report.old == first
    assert refused(site.sync(rebuild=True))
    assert refused(site.sync(dry_run=True))
    assert site.get("/one/").status == 200
    assert site.get("/two/").status == 404
    assert clone(site).resolve(f"{FOLLOWED}main") == first


@pytest.mark.long
def test_a_branch_that_went_back_is_refused(made: Made, site: Site, first: str) -> None:
    made.commit(MORE)
    site.sync()
    made.git("update-ref", "refs/heads/main", first)
    assert refused(site.sync())
    assert site.get("/two/").status == 200


@pytest.mark.long
def test_a_history_that_came_back_is_followed_by_itself(made: Made, site: Site, first: str) -> None:
    made.commit(MORE, parents=[])
    assert refused(site.sync())
    made.git("update-ref", "refs/heads/main", first)
    assert site.sync().state == UNCHANGED
    made.commit(MORE)
    assert site.sync().state == APPLIED


def test_it_is_accepted_once_and_for_what_is_there_alone(
    made: Made, site: Site, first: str
) -> None:
    made.commit(MORE, parents=[])
    assert site.sync(accept_rewritten=True).state == APPLIED
    assert site.sync().state == UNCHANGED
    made.commit(BASE, parents=[])
    assert refused(site.sync())


@pytest.mark.long
def test_a_trial_accepts_nothing(made: Made, site: Site, first: str) -> None:
    made.commit(MORE, parents=[])
    assert site.sync(accept_rewritten=True, dry_run=True).state == APPLIED
    assert refused(site.sync())


@pytest.mark.long
def test_what_is_accepted_must_be_good_as_well(made: Made, site: Site, first: str) -> None:
    made.commit({b"config.toml": b"[whispercms"}, parents=[])
    assert site.sync(accept_rewritten=True).problems[0].code == "config.syntax"
    assert refused(site.sync())
    assert site.get("/one/").status == 200


@pytest.mark.long
def test_a_merge_continues_both_of_its_parents(made: Made, site: Site, first: str) -> None:
    side = made.commit(MORE, branch="side", parents=[])
    merge = made.commit(MORE, parents=[side, first])
    assert site.sync().new == merge
    assert site.sync().state == UNCHANGED


@pytest.mark.long
def test_a_lost_index_comes_back_at_the_good_commit(made: Made, site: Site, first: str) -> None:
    made.commit(MORE, parents=[])
    for path in site.files.index.parent.glob("index.sqlite3*"):
        path.unlink()
    report = site.sync()
    assert refused(report)
    assert report.old == first
    assert site.get("/one/").status == 200


def test_a_lost_clone_does_not_hide_that_it_was_rewritten(
    made: Made, site: Site, first: str
) -> None:
    shutil.rmtree(site.source.repository)
    assert site.sync().state == UNCHANGED
    shutil.rmtree(site.source.repository)
    made.commit(MORE, parents=[])
    assert refused(site.sync())
    assert site.get("/one/").status == 200


def test_a_commit_of_this_node_is_served_although_the_remote_was_rewritten(
    made: Made, site: Site, first: str
) -> None:
    """The remote's is refused, which a pull says and a save need not."""
    ours = Made(site.source.repository)
    made.commit(BASE, parents=[])
    own = ours.commit(MORE, parents=[first])
    report = site.sync()
    assert refused(report)
    assert report.new == own
    assert site.get("/two/").status == 200


@pytest.mark.long
def test_a_deleted_branch_leaves_the_last_good_commit_serving(
    made: Made, site: Site, first: str
) -> None:
    made.git("update-ref", "-d", "refs/heads/main")
    with pytest.raises(RemoteFault):
        site.sync()
    assert site.get("/one/").status == 200
    made.git("update-ref", "refs/heads/main", first)
    assert site.sync().state == UNCHANGED


@pytest.mark.long
def test_a_branch_deleted_and_made_anew_is_a_rewritten_one(
    made: Made, site: Site, first: str, tmp_path: Path
) -> None:
    made.git("update-ref", "-d", "refs/heads/main")
    with pytest.raises(RemoteFault):
        site.sync()
    made.commit(MORE, parents=[])
    assert refused(site.sync())
