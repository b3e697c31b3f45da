import pytest

from apps.content.bounds import MAX_HEADER_DEPTH, MAX_HEADER_NODES
from apps.content.flaws import FlawError
from apps.content.loose_yaml import read_loose_yaml


def test_values_are_repeated_and_merged() -> None:
    text = "a: &x {b: 1, c: no}\nd:\n  <<: *x\n  c: 2\ne: *x\nf:\n  <<: [*x, {g: 3}]\n"
    assert read_loose_yaml(text) == {
        "a": {"b": 1, "c": "no"},
        "d": {"b": 1, "c": 2},
        "e": {"b": 1, "c": "no"},
        "f": {"b": 1, "c": "no", "g": 3},
    }


def test_what_only_other_readers_bear_is_borne() -> None:
    text = "1: one\ntrue: two\nnull: three\na: 1\na: 2\nb: !ruby/regexp 'x'\n? [x]\n: y\n"
    assert read_loose_yaml(text) == {
        "1": "one",
        "true": "two",
        "null": "three",
        "a": 2,
        "b": "x",
    }


def test_nothing_is_an_empty_table() -> None:
    assert read_loose_yaml("# nothing\n") == {}


@pytest.mark.parametrize(
    "text", ["a: *b\n", "a: &a [*a]\n", "- a\n", "a: [\n", "a: b\n---\nc: d\n"]
)
def test_what_has_no_meaning_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(FlawError) as caught:
        read_loose_yaml(text)
    assert caught.value.line >= 1


def laughs(levels: int) -> str:
    """Each line has nine times what the line above it has."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


def test_repeating_counts_as_writing_out() -> None:
    assert len(read_loose_yaml(laughs(3))) == 3
    with pytest.raises(FlawError, match=f"{MAX_HEADER_NODES:,}"):
        read_loose_yaml(laughs(9))


def test_repeating_goes_no_deeper_than_writing_out() -> None:
    lines = ["a0: &a0 []", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, MAX_HEADER_DEPTH))]
    assert read_loose_yaml("\n".join(lines[:-1]))
    with pytest.raises(FlawError, match="deep"):
        read_loose_yaml("\n".join([*lines, f"z: [*a{MAX_HEADER_DEPTH - 1}]"]))
