from collections.abc import Callable, Iterator, MutableMapping, Sequence
from functools import partial
from itertools import pairwise
from threading import Event as Flag
from threading import Thread, get_ident
from time import monotonic, sleep
from typing import Any

import pytest
from structlog.testing import capture_logs

from apps.runtime.emissions import EmissionRefused, Event
from apps.runtime.events import EventBus, SubscriptionError
from apps.runtime.limits import CHAIN_TOPICS, QUEUED_EVENTS, SUBSCRIBERS
from apps.runtime.subscriptions import EventCounts, Subscription
from apps.runtime.topics import TopicError

PATIENCE = 20.0
"""Seconds after which something that must happen is held not to; never reached when all is well."""
Told = Sequence[MutableMapping[str, Any]]


class Stage:
    """A bus whose subscribers write down what they receive."""

    def __init__(self) -> None:
        self.bus = EventBus()
        self.seen: dict[str, list[Event]] = {}
        self.gate = Flag()
        self.begun = Flag()

    def notes(self, name: str, pattern: str = "**", **options: Any) -> None:
        self.seen[name] = []
        self.bus.subscribe(pattern, self.seen[name].append, name=name, **options)

    def waits(self, name: str, pattern: str = "**", **options: Any) -> None:
        """A subscriber that begins with its first event and does not get on till the gate opens."""
        self.seen[name] = []

        def receive(event: Event) -> None:
            self.begun.set()
            assert self.gate.wait(PATIENCE)
            self.seen[name].append(event)

        self.bus.subscribe(pattern, receive, name=name, **options)

    def passes_on(self, name: str, pattern: str, *topics: str) -> None:
        """A subscriber that publishes `topics` for each event."""

        def receive(event: Event) -> None:
            for topic in topics:
                self.bus.publish(topic)

        self.bus.subscribe(pattern, receive, name=name)

    def topics(self, name: str) -> list[str]:
        return [event.topic for event in self.seen[name]]

    def settle(self) -> None:
        """All that was published and all that follows from it has arrived."""
        self.gate.set()
        for _ in range(CHAIN_TOPICS + 1):
            for subscription in self.bus._subscriptions:
                with subscription._changed:
                    idle = partial(is_idle, subscription)
                    assert subscription._changed.wait_for(idle, PATIENCE)


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.gate.set()
    made.bus.stop(PATIENCE)


def is_idle(subscription: Subscription) -> bool:
    return not subscription._queue and not subscription._busy


def told(entries: Told, event: str) -> Told:
    return [entry for entry in entries if entry["event"] == event]


