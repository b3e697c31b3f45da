import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.delivery.facts import Fact, Facts, OutOfPhase


def collected(*found: tuple[str, str, str]) -> tuple[Fact, ...]:
    facts = Facts()
    for each in found:
        facts.record(*each)
    return facts.close()


def test_what_was_read_is_told_in_an_order_of_its_own() -> None:
    assert collected(("list", "x", "2"), ("document", "/a/", "1")) == (
        Fact("document", "/a/", "1"),
        Fact("list", "x", "2"),
    )


def test_absence_is_a_fact() -> None:
    assert collected(("document", "/a/", "")) == (Fact("document", "/a/", ""),)


def test_nothing_can_be_read_after_the_phase() -> None:
    facts = Facts()
    facts.close()
    with pytest.raises(OutOfPhase, match="/a/"):
        facts.record("document", "/a/", "1")


FACTS = st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["x", "y"]), st.just("1")))


@given(FACTS)
def test_each_fact_is_told_once_whatever_the_order(found: list[tuple[str, str, str]]) -> None:
    assert collected(*found) == collected(*reversed(found)) == collected(*found, *found)
    assert len(collected(*found)) == len(set(found))
