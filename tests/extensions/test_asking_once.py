"""A plugin is asked once for each event that it is sent, as long as it has nothing to prove."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from apps.extensions.asking import Emission, Round
from apps.extensions.capabilities import sections
from apps.extensions.containment.blame import OUT_OF_SERVICE
from apps.extensions.containment.breaker import Cause
from apps.extensions.containment.containment import Containment
from apps.extensions.limits import ERRORS_IN_A_ROW, KNOWN_ANSWER_BYTES
from apps.extensions.manifests import PluginManifest, parse_manifest
from apps.extensions.proposals import Metadata
from apps.extensions.registry import EnabledPlugin, Group
from apps.runtime.limits import MAX_DEPTH, Limits, WorkerSpec
from apps.runtime.workers import Workers

RECEIVED, RESOLVED = "request.received", "content.resolved"
GRANTED = frozenset({"read:site", "propose:metadata"})
MANIFEST = (
    'id = "counter"\nversion = "1.0.0"\nrequires = ">=1.0,<2"\n'
    f'subscribes = ["{RECEIVED}", "{RESOLVED}"]\ncapabilities = ["propose:metadata"]\n'
)


@pytest.fixture
def counter(workers: Workers) -> Iterator[EnabledPlugin]:
    limits = Limits(wall_seconds=5, cpu_seconds=5)
    spec = WorkerSpec(name="plugin:counter", entry="tests.extensions.counter", limits=limits)
    pool = workers.pool(spec)
    manifest = parse_manifest("plugin", "counter", MANIFEST)
    assert isinstance(manifest, PluginManifest)
    yield EnabledPlugin(
        id="counter",
        manifest=manifest,
        granted=GRANTED,
        shown=sections(GRANTED),
        settings={},
        identity="",
        own=pool,
    )
    pool.close()


def ask(
    containment: Containment,
    *plugins: EnabledPlugin,
    topics: tuple[str, ...] = (RESOLVED,),
    **site: Any,
) -> list[Any]:
    """What each says: the number of its call, or its failures."""
    emissions = [Emission(topic, {"site": site}) for topic in topics]
    answers = Round(containment, "a request", 5.0).ask(plugins, emissions)
    assert [(a.plugin, a.topic) for a in answers] == [(p.id, t) for p in plugins for t in topics]
    return [_said(answer.proposals, answer.failures) for answer in answers]


def _said(proposals: Any, failures: Any) -> Any:
    return proposals[0].value if proposals and not failures else failures


def test_the_same_event_is_asked_once_and_another_one_again(counter: EnabledPlugin) -> None:
    containment = Containment()
    assert [ask(containment, counter, title=title) for title in "aabab"] == [
        [1],
        [1],
        [2],
        [1],
        [2],
    ]


def test_what_is_sent_is_what_counts_and_not_what_there_is_besides(counter: EnabledPlugin) -> None:
    ask_round = Round(Containment(), "a request", 5.0)
    for path in ("/a/", "/b/"):
        event = {"site": {"title": "a"}, "request": {"path": path}}
        (answer,) = ask_round.ask([counter], [Emission(RESOLVED, event)])
        assert answer.proposals == (Metadata("n", 1),)


def test_of_two_topics_only_the_unknown_is_asked_and_the_order_stays(
    counter: EnabledPlugin,
) -> None:
    containment = Containment()
    assert ask(containment, counter, topics=(RESOLVED,)) == [1]
    assert ask(containment, counter, topics=(RECEIVED, RESOLVED)) == [2, 1]
    assert ask(containment, counter, topics=(RESOLVED, RECEIVED)) == [1, 2]


def test_of_a_group_only_those_are_asked_who_do_not_know(counter: EnabledPlugin) -> None:
    containment, group = Containment(), Group("shared", "", counter.own)
    first = replace(counter, id="first", group=group, known=type(counter.known)())
    second = replace(counter, id="second", group=group, known=type(counter.known)())
    assert ask(containment, first, second) == [1, 2]
    assert ask(containment, first) == [1]
    second.known.forget()
    assert ask(containment, first, second) == [1, 3]


@pytest.mark.parametrize(
    "event",
    [
        {"outcome": "error"},
        {"outcome": "denied"},
        {"more": [{"kind": "metadata"}]},
        {"more": [{"kind": "metadata", "key": "long", "value": "x" * KNOWN_ANSWER_BYTES}]},
    ],
    ids=["an error", "a denial", "a proposal that is none", "a long answer"],
)
def test_only_what_is_whole_and_short_is_kept(counter: EnabledPlugin, event: Any) -> None:
    containment = Containment()
    assert ask(containment, counter) == [1]
    before = len(counter.known)
    ask(containment, counter, **event)
    assert len(counter.known) == before


def test_a_plugin_without_credit_or_on_trial_is_asked_whatever_is_known(
    counter: EnabledPlugin,
) -> None:
    now = [0.0]
    containment = Containment(clock=lambda: now[0])
    assert ask(containment, counter) == ask(containment, counter) == [1]
    containment.loaded([counter.key])
    assert ask(containment, counter) == [2]
    for _ in range(ERRORS_IN_A_ROW):
        containment.failed(counter.key, Cause.ERROR, "it failed")
    assert ask(containment, counter) == [(OUT_OF_SERVICE,)]
    now[0] += 3600.0
    assert ask(containment, counter) == [3]
    assert containment.statuses()[counter.key].state == "closed"


def test_who_attacked_has_nothing_known_any_more(counter: EnabledPlugin) -> None:
    containment = Containment()
    assert ask(containment, counter) == [1]
    ask(containment, counter, more=[{"kind": "status", "status": 404}])
    assert containment.statuses()[counter.key].state == "quarantined"
    assert len(counter.known) == 0


def test_nor_is_what_it_said_along_with_its_attack_believed(counter: EnabledPlugin) -> None:
    ask_round = Round(Containment(), "a request", 5.0)
    attack = {"site": {"more": [{"kind": "status", "status": 404}]}}
    honest: dict[str, Any] = {"site": {}}
    for events in ((attack, honest), (honest, attack)):
        emissions = [Emission(t, e) for t, e in zip((RECEIVED, RESOLVED), events, strict=True)]
        ask_round.ask([replace(counter, id=f"counter-{len(events)}")], emissions)
        assert len(counter.known) == 0


def test_an_event_is_as_deep_as_a_message_lets_it_be(counter: EnabledPlugin) -> None:
    deepest: Any = "x"
    # Around it are the message, its calls, the call, its event and the site.
    for _ in range(MAX_DEPTH - 5):
        deepest = [deepest]
    assert ask(Containment(), counter, title=deepest) == [1]
    (refused,) = ask(Containment(), counter, title=[deepest])
    assert "deeper" in refused[0]