class TestDelivery:
    def test_an_event_reaches_those_whose_pattern_it_matches(self, stage: Stage) -> None:
        stage.notes("all")
        stage.notes("site", "site.*")
        stage.notes("other", "(other|more).**")
        stage.bus.start()
        stage.bus.publish("site.synced", {"commit": "c0ffee"})
        stage.settle()
        assert stage.seen["all"] == [Event("site.synced", {"commit": "c0ffee"}, ())]
        assert stage.topics("site") == ["site.synced"]
        assert stage.topics("other") == []

    def test_what_comes_before_the_start_waits_for_it(self, stage: Stage) -> None:
        stage.notes("all")
        stage.bus.publish("a")
        assert stage.topics("all") == []
        stage.bus.start()
        stage.settle()
        assert stage.topics("all") == ["a"]

    def test_a_later_change_of_the_payload_reaches_nobody(self, stage: Stage) -> None:
        stage.notes("all")
        stage.bus.start()
        payload = {"names": ["a"]}
        stage.bus.publish("a", payload)
        payload["names"].append("b")
        stage.settle()
        assert stage.seen["all"][0].payload == {"names": ("a",)}

    def test_a_slow_subscriber_delays_neither_others_nor_the_publisher(self, stage: Stage) -> None:
        arrived = Flag()
        stage.waits("slow")
        stage.bus.subscribe("last", lambda event: arrived.set(), name="quick")
        stage.bus.start()
        stage.bus.publish("a")
        assert stage.begun.wait(PATIENCE)
        stage.bus.publish("last")
        assert arrived.wait(PATIENCE)
        assert stage.topics("slow") == []
        stage.settle()
        assert stage.topics("slow") == ["a", "last"]

    def test_each_subscriber_has_one_thread_which_is_not_the_publishers(self, stage: Stage) -> None:
        threads: dict[str, set[int]] = {"a": set(), "b": set()}

        def note(name: str, event: Event) -> None:
            threads[name].add(get_ident())

        for name in threads:
            stage.bus.subscribe("**", partial(note, name), name=name)
        stage.bus.start()
        for _ in range(10):
            stage.bus.publish("x")
        stage.settle()
        assert [len(seen) for seen in threads.values()] == [1, 1]
        assert len({get_ident(), *threads["a"], *threads["b"]}) == 3

    def test_a_subscriber_that_raises_is_told_and_receives_on_as_do_others(
        self, stage: Stage
    ) -> None:
        def fails(event: Event) -> None:
            raise SystemExit if event.topic == "exit" else ValueError("no luck")

        stage.bus.subscribe("**", fails, name="bad")
        stage.notes("good")
        with capture_logs() as log:
            stage.bus.start()
            for topic in ("a", "exit", "b"):
                stage.bus.publish(topic)
            stage.settle()
        assert stage.topics("good") == ["a", "exit", "b"]
        assert stage.bus.counts()["bad"] == EventCounts(3, 0, 0)
        failures = told(log, "subscriber failed")
        reasons = [(f["subscriber"], f["topic"], f["reason"]) for f in failures]
        assert reasons == [
            ("bad", "a", "no luck"),
            ("bad", "exit", "SystemExit"),
            ("bad", "b", "no luck"),
        ]

    def test_what_is_no_event_is_refused_to_its_publisher(self, stage: Stage) -> None:
        with pytest.raises(TopicError):
            stage.bus.publish("site.*")
        with pytest.raises(ValueError, match="JSON-like"):
            stage.bus.publish("a", {"a": object()})


