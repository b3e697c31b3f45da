"""Plugins that are told of the system answer with an error here, as nothing else of them shows."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event as Flag
from time import monotonic, sleep

import pytest
from structlog.testing import capture_logs

from apps.content.index import Index
from apps.content.rendering import Renderer
from apps.delivery.front import Front
from apps.delivery.warm_set import WarmSet
from apps.extensions.plugins import PHASE_SECONDS
from apps.runtime.emissions import Event
from apps.runtime.events import EventBus
from apps.runtime.parts import ThreadPart
from apps.runtime.subscriptions import EventCounts
from tests.delivery.extending import Files, config, lock, pinned_lock, served
from tests.sites import Site, SiteRepository
from tests.whispercms.nodes import made
from whispercms.boot import DRAIN_SECONDS
from whispercms.notifying import notify_plugins
from whispercms.watching import Watcher

PATIENCE = 20.0
TOPICS = ("system.started", "system.synced", "system.stopping")
SYSTEM, SITE = "read:system", "read:site"


def listener(name: str, *capabilities: str, topics: Sequence[str] = TOPICS, does: str) -> Files:
    """A plugin that subscribes to `topics` and does the same at each."""
    listed, subscribed = (", ".join(f'"{t}"' for t in each) for each in (capabilities, topics))
    return {
        f"plugins/{name}/plugin.toml": f'id = "{name}"\nversion = "1.0.0"\n'
        f'requires = ">=1.0,<2"\nsubscribes = [{subscribed}]\ncapabilities = [{listed}]\n',
        f"plugins/{name}/main.lua": "\n".join(
            f'on("{topic}", function(event) {does} end)' for topic in topics
        ),
    }


SAYS = 'error("heard of " .. event.system.commit .. " on " .. event.system.branch)'
GREETS = 'error("hello " .. event.site.title)'
PEEKS = "error(tostring(event.system))"


@pytest.fixture
def bus(site: Site) -> Iterator[EventBus]:
    """As the start-up makes it."""
    made = EventBus()
    made.subscribe("system.*", lambda event: notify_plugins(site.live, event), name="plugins")
    yield made
    made.stop(PATIENCE)


def heard(bus: EventBus, *topics: str) -> list[tuple[str, str, str]]:
    """(plugin, topic, what it said) of all that fails when these are published."""
    with capture_logs() as entries:
        for topic in topics:
            bus.publish(topic)
        bus.start()
        bus.stop(PATIENCE)
    assert not [entry for entry in entries if entry["event"] == "subscriber failed"]
    told = [entry for entry in entries if entry["event"] == "extension"]
    return [(entry["by"], entry["topic"], entry["detail"]) for entry in told]


class TestPlugins:
    def test_those_that_subscribe_are_told_what_they_may_see(
        self, repository: SiteRepository, site: Site, bus: EventBus
    ) -> None:
        top = {"config.toml": config("says", "greets", "peeks", "deaf")}
        served(
            repository,
            site,
            top,
            listener("says", SYSTEM, topics=TOPICS[:1], does=SAYS),
            listener("greets", SITE, topics=TOPICS[1:], does=GREETS),
            listener("peeks", SITE, topics=TOPICS[2:], does=PEEKS),
            listener("deaf", topics=("content.resolved",), does=PEEKS),
            lock(says=(SYSTEM,), greets=(SITE,), peeks=(SITE,), deaf=()),
        )
        commit = repository.git.resolve("refs/heads/main")
        found = heard(bus, *TOPICS)
        expected = [
            ("says", TOPICS[0], f"heard of {commit} on main"),
            ("greets", TOPICS[1], "hello A test site"),
            ("greets", TOPICS[2], "hello A test site"),
            ("peeks", TOPICS[2], "needs the capability read:system"),
        ]
        assert [each[:2] for each in found] == [each[:2] for each in expected]
        for (*_, detail), (*_, text) in zip(found, expected, strict=True):
            assert text in detail

    def test_a_site_without_any_costs_no_worker_a_turn(
        self, repository: SiteRepository, site: Site, bus: EventBus
    ) -> None:
        served(repository, site, {"config.toml": config()})
        assert heard(bus, *TOPICS, "system.other") == []
        assert bus.counts()["plugins"] == EventCounts(4, 0, 0)

    def test_one_that_loops_is_given_up_and_the_others_are_told(
        self, repository: SiteRepository, site: Site, bus: EventBus
    ) -> None:
        served(
            repository,
            site,
            {"config.toml": config("spins", "greets")},
            listener("spins", does="while true do end"),
            listener("greets", SITE, does=GREETS),
            lock(spins=(), greets=(SITE,)),
        )
        names = [by for by, *_ in heard(bus, "system.stopping")]
        assert names == ["spins", "greets"]

    def test_the_time_for_it_at_a_stop_is_that_of_two_phases(self) -> None:
        assert DRAIN_SECONDS == 2 * PHASE_SECONDS


class TestWatcher:
    def test_a_new_commit_is_published_and_the_first_one_is_not(
        self, repository: SiteRepository, site: Site, renderer: Renderer
    ) -> None:
        served(repository, site, {"config.toml": config()})
        bus, both = EventBus(), Flag()
        seen: list[Event] = []

        def receive(event: Event) -> None:
            seen.append(event)
            if event.topic == "system.synced":
                both.set()

        bus.subscribe("**", receive, name="all")
        watcher = Watcher(
            site.live,
            WarmSet(site.live, Front(site.live)),
            renderer=renderer,
            files=site.files,
            index=Index(site.files),
            events=bus,
        )
        bus.start()
        part = ThreadPart("watcher", watcher.run)
        part.start()
        commit = repository.commit({"content/more.md": "# More\n"})
        site.sync()
        assert both.wait(PATIENCE)
        part.ask()
        assert part.wait(PATIENCE)
        bus.stop(PATIENCE)
        assert [event.topic for event in seen] == ["site.synced", "system.synced"]
        assert all(event.payload == {"commit": commit, "branch": "main"} for event in seen)


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="/proc is read")
def test_a_serving_process_tells_its_plugins_from_its_start_to_its_stop(tmp_path: Path) -> None:
    repository, instance = made(tmp_path)
    plugin = listener("says", SYSTEM, does=SAYS)
    files = {"config.toml": config("says"), **plugin, **pinned_lock(plugin, says=(SYSTEM,))}
    first = repository.commit(files)
    with instance.started() as running:
        second = repository.commit({"content/more.md": "# More\n"})
        assert instance.run("syncrepo").returncode == 0
        deadline = monotonic() + PATIENCE
        while instance.get("/readyz").json()["events"]["plugins"]["received"] < 2:
            assert monotonic() < deadline
            sleep(0.05)
        assert running.end() == 0
    lines = [json.loads(line) for line in running.log.read_text().splitlines() if "heard" in line]
    heard = [(line["event"], line["by"], line["topic"]) for line in lines]
    assert heard == [("extension", "says", topic) for topic in TOPICS]
    for line, commit in zip(lines, (first, second, second), strict=True):
        assert f"heard of {commit} on main" in line["detail"]
