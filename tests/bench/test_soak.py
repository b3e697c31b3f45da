"""A soak sees what is wrong with an answer, and a node comes through a short one."""

import json
import subprocess
import sys

import pytest

from bench.asking import Whole
from bench.soak import GROWTH_MB, WARM_SECONDS, Found
from bench.soaked import LIST, MISSING, PAGES, Asked, Marks, flaw, page
from tests.sites import ROOT

SECONDS = 20


def answered(
    status: int = 200, number: int = 3, mark: int = 5, head: bytes = b"HTTP/1.1 200 OK"
) -> Whole:
    return Whole(status, head, b"<p>soak-page-%d-commit-%d-end</p>" % (number, mark))


ASKED = Asked(path=page(3), number=3, least=4)


@pytest.mark.parametrize("mark", [4, 5, 6])
def test_a_page_of_a_commit_between_promised_and_made_is_right(mark: int) -> None:
    assert flaw(ASKED, answered(mark=mark), made=6) is None


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (answered(mark=3), "mark 3, not 4 to 6"),
        (answered(mark=7), "mark 7, not 4 to 6"),
        (answered(number=2), "the page of document 2"),
        (answered(status=500), "status 500"),
        (answered(status=304), "status 304"),
        (Whole(200, b"", b"nothing"), "a page without its mark"),
        (answered(head=b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b"), "a cookie that a plugin made up"),
    ],
)
def test_another_answer_is_a_flaw(answer: Whole, said: str) -> None:
    assert flaw(ASKED, answer, made=6) == said


def test_a_304_stands_for_the_bytes_that_the_visitor_has() -> None:
    stale, fresh = (answered(mark=mark).body for mark in (3, 4))
    again = {"path": page(3), "number": 3, "least": 4, "tag": '"x"'}
    nothing = Whole(304, b"", b"")
    assert flaw(Asked(**again, kept=fresh), nothing, made=6) is None  # type: ignore[arg-type]
    assert flaw(Asked(**again, kept=stale), nothing, made=6) == "304 for mark 3, not 4 to 6"  # type: ignore[arg-type]


def test_lists_have_to_answer_and_absent_pages_to_be_absent() -> None:
    asked = Asked(path=LIST, number=None, least=0)
    assert flaw(asked, Whole(200, b"", b""), made=0) is None
    assert flaw(asked, Whole(404, b"", b""), made=0) == "status 404"
    absent = Asked(path=MISSING, number=None, least=0)
    assert flaw(absent, Whole(404, b"", b""), made=0) is None
    assert flaw(absent, Whole(200, b"", b""), made=0) == "status 200"


def test_marks_are_promised_once_a_sync_has_returned() -> None:
    marks = Marks()
    changed = marks.begin(1)
    assert [marks.made[number] for number in changed] == [1] * len(changed)
    assert marks.promised == [0] * PAGES
    marks.promise()
    assert marks.promised == marks.made


@pytest.mark.parametrize(("rise", "sound"), [(0.9, True), (1.1, False)])
def test_memory_may_rise_by_its_bound_alone(rise: float, sound: bool) -> None:
    found = Found(syncs=1, plugged=1)
    found.answers[200] = 1
    last = 3 * WARM_SECONDS
    slope = rise * GROWTH_MB / (last - WARM_SECONDS)
    found.weights = [(float(at), 100 + slope * at) for at in range(int(last) + 1)]
    assert found.sound is sound


@pytest.mark.long
def test_a_short_soak_finds_nothing_wrong() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.soak", str(SECONDS / 60)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["flaws"] == {}
    assert found["syncs"] > 2
