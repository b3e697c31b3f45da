"""What many small cases as one test must not lose: that all are tried, and who failed is told."""

import inspect

import pytest

from tests.tables import each_of


def test_every_case_is_tried_with_what_fixtures_give() -> None:
    tried: list[tuple[str, int, str]] = []

    @each_of("letter", "ab")
    @each_of(("number", "word"), [(1, "one"), (2, "two")])
    def test(base: str, letter: str, number: int, word: str) -> None:
        tried.append((base + letter, number, word))

    assert list(inspect.signature(test).parameters) == ["base"]
    test(base="x")
    assert tried == [("xa", 1, "one"), ("xa", 2, "two"), ("xb", 1, "one"), ("xb", 2, "two")]


def test_a_case_that_fails_is_named() -> None:
    @each_of("number", range(5))
    def test(number: int) -> None:
        assert number != 3

    with pytest.raises(AssertionError) as caught:
        test()
    assert caught.value.__notes__ == ["The case: number=3"]


def test_all_that_fail_are_named_whatever_they_fail_of() -> None:
    @each_of("number", range(5))
    def test(number: int) -> None:
        if number == 2:
            pytest.fail("no")
        assert 1 // (number - 3)

    with pytest.raises(BaseExceptionGroup) as caught:
        test()
    notes = [each.__notes__ for each in caught.value.exceptions]
    assert notes == [["The case: number=2"], ["The case: number=3"]]


def test_a_table_has_cases() -> None:
    with pytest.raises(AssertionError, match="without cases"):
        each_of("number", [])
