"""Policies are cut apart and measured before the engine's parser, which has no bounds."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.policy import cedar
from apps.policy.limits import CHAIN, LITERAL, NESTING, POLICIES, TOKENS
from apps.policy.schema import complete
from apps.policy.splitting import UnfitText, split

PERMIT = "permit (principal, action, resource)"


def when(condition: str) -> str:
    return f"{PERMIT} when {{ {condition} }};"


def nested(brackets: int, opening: str = "(", closing: str = ")") -> str:
    """With the braces of `when` as the outermost."""
    return when(opening * (brackets - 1) + "1" + closing * (brackets - 1) + " == 1")


def code(text: str) -> str:
    with pytest.raises(UnfitText) as caught:
        split(text)
    return caught.value.code


def test_each_policy_has_its_line() -> None:
    text = f'// first\n\n@id("a")\n{PERMIT};{PERMIT};\n\n  {PERMIT} // last\n;\n// end\n'
    assert [each.line for each in split(text)] == [3, 4, 6]
    assert split(text)[1].text == f"{PERMIT};"


def test_signs_in_texts_and_comments_are_none() -> None:
    text = when('"((((;\\";// {" == "\\\\"') + "// ;;((((\r" + PERMIT + ";"
    assert len(split(text)) == 2


@pytest.mark.parametrize("brackets", ["()", "[]", "{}"])
def test_brackets_nest_up_to_the_bound(brackets: str) -> None:
    assert split(nested(NESTING, *brackets))
    assert code(nested(NESTING + 1, *brackets)) == "policy.too-deep"


def test_brackets_of_several_kinds_add_up() -> None:
    assert code(when("f([" * NESTING)) == "policy.too-deep"


def test_what_a_comment_hides_from_us_it_hides_from_the_engine() -> None:
    for end in "\n\r":
        assert code(f"// x{end}{nested(NESTING + 1)}") == "policy.too-deep"


@pytest.mark.parametrize("link", ["&&", "||", "+", "-", "*", "."])
def test_a_chain_is_bounded(link: str) -> None:
    assert split(when(link.join(["a"] * (CHAIN + 1))))
    assert code(when(link.join(["a"] * (CHAIN + 2)))) == "policy.too-deep"


def test_a_chain_of_conditionals_is_bounded() -> None:
    assert split(when("if a then b else " * CHAIN + "c"))
    assert code(when("if a then b else " * (CHAIN + 1) + "c")) == "policy.too-deep"


def test_a_policy_is_bounded_and_the_next_one_begins_anew() -> None:
    fits = when(" ".join(["a"] * (TOKENS - 12)))
    assert len(split(fits + fits)) == 2
    assert code(when(" ".join(["a"] * (TOKENS - 11)))) == "policy.too-large"


def test_a_text_is_bounded() -> None:
    assert split(when(f'"{"*" * (LITERAL - 2)}" == ""'))
    assert code(when(f'"{"*" * (LITERAL - 1)}" == ""')) == "policy.too-large"


def test_the_number_of_policies_is_bounded() -> None:
    assert len(split(";" * POLICIES)) == POLICIES
    assert code(";" * (POLICIES + 1)) == "policy.too-large"


@pytest.mark.parametrize("text", ['"', '"\\"', "permit)", "(]", "([)]", '@id("a) permit;'])
def test_what_closes_nothing_or_has_no_end_is_told(text: str) -> None:
    assert code(text) == "policy.syntax"


@given(st.text(alphabet='permit(),;"\\/[]{}\n\r@ é\0', max_size=200))
def test_any_text_is_cut_or_told_and_nothing_is_lost(text: str) -> None:
    try:
        found = split(text)
    except UnfitText as unfit:
        assert 1 <= unfit.line <= text.count("\n") + 1
        return
    rest = text
    for each in found:
        assert each.text in rest
        rest = rest.partition(each.text)[2]


REQUEST = {
    "principal": {"type": "Person", "id": "ada"},
    "action": {"type": "Action", "id": "edit"},
    "resource": {"type": "Document", "id": "a"},
}
SCHEMA = cedar.schema_of(complete())
WORST = "(" * (NESTING - 1) + "{}" + ")" * (NESTING - 1)


@pytest.mark.parametrize(
    "condition",
    [
        WORST.format("if true then true else " * CHAIN + " && ".join(["true"] * CHAIN)),
        " || ".join(["true"] * CHAIN) + " && " + WORST.format("1 + " * CHAIN + "1 == 1"),
        "[" * (NESTING - 1) + "1" + "]" * (NESTING - 1) + " == context" + ".a" * CHAIN,
    ],
)
def test_the_engine_reads_what_is_just_within_the_bounds_on_a_small_stack(condition: str) -> None:
    (policy,) = split(when(condition))
    read: list[object] = []

    def work() -> None:
        parsed = cedar.parsed(policy.text)
        compiled = cedar.compiled({"a": policy.text})
        read.append(
            (parsed, cedar.ask(compiled, REQUEST, "[]"), cedar.mistakes(policy.text, SCHEMA))
        )

    before = threading.stack_size(2 * 1024 * 1024)
    thread = threading.Thread(target=work)
    thread.start()
    threading.stack_size(before)
    thread.join()
    assert read
