"""A target is held against the figures of one run."""

import pytest

from bench.__main__ import MEASUREMENTS, QUICK
from bench.report import Figure
from bench.targets import TARGETS, Target, told, verdicts


def figure(name: str, value: float) -> Figure:
    return Figure(name=name, value=value, unit="ms")


@pytest.mark.parametrize(("value", "holds"), [(0.899, False), (0.9, True), (0.901, True)])
def test_a_ratio_has_to_reach_its_bound(value: float, holds: bool) -> None:
    target = Target(figure="a", of="b", must="at least", bound=0.9)
    assert target.holds({"a": value * 10, "b": 10}) is holds


@pytest.mark.parametrize(("value", "holds"), [(50.1, False), (50.0, True)])
def test_a_value_may_not_pass_its_bound(value: float, holds: bool) -> None:
    assert Target(figure="a", must="at most", bound=50).holds({"a": value}) is holds


def test_a_difference_is_of_two_figures() -> None:
    assert Target(figure="a", less="b", must="at most", bound=1).found({"a": 5, "b": 3}) == 2


def test_only_what_was_measured_is_judged() -> None:
    assert verdicts([]) == []
    found = told([figure("mixed_p95_ms", 80)])
    assert found.startswith("MISSED")
    assert "80" in found


def test_every_target_is_of_figures_that_are_measured() -> None:
    known = {name for each in MEASUREMENTS for name in each.figures}
    assert {name for target in TARGETS for name in target.needs} <= known


def test_no_two_measurements_have_a_name_in_common() -> None:
    names = [name for each in MEASUREMENTS for name in (each.name, *each.figures)]
    assert sorted(names) == sorted(set(names))
    assert set(QUICK) <= set(names)