class TestLoad:
    def test_nothing_is_lost_uncounted_and_each_publishers_order_is_kept(
        self, stage: Stage
    ) -> None:
        publishers, number = 4, 1000
        stage.notes("wide", capacity=publishers * number)
        stage.notes("narrow", capacity=8)
        stage.bus.start()

        def publish(name: str) -> None:
            for count in range(number):
                stage.bus.publish("load", {"by": name, "count": count})

        threads = [Thread(target=publish, args=(f"p{n}",)) for n in range(publishers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        stage.settle()
        for name, counts in stage.bus.counts().items():
            assert counts.received == len(stage.seen[name])
            assert counts.received + counts.dropped == publishers * number
            for n in range(publishers):
                order = [e.payload["count"] for e in stage.seen[name] if e.payload["by"] == f"p{n}"]
                assert order == sorted(set(order))
        assert stage.bus.counts()["wide"].dropped == 0

    @pytest.mark.parametrize("more", [0, 1, 50])
    def test_a_full_queue_drops_what_comes_next_counts_it_and_tells_it_once(
        self, stage: Stage, more: int
    ) -> None:
        stage.waits("slow")
        stage.bus.start()
        stage.bus.publish("first")
        assert stage.begun.wait(PATIENCE)
        with capture_logs() as log:
            for _ in range(QUEUED_EVENTS):
                stage.bus.publish("kept")
            for _ in range(more):
                stage.bus.publish("lost")
            stage.settle()
        assert stage.bus.counts()["slow"] == EventCounts(1 + QUEUED_EVENTS, more, 0)
        assert "lost" not in stage.topics("slow")
        assert [f["subscriber"] for f in told(log, "events dropped")] == ["slow"][:more]
        assert [f["dropped"] for f in told(log, "events are kept again")] == [more][:more]

    def test_ten_thousand_events_upon_a_full_queue_are_all_counted_and_delay_nobody(
        self, stage: Stage
    ) -> None:
        publishers, number = 4, 2500
        stage.waits("sleeps")
        stage.notes("quick", capacity=publishers * number)
        stage.bus.start()
        stage.bus.publish("first")
        assert stage.begun.wait(PATIENCE)
        for _ in range(QUEUED_EVENTS):
            stage.bus.publish("kept")

        def publish() -> None:
            for _ in range(number):
                stage.bus.publish("lost")

        flood = [Thread(target=publish) for _ in range(publishers)]
        for thread in flood:
            thread.start()
        for thread in flood:
            thread.join()
        all_of_them = 1 + QUEUED_EVENTS + publishers * number
        deadline = monotonic() + PATIENCE
        while len(stage.seen["quick"]) < all_of_them - stage.bus.counts()["quick"].dropped:
            assert monotonic() < deadline
            sleep(0.005)
        assert stage.topics("sleeps") == []
        assert stage.bus.counts()["sleeps"] == EventCounts(1, publishers * number, 0)
        assert stage.bus.counts()["quick"].received == len(stage.seen["quick"])
        stage.settle()
        assert stage.topics("sleeps") == ["first", *["kept"] * QUEUED_EVENTS]

    def test_what_follows_from_an_event_comes_after_it_for_everybody(self, stage: Stage) -> None:
        stage.passes_on("on a", "a", "b")
        for number in range(3):
            stage.notes(f"all {number}", capacity=400)
        stage.bus.start()
        for _ in range(200):
            stage.bus.publish("a")
        stage.settle()
        orders = [stage.topics(f"all {number}") for number in range(3)]
        assert orders[0] == orders[1] == orders[2]
        for place, topic in enumerate(orders[0]):
            before = orders[0][:place]
            assert topic == "a" or before.count("b") < before.count("a")

    def test_a_second_flood_is_told_again(self, stage: Stage) -> None:
        stage.waits("slow", capacity=1)
        stage.bus.start()
        with capture_logs() as log:
            for _ in range(2):
                stage.gate.clear()
                stage.begun.clear()
                stage.bus.publish("first")
                assert stage.begun.wait(PATIENCE)
                for _ in range(3):
                    stage.bus.publish("more")
                stage.settle()
        assert len(told(log, "events dropped")) == 2
        assert stage.bus.counts()["slow"] == EventCounts(4, 4, 0)


class TestReviving:
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
    def test_a_subscriber_whose_thread_died_goes_on_with_what_it_has(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stage.notes("all")
        stage.bus.start()
        (subscription,) = stage.bus._subscriptions

        def dies(event: Event) -> None:
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr(subscription, "_take", dies)
            stage.bus.publish("lost")
            assert subscription.wait(PATIENCE)
        assert not stage.bus.alive()
        stage.bus.publish("kept")
        stage.bus.revive()
        assert stage.bus.alive()
        stage.settle()
        assert stage.topics("all") == ["kept"]

    def test_one_that_lives_is_left_alone_and_one_that_was_stopped_stays_so(
        self, stage: Stage
    ) -> None:
        stage.notes("all")
        stage.bus.start()
        (subscription,) = stage.bus._subscriptions
        thread = subscription._thread
        stage.bus.revive()
        assert subscription._thread is thread
        stage.bus.stop(PATIENCE)
        stage.bus.revive()
        assert not stage.bus.alive()

    def test_an_event_of_an_outbox_keeps_its_chain(self, stage: Stage) -> None:
        stage.notes("all")
        stage.bus.start()
        stage.bus.pass_on(Event("b", {}, ("a",)))
        stage.settle()
        assert [event.path for event in stage.seen["all"]] == [("a", "b")]


class TestChains:
    def rings(self, stage: Stage, *topics: str) -> None:
        """Subscribers that each publish the next topic, the last one the first."""
        for topic, following in zip(topics, (*topics[1:], topics[0]), strict=True):
            stage.passes_on(f"on {topic}", topic, following)

    @pytest.mark.parametrize("topics", [("a",), ("a", "b"), ("a", "b", "c")])
    def test_a_cycle_ends_at_its_first_return_and_is_spelled_out(
        self, stage: Stage, topics: tuple[str, ...]
    ) -> None:
        self.rings(stage, *topics)
        stage.notes("all")
        with capture_logs() as log:
            stage.bus.start()
            stage.bus.publish("a")
            stage.settle()
        assert stage.topics("all") == list(topics)
        assert [event.chain for event in stage.seen["all"]] == [
            topics[:place] for place in range(len(topics))
        ]
        (refusal,) = told(log, "event refused")
        assert refusal["reason"] == f"{' → '.join((*topics, 'a'))}: a cycle"
        assert refusal["subscriber"] == f"on {topics[-1]}"
        refused = {name: c.refused for name, c in stage.bus.counts().items() if c.refused}
        assert refused == {f"on {topics[-1]}": 1}

    def test_a_cycle_that_is_begun_often_is_counted_and_told_once(self, stage: Stage) -> None:
        self.rings(stage, "a", "b")
        with capture_logs() as log:
            stage.bus.start()
            for _ in range(20):
                stage.bus.publish("a")
            stage.settle()
        assert len(told(log, "event refused")) == 1
        assert stage.bus.counts()["on b"] == EventCounts(20, 0, 20)

    def test_a_refusal_ends_the_turn_and_nothing_else(self, stage: Stage) -> None:
        after: list[str] = []

        def receive(event: Event) -> None:
            stage.bus.publish("other")
            with pytest.raises(EmissionRefused) as caught:
                stage.bus.publish("a")
            assert caught.value.chain == ("a", "a")
            after.append(event.topic)
            stage.bus.publish("a")
            after.append("unreachable")

        stage.bus.subscribe("a", receive, name="bad")
        stage.notes("all")
        with capture_logs() as log:
            stage.bus.start()
            stage.bus.publish("a")
            stage.bus.publish("a")
            stage.settle()
        assert after == ["a", "a"]
        assert sorted(stage.topics("all")) == ["a", "a", "other", "other"]
        assert stage.bus.counts()["bad"] == EventCounts(2, 0, 4)
        assert not told(log, "subscriber failed")

    @pytest.mark.parametrize("length", [CHAIN_TOPICS, CHAIN_TOPICS + 1])
    def test_a_chain_has_a_bounded_length(self, stage: Stage, length: int) -> None:
        topics = [f"t{n}" for n in range(length)]
        for topic, following in pairwise(topics):
            stage.passes_on(f"on {topic}", topic, following)
        stage.notes("all")
        with capture_logs() as log:
            stage.bus.start()
            stage.bus.publish("t0")
            stage.settle()
        assert stage.topics("all") == topics[:CHAIN_TOPICS]
        refusals = told(log, "event refused")
        assert len(refusals) == length - CHAIN_TOPICS
        for refusal in refusals:
            assert refusal["reason"].startswith(" → ".join(topics) + ": a chain of more than")

    def test_two_events_with_one_cause_are_no_cycle(self, stage: Stage) -> None:
        stage.passes_on("twice", "a", "b", "b")
        stage.notes("all", "b")
        stage.bus.start()
        stage.bus.publish("a")
        stage.settle()
        assert [event.path for event in stage.seen["all"]] == [("a", "b")] * 2

    def test_what_is_published_outside_of_a_turn_has_no_cause(self, stage: Stage) -> None:
        stage.passes_on("on a", "a", "b")
        stage.notes("all")
        stage.bus.start()
        stage.bus.publish("a")
        stage.settle()
        stage.bus.publish("b")
        stage.settle()
        assert stage.seen["all"][-1].chain == ()


class TestSubscribing:
    def test_it_is_too_late_once_the_bus_is_started_or_stopped(self, stage: Stage) -> None:
        stage.bus.start()
        with pytest.raises(SubscriptionError, match="late comes too late"):
            stage.notes("late")
        other = EventBus()
        other.stop(0)
        with pytest.raises(SubscriptionError, match="too late"):
            other.subscribe("a", print, name="a")

    def test_a_name_is_taken_once_and_a_bad_pattern_not_at_all(self, stage: Stage) -> None:
        stage.notes("a")
        with pytest.raises(SubscriptionError, match="'a'"):
            stage.notes("a")
        with pytest.raises(TopicError):
            stage.notes("b", "a..b")

    def test_their_number_is_bounded_and_one_that_closes_makes_room(self, stage: Stage) -> None:
        made = [stage.bus.subscribe("a", print, name=f"{n}") for n in range(SUBSCRIBERS)]
        for _ in range(2):
            with pytest.raises(SubscriptionError, match="one too many"):
                stage.notes("more")
            made.pop().close()
            stage.notes(f"after {len(made)}")

    @pytest.mark.parametrize("queued", [0, QUEUED_EVENTS])
    def test_one_that_is_closed_begins_nothing_more(self, stage: Stage, queued: int) -> None:
        seen: list[Event] = []

        def receive(event: Event) -> None:
            seen.append(event)
            stage.begun.set()
            assert stage.gate.wait(PATIENCE)

        subscription = stage.bus.subscribe("**", receive, name="slow")
        stage.notes("other", capacity=QUEUED_EVENTS + 2)
        stage.bus.start()
        stage.bus.publish("first")
        assert stage.begun.wait(PATIENCE)
        for _ in range(queued):
            stage.bus.publish("queued")
        subscription.close(0)
        stage.bus.publish("after")
        stage.settle()
        subscription.close()
        assert [event.topic for event in seen] == ["first"]
        assert subscription.counts() == EventCounts(1, queued, 0)
        assert stage.topics("other")[-1] == "after"
        assert "slow" not in stage.bus.counts()

    def test_one_may_close_itself(self, stage: Stage) -> None:
        closed: list[Callable[[], None]] = []
        seen: list[str] = []

        def receive(event: Event) -> None:
            seen.append(event.topic)
            closed[0]()

        closed.append(stage.bus.subscribe("**", receive, name="once").close)
        stage.notes("all")
        for topic in "ab":
            stage.bus.publish(topic)
        stage.bus.start()
        stage.settle()
        assert (seen, stage.topics("all")) == (["a"], ["a", "b"])


class TestStopping:
    def test_what_is_queued_is_handed_over_first(self, stage: Stage) -> None:
        stage.waits("slow")
        stage.bus.start()
        for _ in range(100):
            stage.bus.publish("a")
        stage.gate.set()
        stage.bus.stop(PATIENCE)
        assert stage.bus.counts()["slow"] == EventCounts(100, 0, 0)
        assert len(stage.seen["slow"]) == 100

    def test_one_that_hangs_is_left_behind_and_what_it_missed_is_counted(
        self, stage: Stage
    ) -> None:
        stage.waits("slow")
        stage.notes("good")
        stage.bus.start()
        for _ in range(3):
            stage.bus.publish("a")
        assert stage.begun.wait(PATIENCE)
        with capture_logs() as log:
            stage.bus.stop(0.05)
        late = told(log, "subscriber not done in time")
        assert [entry["subscriber"] for entry in late] == ["slow"]
        assert stage.bus.counts() == {"good": EventCounts(3, 0, 0), "slow": EventCounts(1, 2, 0)}

    def test_what_comes_after_it_is_dropped_quietly_and_a_second_stop_is_well(
        self, stage: Stage
    ) -> None:
        stage.notes("all")
        stage.bus.start()
        stage.bus.stop(PATIENCE)
        with capture_logs() as log:
            stage.bus.publish("a")
        stage.bus.stop(PATIENCE)
        stage.bus.start()
        assert stage.bus.counts()["all"] == EventCounts(0, 1, 0)
        assert not told(log, "events dropped")

    def test_a_bus_that_never_started_drops_what_it_has(self, stage: Stage) -> None:
        stage.notes("all")
        stage.bus.publish("a")
        stage.bus.stop(PATIENCE)
        assert stage.bus.counts()["all"] == EventCounts(0, 1, 0)

    def test_a_subscriber_may_stop_the_bus(self, stage: Stage) -> None:
        stopped = Flag()

        def receive(event: Event) -> None:
            stage.bus.stop(PATIENCE)
            stopped.set()

        stage.bus.subscribe("**", receive, name="ends it")
        stage.bus.start()
        stage.bus.publish("a")
        assert stopped.wait(PATIENCE)
