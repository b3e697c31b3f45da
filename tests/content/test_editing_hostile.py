"""Files made to harm: each is refused with its place, or edited; nothing fails otherwise."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.bounds import MAX_DOCUMENT, MAX_HEADER
from apps.content.editing import ABSENT, EditError, edit
from apps.content.edits.bracket_spans import Scanner
from apps.content.edits.toml_spans import toml_spans
from apps.content.edits.yaml_spans import yaml_spans
from tests.content.edits import front, numstat, refusal


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (b"---\na: \xff\n---\n", "edit.encoding", 2),
        (b"---\na: 1\n---\nx\n\xc3", "edit.encoding", 5),
        ("---\na: \ud800\n---\n", "edit.encoding", 2),
        ("---\na: x\x00\n---\n", "front-matter.syntax", 2),
        ("---\na: 1\nb:\n\t- 1\n---\n", "front-matter.syntax", 4),
        ("---\na: 1\na: 2\n---\n", "front-matter.duplicate-key", 3),
        ("---\na: &x [1]\nb: *x\n---\n", "front-matter.alias", 3),
        ("---\na: 1\n...\nBody", "front-matter.wrong-fence", 3),
        ("---\na: 1\n", "front-matter.unclosed", 1),
        ("---\n- a\n---\n", "front-matter.not-a-mapping", 2),
        ("+++\na = 1\na = 2\n+++\n", "front-matter.duplicate-key", 3),
        ("+++\na = \n+++\n", "front-matter.syntax", 2),
        ('{"a": 1,\n"a": 2}\n', "front-matter.duplicate-key", 2),
        ('{"a": ' + "[" * 60_000, "front-matter.too-deep", 1),
        ("---\na: " + "[" * 60_000 + "\n---\n", "front-matter.too-deep", 2),
        ("+++\na = " + "[" * 60_000 + "\n+++\n", "front-matter.too-deep", 2),
        ("---\na: " + "x" * MAX_HEADER + "\n---\n", "front-matter.too-large", 1),
        ("x" * (MAX_DOCUMENT + 1), "markup.too-large", 1),
    ],
)
def test_a_file_that_cannot_be_read_is_not_edited(text: str | bytes, code: str, line: int) -> None:
    assert refusal(text, {"a": 1}) == (code, line)
    assert refusal(text, {}) == (code, line)


def test_an_alias_bomb_is_not_edited() -> None:
    lines = ["a0: &a0 [x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert refusal("---\n" + "\n".join(lines) + "\n---\n", {"a0": 1})[0] == "front-matter.alias"


def test_an_edit_that_makes_a_file_too_large_is_refused() -> None:
    assert refusal("---\nx: 1\na: 1\n---\n", {"a": "y" * MAX_HEADER}) == (
        "front-matter.too-large",
        3,
    )
    assert refusal("---\na: 1\n---\n", {}, "x" * MAX_DOCUMENT) == ("markup.too-large", 1)


FULL: dict[str, tuple[str, Any]] = {
    "fields of YAML": ("---\na: 1\n" + "".join(f"k{n}: v\n" for n in range(4_900)) + "---\n", 2),
    "items of YAML": ("---\na:\n" + "- v\n" * 9_900 + "---\n", ["v"] * 9_901),
    "items turned around": (
        "---\na:\n" + "".join(f"- {n}\n" for n in range(3_000)) + "---\n",
        list(range(3_000, 0, -1)),
    ),
    "items of TOML": ("+++\na = [\n" + "1,\n" * 5_000 + "]\n+++\n", [1] * 5_001),
    "tables": ("+++\na = 1\n" + "".join(f"[t{n}]\n" for n in range(3_000)) + "+++\n", 2),
    "dotted keys": ("+++\n" + "".join(f"a.k{n}=1\n" for n in range(2_500)) + "+++\n", 2),
    "arrays of tables": ("+++\n" + "[[a]]\n" * 4_000 + "+++\n", [{}] * 3_500),
    "fields of JSON": ('{"a":1' + "".join(f',"k{n}":1' for n in range(4_900)) + "}\n", 2),
    "a long body": ("---\na: 1\n---\n" + "x\r\n" * 200_000, 2),
}


@pytest.mark.parametrize("name", FULL)
def test_a_full_file_is_edited(name: str) -> None:
    text, value = FULL[name]
    made = edit(text, {"a": value})
    assert front(made)["a"] == value
    if name not in ("items turned around", "dotted keys", "arrays of tables"):
        assert sum(numstat(text.encode(), made)) <= 2


@given(st.text(alphabet="[]{}=:,\"'#a1.\n \\-&*!|?>+%@~", max_size=30))
def test_what_finds_places_reads_any_text_to_its_end(text: str) -> None:
    for spans in (toml_spans, yaml_spans, lambda text: Scanner(text, ":").value()):
        try:
            spans(text)
        except ValueError:
            continue


@given(
    st.sampled_from(["---\na: 1\n", "+++\na=1\n", '{"a":1', ""]),
    st.text(alphabet="-+{}[]:=\"'#ab1.,\n\r \t&*!|>?%@`\ufeffé", max_size=60),
    st.sampled_from(["\n---\n", "\n+++\n", "}\n", ""]),
    st.sampled_from([2, "x: y", ["b"], {"c": 1}, ABSENT]),
)
def test_any_file_is_edited_or_refused(opening: str, text: str, ending: str, value: Any) -> None:
    try:
        made = edit(opening + text + ending, {"a": value})
    except EditError:
        return
    assert front(made).get("a", ABSENT) == value
