"""What holds for every edit of every header, whatever its style."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apps.content.editing import ABSENT, EditError, edit, edited
from apps.content.frontmatter import split
from tests.content import headers
from tests.content.edits import front, numstat

Names = tuple[str, ...]

FEW, MANY = 40, 1_500
TRUTHS = ("yes", "no", "on", "off", "y", "n", "true", "false", "null")
HEADERS = headers.yaml_headers() | headers.toml_headers() | headers.json_headers()
BODIES = st.sampled_from(["", "Body", "x\n\n---\ny\n"])
ENDS = st.sampled_from(["\n", "\n", "\r\n", "\r"])


@st.composite
def files(draw: st.DrawFn) -> bytes:
    text = draw(HEADERS) + draw(BODIES)
    parts = split(text)
    assume(not parts.flaws and parts.format != "none")
    return (draw(st.sampled_from(["", "\ufeff"])) + text.replace("\n", draw(ENDS))).encode()


def places(value: Any, path: Names = ()) -> Iterator[Names]:
    if path:
        yield path
    if isinstance(value, dict):
        for name in value:
            yield from places(value[name], (*path, name))


def at(value: Any, path: Names) -> Any:
    for name in path:
        value = value.get(name, ABSENT) if isinstance(value, dict) else ABSENT
    return value


def without(value: dict[str, Any], path: Names) -> Any:
    """All fields but one. What it stands in stays."""
    name, *rest = path
    if rest and isinstance(value.get(name), dict):
        return {**value, name: without(value[name], tuple(rest))}
    return {key: item for key, item in value.items() if key != name}


def values_are_read_back_and_nothing_else_changes(data: st.DataObject) -> None:
    before = data.draw(files())
    fields = front(before)
    path = data.draw(st.sampled_from([("new",), ("title",), *places(fields)]))
    value = data.draw(headers.VALUES | st.just(ABSENT))
    try:
        after = edit(before, {path: value})
    except EditError as error:
        assert error.code == "edit.unsure" and at(fields, path[:-1]) is not ABSENT
        return
    assert at(front(after), path) == (value if value is ABSENT else headers.plain(value))
    assert without(front(after), path) == without(fields, path)
    assert split(after.decode()).body == split(before.decode()).body
    others = [name for name in fields if name != path[0]]
    assert [name for name in front(after) if name in others] == others


def an_edit_and_its_opposite_leave_the_bytes(data: st.DataObject) -> None:
    before = data.draw(files())
    fields = front(before)
    path = data.draw(st.sampled_from([("new",), *places(fields)]))
    old = at(fields, path)
    if isinstance(old, list) and old and all(isinstance(item, str) for item in old):
        index = data.draw(st.integers(0, len(old)))
        new: Any = [*old[:index], data.draw(headers.WORDS), *old[index:]]
    elif old is ABSENT or (isinstance(old, str) and old.isalpha() and old.isascii()):
        # What older readers of YAML take for a truth is written back in quotes.
        assume(old is ABSENT or old.lower() not in TRUTHS)
        new = data.draw(st.sampled_from(["word", "another"]))
    else:
        assume(isinstance(old, int))
        new = data.draw(st.integers(0, 99))
    after = edit(before, {path: new})
    assert edit(after, {path: old}) == before


def one_changed_text_is_one_changed_line(data: st.DataObject) -> None:
    before = data.draw(files())
    fields = front(before)
    texts = [path for path in places(fields) if isinstance(at(fields, path), str)]
    path = data.draw(st.sampled_from([("added",), *texts]))
    made = edited(before, {path: data.draw(headers.WORDS)})
    assert made.lost == ()
    if "\n" not in str(at(fields, path)):
        added, removed = numstat(before, made.content)
        assert added <= 1
        assert removed <= 1 or b">" in before


RULES = [
    values_are_read_back_and_nothing_else_changes,
    an_edit_and_its_opposite_leave_the_bytes,
    one_changed_text_is_one_changed_line,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_holds(rule: Any) -> None:
    settings(max_examples=FEW, deadline=None)(given(st.data())(rule))()


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_holds_for_very_many_headers(rule: Any) -> None:
    settings(max_examples=MANY, deadline=None)(given(st.data())(rule))()
