import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.runtime.components import Component, ComponentError, in_order, running


def part(name: str, *requires: str) -> Component:
    return Component(name=name, requires=requires)


def names(*components: Component) -> list[str]:
    return [component.name for component in in_order(components)]


def test_what_is_required_comes_first() -> None:
    assert names(part("c", "b"), part("b", "a"), part("a")) == ["a", "b", "c"]


def test_among_equals_the_name_decides() -> None:
    assert names(part("b"), part("c"), part("a")) == ["a", "b", "c"]
    assert names(part("z"), part("b", "z"), part("a", "z")) == ["z", "a", "b"]


def test_what_runs_requires_the_nearest_that_run() -> None:
    def runs(name: str, *requires: str) -> Component:
        return Component(name=name, requires=requires, run=lambda context, ended: None)

    parts = [
        runs("a"),
        part("b", "a"),
        runs("c", "b"),
        part("d", "b", "c"),
        runs("e", "d"),
        part("f"),
    ]
    assert running(in_order(parts)) == {"a": (), "c": ("a",), "e": ("a", "c")}


def test_nothing_is_an_order_too() -> None:
    assert in_order([]) == ()


def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.raises(ComponentError, match="'a'"):
        in_order([part("a"), part("a")])


def test_every_missing_part_is_named_with_who_needs_it() -> None:
    with pytest.raises(ComponentError, match=r"a requires x.*b requires y"):
        in_order([part("b", "y"), part("a", "x")])


@pytest.mark.parametrize(
    "parts",
    [
        [part("a", "a")],
        [part("a", "b"), part("b", "a")],
        [part("a", "c"), part("b", "a"), part("c", "b")],
    ],
)
def test_a_cycle_is_named(parts: list[Component]) -> None:
    with pytest.raises(ComponentError, match="cycle") as caught:
        in_order(parts)
    assert all(component.name in str(caught.value) for component in parts)


@st.composite
def graphs(draw: st.DrawFn) -> list[Component]:
    """Parts that require only parts before them, so that there is an order."""
    number = draw(st.integers(1, 8))
    return [
        part(f"p{n}", *draw(st.sets(st.sampled_from([f"p{m}" for m in range(n)]))) if n else ())
        for n in range(number)
    ]


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_is_right_and_one_and_the_same_however_they_are_given(
    parts: list[Component], random: object
) -> None:
    ordered = in_order(parts)
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert in_order(shuffled) == ordered
    place = {component.name: number for number, component in enumerate(ordered)}
    assert len(place) == len(parts)
    for component in ordered:
        assert all(place[name] < place[component.name] for name in component.requires)


def test_a_part_that_says_nothing_does_nothing() -> None:
    component = part("a")
    assert component.remedy
    for act in (component.load, component.start, component.stop):
        act(None)  # type: ignore[arg-type]
