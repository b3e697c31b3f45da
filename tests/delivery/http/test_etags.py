import pytest

from apps.delivery.http.etags import is_any, strongly, weakly
from tests.tables import each_of


@pytest.mark.parametrize("header", ['"a"', 'W/"a"', '"x", "a"', '"x",W/"a","y"', '"a" '])
def test_a_tag_matches_weakly_anywhere_in_the_list(header: str) -> None:
    assert weakly(header, '"a"')


@each_of("header", ["", "a", '"b"', '"A"', '"aa"', '"a', '"*"', '"x "a""', "*"])
def test_another_tag_does_not_match(header: str) -> None:
    assert not weakly(header, '"a"')
    assert not strongly(header, '"a"')


def test_a_tag_may_hold_a_comma() -> None:
    assert weakly('"x,y", "b"', '"x,y"')
    assert not weakly('"x,y", "b"', '"y"')


def test_a_weak_tag_is_never_strong() -> None:
    assert strongly('"x", "a"', '"a"')
    assert not strongly('W/"a", "x"', '"a"')
    assert strongly('W/"a", "a"', '"a"')


@pytest.mark.parametrize("header", ["*", " * "])
def test_a_star_is_any(header: str) -> None:
    assert is_any(header)


@pytest.mark.parametrize("header", ["**", '"*"', '*, "a"', ""])
def test_nothing_else_is(header: str) -> None:
    assert not is_any(header)
