"""What workers may answer and what becomes of it: the answers come from real processes that lie."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from apps.extensions.asking import UNADMISSIBLE, Answer, Emission, Round
from apps.extensions.capabilities import sections
from apps.extensions.containment.blame import OUT_OF_SERVICE, cause
from apps.extensions.containment.breaker import Cause
from apps.extensions.containment.containment import Containment
from apps.extensions.manifests import PluginManifest, parse_manifest
from apps.extensions.proposals import Metadata
from apps.extensions.registry import EnabledPlugin, Group
from apps.runtime.faults import (
    WorkerBadFrame,
    WorkerDied,
    WorkerError,
    WorkerFault,
    WorkerRefused,
    WorkerTimeout,
    WorkerUnavailable,
)
from apps.runtime.limits import Limits, WorkerSpec
from apps.runtime.workers import WorkerPool, Workers

RESOLVED = "content.resolved"
MANIFEST = (
    'id = "liar"\nversion = "1.0.0"\nrequires = ">=1.0,<2"\n'
    f'subscribes = ["{RESOLVED}", "response.prepared"]\n'
    'capabilities = ["propose:metadata", "propose:header"]\n'
)
GOOD = {"kind": "metadata", "key": "a", "value": 1}
STATUS = {"kind": "status", "status": 410}
NONSENSE = "its worker answered nonsense"

Make = Callable[..., EnabledPlugin]


@pytest.fixture
def make(workers: Workers) -> Iterator[Make]:
    pools: list[WorkerPool] = []

    def made(answer: Any, *granted: str) -> EnabledPlugin:
        spec = WorkerSpec(
            name="plugin:liar",
            entry="tests.extensions.liar",
            setup=answer,
            limits=Limits(wall_seconds=5),
        )
        pools.append(workers.pool(spec))
        manifest = parse_manifest("plugin", "liar", MANIFEST)
        assert isinstance(manifest, PluginManifest)
        return EnabledPlugin(
            id="liar",
            manifest=manifest,
            granted=frozenset(granted),
            shown=sections(granted),
            settings={},
            identity="",
            own=pools[-1],
        )

    yield made
    for pool in pools:
        pool.close()


def replies(*proposals: Any, **more: Any) -> dict[str, Any]:
    return {"replies": [{"outcome": "ok", "proposals": list(proposals), **more}]}


def ask(
    plugin: EnabledPlugin, containment: Containment, topic: str = RESOLVED
) -> tuple[Answer, ...]:
    return Round(containment, "a request", 5.0).ask([plugin], [Emission(topic, {})])


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "ok",
        {},
        {"replies": None},
        {"replies": []},
        {"replies": [{}]},
        {"replies": [{"outcome": "fine"}]},
        {"replies": [{"outcome": ["ok"]}]},
        {"replies": [{"outcome": "ok", "proposals": []}] * 2},
        {"replies": {"0": {"outcome": "ok"}}},
    ],
    ids=repr,
)
def test_an_answer_that_no_worker_of_ours_gives_is_a_sign_of_attack(
    make: Make, answer: Any
) -> None:
    containment, liar = Containment(), make(answer)
    assert ask(liar, containment) == (Answer("liar", RESOLVED, (), (NONSENSE,)),)
    assert containment.statuses()["plugin:liar"].state == "quarantined"
    assert ask(liar, containment) == (Answer("liar", RESOLVED, (), (OUT_OF_SERVICE,), asked=False),)


def test_a_proposal_that_was_not_granted_or_is_out_of_phase_is_one_too(make: Make) -> None:
    for proposal, granted, topic in (
        (STATUS, "propose:metadata", RESOLVED),
        (GOOD, "propose:header", RESOLVED),
        (GOOD, "propose:metadata", "response.prepared"),
    ):
        containment, liar = Containment(), make(replies(GOOD, proposal), granted)
        (answer,) = ask(liar, containment, topic)
        assert answer.proposals == () and answer.failures[0].startswith(UNADMISSIBLE)
        assert containment.statuses()["plugin:liar"].state == "quarantined"


def test_a_member_of_a_group_cannot_have_another_one_quarantined(make: Make) -> None:
    forged = {"replies": [{"outcome": "ok", "proposals": []}, replies(STATUS)["replies"][0]]}
    liar = make(forged, "propose:metadata")
    group = Group("shared", "", liar.own)
    members = [replace(liar, id=name, group=group) for name in ("guilty", "innocent")]
    containment = Containment()
    answers = Round(containment, "a request", 5.0).ask(members, [Emission(RESOLVED, {})])
    assert group.apart and all(answer.failures for answer in answers)
    states = {key: status.state for key, status in containment.statuses().items()}
    assert states == {"plugin:guilty": "quarantined", "plugin:innocent": "quarantined"}


def test_good_proposals_count_and_bad_ones_are_told(make: Make) -> None:
    containment = Containment()
    liar = make(replies(GOOD, {"kind": "metadata"}, 1), "propose:metadata")
    (answer,) = ask(liar, containment)
    assert answer.proposals == (Metadata("a", 1),)
    assert len(answer.failures) == 2
    assert containment.statuses()["plugin:liar"].state == "closed"


def test_a_hostile_message_is_one_short_line(make: Make) -> None:
    reply = {"outcome": "error", "message": "\x1b[31m\n" + "x" * 5000, "line": 1.5}
    (answer,) = ask(make({"replies": [reply]}), Containment())
    assert answer.failures[0].isprintable() and len(answer.failures[0]) < 600


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (WorkerTimeout(), Cause.BUDGET),
        (WorkerTimeout(starved=True), Cause.ERROR),
        (WorkerDied(9), Cause.BUDGET),
        (WorkerDied(0), Cause.BUDGET),
        (WorkerDied(11), Cause.ATTACK),
        (WorkerDied(31), Cause.ATTACK),
        (WorkerBadFrame("x"), Cause.ATTACK),
        (WorkerError("KeyError", "x"), Cause.ERROR),
        (WorkerUnavailable("x"), None),
        (WorkerRefused("x"), None),
    ],
    ids=repr,
)
def test_who_is_to_blame(fault: WorkerFault, expected: Cause | None) -> None:
    assert cause(fault, abort=Cause.ATTACK) is expected


def test_a_memory_limit_met_in_the_dark_is_what_the_caller_says() -> None:
    assert cause(WorkerDied(6), abort=Cause.ATTACK) is Cause.ATTACK
    assert cause(WorkerDied(6), abort=Cause.BUDGET) is Cause.BUDGET
