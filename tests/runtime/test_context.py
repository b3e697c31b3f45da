import pytest

from apps.runtime.context import Context, ContextError


class Base:
    pass


class Derived(Base):
    pass


def test_a_value_is_found_by_its_type() -> None:
    context = Context()
    value = Derived()
    context.put(value)
    context.put("text")
    assert context.get(Derived) is value
    assert context.get(str) == "text"


def test_a_value_is_written_once() -> None:
    context = Context()
    context.put(Base())
    context.put(Derived())
    with pytest.raises(ContextError, match="already"):
        context.put(Base())


def test_a_value_that_nobody_has_put_is_named() -> None:
    with pytest.raises(ContextError, match="Derived"):
        Context().get(Derived)


def test_a_value_of_a_narrower_type_does_not_stand_for_a_wider_one() -> None:
    context = Context()
    context.put(Derived())
    with pytest.raises(ContextError, match="Base"):
        context.get(Base)


@pytest.mark.parametrize("value", [0, "", (), False])
def test_an_empty_value_is_a_value(value: object) -> None:
    context = Context()
    context.put(value)
    assert context.get(type(value)) == value


def test_a_sealed_context_is_read_and_not_written() -> None:
    context = Context()
    context.put("text")
    assert not context.sealed
    context.seal()
    context.seal()
    assert context.sealed
    assert context.get(str) == "text"
    with pytest.raises(ContextError, match="too late"):
        context.put(3)
