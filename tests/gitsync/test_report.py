import json
from typing import Any

import pytest

from apps.content.problems import Problem
from apps.gitsync.report import APPLIED, REFUSED, UNCHANGED, Stopwatch, SyncReport

FIRST = Problem("content/a.md", 3, "front-matter.syntax", "no such thing")


def report(**values: Any) -> SyncReport:
    return SyncReport(**{"state": APPLIED, "branch": "main", "old": "a", "new": "b", **values})


def test_as_json_it_has_what_scripts_rely_on() -> None:
    found = report(
        parsed=1, added=2, changed=3, removed=4, problems=(FIRST,), digest="sha256:0",
        seconds={"fetch": 0.123456},
    )  # fmt: skip
    assert json.loads(json.dumps(found.as_json())) == {
        "state": "applied",
        "commit": {"from": "a", "to": "b"},
        "parsed": 1,
        "added": 2,
        "changed": 3,
        "removed": 4,
        "problems": [
            {
                "path": "content/a.md",
                "line": 3,
                "code": "front-matter.syntax",
                "reason": "no such thing",
            }
        ],
        "fragments": 0,
        "seconds": {"fetch": 0.1235},
        "digest": "sha256:0",
        "pinned": None,
        "registry": None,
    }


def test_a_first_sync_comes_from_no_commit() -> None:
    assert report(old=None).as_json()["commit"] == {"from": None, "to": "b"}


@pytest.mark.parametrize(
    ("state", "changes"), [(APPLIED, True), (REFUSED, True), (UNCHANGED, False)]
)
def test_only_an_unchanged_site_needs_no_record(state: str, changes: bool) -> None:
    assert report(state=state).changes_state is changes


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "refused"),
        (1, "content/a.md:3: no such thing [front-matter.syntax]"),
        (3, "content/a.md:3: no such thing [front-matter.syntax] (and 2 more)"),
    ],
)
def test_a_refusal_is_told_in_one_line(number: int, text: str) -> None:
    assert report(state=REFUSED, problems=(FIRST,) * number).reason() == text


def test_a_watch_adds_up_by_stage_in_order() -> None:
    watch = Stopwatch()
    with watch.stage("fetch"):
        pass
    with pytest.raises(RuntimeError), watch.stage("apply"):
        raise RuntimeError
    once = watch.seconds["fetch"]
    with watch.stage("fetch"):
        pass
    assert list(watch.seconds) == ["fetch", "apply"]
    assert watch.seconds["fetch"] > once > 0


def test_fragments_that_are_not_run_are_counted_over_all_documents() -> None:
    reason = "not run here and shown as written: note ×2, youtube ×1"
    found = [Problem(path, 3, "markup.not-run", reason) for path in ("a.md", "b.md")]
    assert report(problems=(FIRST, *found)).fragments == 6


def test_whoever_wants_hears_of_each_stage_as_it_begins() -> None:
    heard: list[str] = []
    watch = Stopwatch(heard.append)
    with watch.stage("fetch"):
        assert heard == ["fetch"]
