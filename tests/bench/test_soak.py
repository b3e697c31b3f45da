"""A soak sees what is wrong with an answer, and a node comes through a short one."""

import gzip
import json
import subprocess
import sys
from dataclasses import replace

import pytest

from bench.asking import Whole
from bench.soak import GROWTH_MB, WARM_SECONDS, Found
from bench.soaked import (
    HONEST,
    LIST,
    MISSING,
    PAGES,
    PLUGGED,
    Asked,
    Bytes,
    Marks,
    flaw,
    page,
    turn,
)
from tests.sites import ROOT
from tests.tables import each_of

SECONDS = 20


PROMISED = [4] * PAGES
OFF, ON = (next(n for n in range(99) if (turn(n) == HONEST) is on) for on in (False, True))
"""Commits without and with the honest plugin."""
ASKED = Asked(path=page(3), number=3, promised=PROMISED)
PACKED = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip"


def text(number: int = 3, mark: int = 5, more: str = "") -> bytes:
    return f"<p>soak-page-{number}-commit-{mark}-end</p>{more}".encode()


def answered(body: bytes, status: int = 200, head: str = "HTTP/1.1 200 OK") -> Whole:
    return Whole(status, head.encode(), body)


def flaws(*answers: Whole, asked: Asked = ASKED) -> list[str | None]:
    """What is wrong with each of them, in the order in which they came."""
    known, marks = Bytes(), Marks(made=[6] * PAGES, commits=(asked.commit, asked.commit))
    return [flaw(asked, answer, marks, known) for answer in answers]


@pytest.mark.parametrize("mark", [4, 5, 6])
def test_a_page_of_a_commit_between_promised_and_made_is_right(mark: int) -> None:
    assert flaws(answered(text(mark=mark))) == [None]


@each_of(
    ("answer", "said"),
    [
        (answered(text(mark=3)), "mark 3, not 4 to 6"),
        (answered(text(mark=7)), "mark 7, not 4 to 6"),
        (answered(text(number=2)), "a page without its mark"),
        (answered(text(more=text(mark=6).decode())), "two commits on one page"),
        (answered(text(more=text(number=9, mark=2).decode())), "mark 2, not 4 to 6"),
        (answered(b"", status=500), "status 500"),
        (answered(b"", status=304), "status 304"),
        (answered(b"nothing"), "a page without its mark"),
        (
            answered(text(), head="HTTP/1.1 200 OK\r\nSet-Cookie: a=b"),
            "a cookie that a plugin made up",
        ),
    ],
)
def test_another_answer_is_a_flaw(answer: Whole, said: str) -> None:
    assert flaws(answer) == [said]


def test_but_for_the_marks_every_byte_is_as_before() -> None:
    again, other = answered(text(mark=6, more="end")), answered(text(mark=6, more="enD"))
    assert flaws(answered(text(mark=4, more="end")), again, other) == [
        None,
        None,
        "other bytes than before",
    ]


@pytest.mark.parametrize(
    ("commit", "said"), [(ON, None), (OFF, "the header of a plugin that is off")]
)
def test_a_plugin_says_something_while_it_is_on(commit: int, said: str | None) -> None:
    answer = answered(text(), head=f"HTTP/1.1 200 OK{PLUGGED.decode()}")
    assert flaws(answer, asked=replace(ASKED, commit=commit)) == [said]


def test_a_compressed_body_is_unpacked_first() -> None:
    packed = gzip.compress(text())
    assert flaws(answered(text()), answered(packed, head=PACKED)) == [None, None]
    said = flaws(answered(packed[:-9], head=PACKED))[0]
    assert said is not None and said.startswith("a body that cannot be unpacked")


def test_a_304_stands_for_the_bytes_that_the_visitor_has() -> None:
    nothing = Whole(304, b"", b"")
    for mark, said in ((4, None), (3, "304 for mark 3, not 4 to 6")):
        again = replace(ASKED, tag='"x"', kept=text(mark=mark))
        assert flaws(nothing, asked=again) == [said]


def test_of_a_list_each_entry_counts() -> None:
    asked = Asked(path=LIST, number=None, promised=PROMISED)
    assert flaws(answered(text(1, 4) + text(2, 6)), asked=asked) == [None]
    assert flaws(answered(text(1, 4) + text(2, 3)), asked=asked) == ["mark 3, not 4 to 6"]
    assert flaws(answered(b"", status=404), asked=asked) == ["status 404"]


def test_absent_pages_have_to_be_absent() -> None:
    asked = Asked(path=MISSING, number=None, promised=PROMISED)
    assert flaws(answered(b"", status=404), asked=asked) == [None]
    assert flaws(answered(b""), asked=asked) == ["status 200"]


def test_some_pages_are_asked_for_compressed_and_some_as_by_who_has_been_there() -> None:
    assert ASKED.headers == ()
    assert replace(ASKED, tag='"x"').headers == ('If-None-Match: "x"',)
    assert replace(ASKED, number=4).headers == ("Accept-Encoding: gzip",)


def test_marks_are_promised_once_a_sync_has_returned() -> None:
    marks = Marks()
    changed = marks.begin(1)
    assert [marks.made[number] for number in changed] == [1] * len(changed)
    assert marks.promised == [0] * PAGES and marks.commits == (0, 1)
    marks.promise()
    assert marks.promised == marks.made and marks.commits == (1, 1)


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
