"""A request takes the steps that it took before, within bounds; what is off adds almost none."""

import json
import os
from pathlib import Path

import pytest
from django.conf import settings

from apps.delivery.caching.cache import ResponseCache
from apps.delivery.front import Front
from apps.delivery.ingress.hosts import Hosts
from apps.delivery.ingress.ingress import Ingress
from apps.delivery.measures import Measures
from bench.steps import of_kinds, steps
from tests.sites import CONFIG, Site, SiteRepository
from whispercms.fronting import front

EXPECTED = Path(__file__).with_name("steps.json")
TOLERANCE, OFF = 0.2, 0.02
ROOM = 8 * 1024 * 1024
PAGE, MISSING = "/a/", "/not/there/"


@pytest.fixture
def counted(repository: SiteRepository, site: Site) -> dict[str, int]:
    repository.commit({"config.toml": CONFIG, "content/a.md": "+++\ntitle = 'A'\n+++\nText.\n"})
    site.sync()
    ingress = Ingress(Hosts(("127.0.0.1",), lambda: None))
    fronts = {
        "hit": Front(site.live, cache=ResponseCache(ROOM)),
        "ingress": Front(site.live, cache=ResponseCache(ROOM), ingress=ingress),
        "off": front(site.live, settings.INSTANCE, ingress),
        "measured": front(site.live, settings.INSTANCE, ingress, Measures()),
        "miss": Front(site.live),
    }
    found = {name: of_kinds(front, PAGE, MISSING) for name, front in fronts.items()}
    return {f"{name}.{kind}": n for name, kinds in found.items() for kind, n in kinds.items()}


def test_steps_are_counted_and_the_same_each_time() -> None:
    def few() -> None:
        sum([1, 2])

    def more() -> None:
        for _ in range(10):
            few()

    assert 0 < steps(few) == steps(few)
    assert steps(more) > 10 * steps(few)


def test_no_request_takes_a_fifth_more_steps_than_before(counted: dict[str, int]) -> None:
    if os.environ.get("BENCH_STEPS") == "write":
        EXPECTED.write_text(json.dumps(counted, indent=2, sort_keys=True) + "\n")
    expected = json.loads(EXPECTED.read_text())
    assert counted.keys() == expected.keys()
    assert {
        kind: (found, expected[kind])
        for kind, found in counted.items()
        if abs(found - expected[kind]) > TOLERANCE * expected[kind]
    } == {}


def test_a_hit_is_far_from_a_miss(counted: dict[str, int]) -> None:
    assert counted["hit.page"] * 4 < counted["miss.page"]
    assert counted["hit.not_modified"] <= counted["hit.page"] * (1 + TOLERANCE)


def test_what_is_refused_takes_fewer_steps_than_what_is_served(counted: dict[str, int]) -> None:
    assert counted["ingress.wrong_method"] < counted["ingress.page"]
    assert counted["ingress.unreadable"] * 4 < counted["miss.page"]


def test_what_is_switched_off_adds_almost_no_steps(counted: dict[str, int]) -> None:
    for kind in ("page", "not_modified", "not_found"):
        assert counted[f"off.{kind}"] <= counted[f"ingress.{kind}"] * (1 + OFF)
        assert counted[f"measured.{kind}"] > counted[f"off.{kind}"]
