"""Texts have one meaning that all tools agree on, or are refused; and what is written is read."""

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.policy.secrets import json_form, yaml_form, yaml_writing
from apps.policy.secrets.faults import FORM, LIMIT, UNSUPPORTED, SecretFault
from apps.policy.secrets.limits import DEPTH, VALUES
from apps.policy.secrets.tree import BOOL, DATE, FLOAT, INT, NOTHING, STR, Leaf, Node, leaves

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ODD = [
    "no",
    "y",
    "0x1F",
    "1_000",
    "1e3",
    "2020-01-01",
    "~",
    "<<",
    "#",
    "- a",
    "{",
    "a: b",
    "\u0085",
]
LEAVES = st.builds(Leaf, st.just(STR), TEXTS | st.sampled_from(ODD)) | st.sampled_from(
    [Leaf(INT, "-7"), Leaf(FLOAT, "1.5"), Leaf(BOOL, "True"), NOTHING]
)
NODES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)
TREES = st.dictionaries(TEXTS | st.sampled_from(ODD[:-1]), NODES, max_size=4)


def refused(text: str, *, form: object = yaml_form) -> SecretFault:
    with pytest.raises(SecretFault) as caught:
        form.read(text)  # type: ignore[attr-defined]
    assert caught.value.remedy
    return caught.value


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_what_is_written_in_yaml_is_read_as_it_was(tree: dict[str, Node]) -> None:
    if "<<" not in repr(list(_keys(tree))):
        assert yaml_form.read(yaml_writing.written(tree)) == tree


def _keys(node: Node) -> list[str]:
    if isinstance(node, dict):
        return [*node, *(key for inner in node.values() for key in _keys(inner))]
    return [key for item in node for key in _keys(item)] if isinstance(node, list) else []


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_what_is_written_in_json_is_read_with_the_same_meaning(tree: dict[str, Node]) -> None:
    found = json_form.read(json_form.written(tree))
    assert [leaf.text for _, leaf in leaves(found)] == [leaf.text for _, leaf in leaves(tree)]


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(TEXTS, TEXTS, max_size=4))
def test_other_readers_of_yaml_read_the_same_texts(values: dict[str, str]) -> None:
    text = yaml_writing.written({key: Leaf(STR, value) for key, value in values.items()})
    assert yaml.safe_load(text or "{}") == values


@pytest.mark.parametrize(
    ("text", "leaf"),
    [
        *(("12", Leaf(INT, "12")), ("-0", Leaf(INT, "0")), ("1.50", Leaf(FLOAT, "1.5"))),
        *(("1.0", Leaf(FLOAT, "1")), ("1.0e3", Leaf(FLOAT, "1000")), ("true", Leaf(BOOL, "True"))),
        *(("FALSE", Leaf(BOOL, "False")), ("~", NOTHING), ("", NOTHING), ("no", Leaf(STR, "no"))),
        *(
            ("'1'", Leaf(STR, "1")),
            ("1.2.3", Leaf(STR, "1.2.3")),
            ("2020-01-01", Leaf(DATE, "2020-01-01")),
        ),
        ("!!str 1", Leaf(STR, "1")),
    ],
)
def test_plain_values_are_read_as_yaml_1_2_has_them(text: str, leaf: Leaf) -> None:
    assert yaml_form.read(f"a: {text}\n") == {"a": leaf}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("a: 0x1F", UNSUPPORTED), ("a: 1_000", UNSUPPORTED), ("a: 0o17", UNSUPPORTED)),
        *(("a: 017", UNSUPPORTED), ("a: .inf", UNSUPPORTED), ("a: +5", UNSUPPORTED)),
        *(
            ("a: 1e3", UNSUPPORTED),
            ("a: 99999999999999999999", UNSUPPORTED),
            ("a: &b 1", UNSUPPORTED),
        ),
        *(("a: *b", UNSUPPORTED), ("a: !x 1", UNSUPPORTED), ("1: a", UNSUPPORTED)),
        *(("? [a]\n: b", UNSUPPORTED), ("<<: {}", UNSUPPORTED), ("a: 1\n---\nb: 2", UNSUPPORTED)),
        *(("a: 1\na: 2", FORM), ("- a", FORM), ("a", FORM), ("a: [", FORM), ("a: \x07", FORM)),
        (f"a: {'[' * 30_000}", LIMIT),
    ],
)
def test_yaml_that_tools_read_differently_is_refused(text: str, code: str) -> None:
    assert refused(text).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(('{"a": NaN}', UNSUPPORTED), ('{"a": 1, "a": 2}', FORM), ("[]", FORM), ("1", FORM)),
        *(("{", FORM), ('{"a": 1e999}', UNSUPPORTED), ('{"a": ' + "[" * 100_000, LIMIT)),
    ],
)
def test_json_that_tools_read_differently_is_refused(text: str, code: str) -> None:
    assert refused(text, form=json_form).code == code


def test_numbers_of_json_are_what_go_reads() -> None:
    found = json_form.read('{"a": 7, "b": 7.0, "c": 1e21, "d": 0.1}')
    texts = [leaf.text for _, leaf in leaves(found)]
    assert texts == ["7", "7", "1000000000000000000000", "0.1"]


@pytest.mark.parametrize("form", [yaml_form, json_form])
def test_depth_and_number_of_values_have_bounds(form: object) -> None:
    def nested(depth: int) -> str:
        return '{"a": ' * depth + "1" + "}" * depth

    assert form.read(nested(DEPTH))  # type: ignore[attr-defined]
    assert refused(nested(DEPTH + 1), form=form).code == LIMIT
    many = {str(n): "x" for n in range(VALUES)}
    assert len(list(leaves(form.read(json.dumps(many))))) == VALUES  # type: ignore[attr-defined]
    with pytest.raises(SecretFault) as caught:
        list(leaves(form.read(json.dumps({**many, "more": "x"}))))  # type: ignore[attr-defined]
    assert caught.value.code == LIMIT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("a: 1 # x\n", True), ("# x\na: 1\n", True), ("a: '#'\n", False), ("a: b#c\n", False)),
        *(("a: |\n  # no\n  x\nb: 1\n", False), ("a: 1\n# end", True), ("a: 1\n", False)),
    ],
)
def test_comments_are_seen(text: str, expected: bool) -> None:
    assert yaml_form.has_comments(text) is expected
