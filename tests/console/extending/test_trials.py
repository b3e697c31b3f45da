"""Rehearsals are kept for who asked, as many and as large as there is room for."""

from apps.console.extending import trials
from apps.console.extending.bounds import TRIAL_BYTES, TRIAL_PAGE_BYTES, TRIALS
from apps.console.extending.trials import Keeping, Trial
from apps.delivery.replies import Reply, page
from apps.delivery.trying.rehearsal import Rehearsal

NOTHING = Rehearsal(commit="0" * 40, pages=0, changes=(), failures=())


def trial(owner: str = "ada") -> Trial:
    return Trial(owner=owner, title="", back="", found=NOTHING, pages={}, assets={}, is_look=False)


def test_a_trial_is_its_owners() -> None:
    made = trial()
    trials.keep(made)
    assert trials.find("ada", made.id) is made
    assert trials.find("bob", made.id) is None and trials.find("ada", "none") is None


def test_the_oldest_gives_way() -> None:
    made = [trial() for _ in range(TRIALS + 1)]
    for each in made:
        trials.keep(each)
    found = [trials.find("ada", each.id) for each in made]
    assert found == [None, *made[1:]]


def test_pages_come_back_as_they_went_in() -> None:
    keeping = Keeping()
    before, after = page(200, b"<p>one"), page(404, b"<p>two")
    keeping("/", before, after)
    kept = [each.reply for each in keeping.pages["/"]]
    assert [(each.status, each.body) for each in kept] == [(200, b"<p>one"), (404, b"<p>two")]
    assert kept[0].header("content-type") == before.header("content-type")


def test_large_pages_and_too_many_are_left_out() -> None:
    keeping = Keeping()
    keeping("/large/", Reply(200, (), b""), Reply(200, (), bytes(TRIAL_PAGE_BYTES + 1)))
    keeping("/most/", Reply(200, (), b""), Reply(200, (), bytes(TRIAL_PAGE_BYTES)))
    assert list(keeping.pages) == ["/most/"]
    full = Keeping(_left=30)
    full("/a/", Reply(200, (), b"a"), Reply(200, (), b"b"))
    full("/b/", Reply(200, (), b"a"), Reply(200, (), b"b"))
    assert list(full.pages) == ["/a/"] and TRIAL_BYTES > TRIAL_PAGE_BYTES
