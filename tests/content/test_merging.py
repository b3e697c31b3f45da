"""Three-way merges of one file: what must come of them, and what holds for all."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.bounds import MAX_MERGED, MAX_MERGED_HEADER
from apps.content.frontmatter import split
from apps.content.merging import elements
from apps.content.merging.document import Merged, merge_document
from apps.content.merging.forms import form_of
from apps.content.merging.parts import Form
from apps.content.merging.three_way import Side
from tests.content.merge_cases import CASES, CLASHES, Case, Clash
from tests.content.merge_drafts import BODIES, EDITS, Apart, apart, edited, without_order

FEWEST = 60


def coded(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "surrogateescape")


def merged(case: Case | Clash, *, swapped: bool = False, **choices: Side) -> Merged:
    base, ours, theirs = (coded(text) for text in case[1:4])
    assert ours is not None and theirs is not None
    if swapped:
        ours, theirs = theirs, ours
    chosen = {int(number.removeprefix("at")): side for number, side in choices.items()}
    return merge_document(base, ours, theirs, form=case.form, choices=chosen)


def test_the_table_is_long_enough() -> None:
    assert len(CASES) + len(CLASHES) >= FEWEST
    names = [case[0] for case in (*CASES, *CLASHES)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_does_not_overlap_is_merged(case: Case) -> None:
    assert merged(case) == Merged(coded(case.expected) or b"")
    assert merged(case, swapped=True) == merged(case)


@pytest.mark.parametrize("clash", CLASHES, ids=lambda clash: clash.name)
def test_what_cannot_be_decided_is_told_with_all_sides(clash: Clash) -> None:
    found = [(str(c), c.base, c.ours, c.theirs) for c in merged(clash).conflicts]
    assert found == [(place, *map(coded, sides)) for place, *sides in clash.at]


@given(apart())
def test_edits_that_do_not_overlap_are_both_in_the_merge(case: Apart) -> None:
    sides = [str(draft).encode() for draft in (case.base, case.ours, case.theirs)]
    found = merge_document(*sides)
    assert found.conflicts == ()
    parts = split(found.content.decode())
    assert (parts.flaws, parts.format) == ((), case.base.syntax)
    assert without_order(parts.front) == without_order(case.merged.entries)
    assert parts.body == "\n\n".join(case.merged.paragraphs) + "\n"


@given(apart())
def test_comments_stay_with_the_keys_that_stay(case: Apart) -> None:
    sides = [str(draft).encode() for draft in (case.base, case.ours, case.theirs)]
    text = merge_document(*sides).content.decode()
    if case.base.syntax != "json":
        for key, comment in case.merged.comments.items():
            assert text.count(f"# {comment}\n{json.dumps(key)}") + text.count(
                f"# {comment}\n[{json.dumps(key)}"
            ) == (key in case.base.entries)


TEXTS = st.tuples(BODIES, EDITS, EDITS)


def versions(drawn: tuple[list[str], Any, Any], header: str = "") -> list[bytes]:
    base, mine, their = drawn
    sides = [base, edited(base, mine, "1"), edited(base, their, "2")]
    return [(header + "\n".join(lines)).encode() for lines in sides]


HEADERS = st.sampled_from(("", "---\na: 1\n---\n", "+++\na = 1\n+++\n", '{"a": 1}\n'))


@given(TEXTS, HEADERS, st.sampled_from(Form))
def test_a_merge_is_the_same_whichever_side_is_ours(
    drawn: tuple[list[str], Any, Any], header: str, form: Form
) -> None:
    base, ours, theirs = versions(drawn, header)
    one = merge_document(base, ours, theirs, form=form)
    other = merge_document(base, theirs, ours, form=form)
    places = Counter((c.field, c.base, c.ours, c.theirs) for c in one.conflicts)
    assert places == Counter((c.field, c.base, c.theirs, c.ours) for c in other.conflicts)
    if not one.conflicts:
        assert one == other


@given(TEXTS, HEADERS)
def test_no_line_of_either_side_is_lost(drawn: tuple[list[str], Any, Any], header: str) -> None:
    base, ours, theirs = versions(drawn, header)
    found = merge_document(base, ours, theirs)
    told = [text for c in found.conflicts for text in (c.ours, c.theirs) if text]
    there = set[bytes]().union(*map(written_lines, (found.content, *told)))
    for side in (ours, theirs):
        assert written_lines(side) - written_lines(base) <= there


def written_lines(text: bytes) -> set[bytes]:
    return {line.rstrip() for line in text.splitlines() if line.strip()}


@given(TEXTS, HEADERS)
def test_a_side_that_changed_nothing_leaves_the_others_bytes(
    drawn: tuple[list[str], Any, Any], header: str
) -> None:
    base, ours, _ = versions(drawn, header)
    assert merge_document(base, ours, base) == merge_document(base, base, ours) == Merged(ours)
    assert merge_document(ours, ours, ours) == merge_document(base, ours, ours) == Merged(ours)


@given(TEXTS, HEADERS)
def test_choices_decide_every_conflict(drawn: tuple[list[str], Any, Any], header: str) -> None:
    base, ours, theirs = versions(drawn, header)
    found = merge_document(base, ours, theirs)
    for side in Side:
        chosen = merge_document(
            base, ours, theirs, choices=dict.fromkeys(range(len(found.conflicts)), side)
        )
        assert chosen.conflicts == found.conflicts
        if side is Side.OURS:
            assert chosen.content == found.content


@given(st.none() | st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=60))
def test_no_bytes_make_a_merge_fail(base: bytes | None, ours: bytes, theirs: bytes) -> None:
    for form in Form:
        merge_document(base, ours, theirs, form=form)


def test_a_long_text_is_merged_up_to_its_bound() -> None:
    line = b"x" * 99 + b"\n"
    base = line * (MAX_MERGED // len(line))
    fill = b"y" * (MAX_MERGED - len(base) - 2)
    found = merge_document(base, b"a\n" + base, base + fill, form=Form.TEXT)
    assert found.conflicts == ()
    (whole,) = merge_document(base, b"a\n" + base, base + fill + b"yyy", form=Form.TEXT).conflicts
    assert whole.is_whole


def test_a_long_file_that_is_all_header_is_merged_by_key_up_to_its_bound() -> None:
    def sides(length: int) -> list[bytes]:
        rest = f"a: [1]\nb: {'x' * (length - len('a: [1, 2, 3]' + 'b: ') - 2)}\n"
        return [rest.replace("[1]", tags).encode() for tags in ("[1]", "[1, 2]", "[1, 3]")]

    assert merge_document(*sides(MAX_MERGED_HEADER), form=Form.YAML).conflicts == ()
    assert merge_document(*sides(MAX_MERGED_HEADER + 1), form=Form.YAML).conflicts != ()


def test_edited_paragraphs_are_looked_for_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    base = "one is here\n\ntwo is here\n"
    ours = "one was here\n\nnew\n\ntwo was here\n"
    theirs = base.replace("two is", "2 is")
    monkeypatch.setattr(elements, "MAX_MERGE_PAIRS", 6)
    assert len(merged_texts(base, ours, theirs).conflicts[0].ours or b"") == len("two was here\n")
    monkeypatch.setattr(elements, "MAX_MERGE_PAIRS", 5)
    assert len(merged_texts(base, ours, theirs).conflicts[0].ours or b"") > len("two was here\n")


def merged_texts(*sides: str) -> Merged:
    return merge_document(*(side.encode() for side in sides))


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("content/a.md", Form.DOCUMENT),
        ("a.HTML", Form.DOCUMENT),
        ("content/a.json", Form.JSON),
        ("config.toml", Form.TOML),
        ("themes/x/theme.toml", Form.TOML),
        ("data/x.yml", Form.YAML),
        ("themes/x/templates/a.html", Form.TEXT),
        ("plugins/x/main.lua", Form.TEXT),
        ("extensions.lock", Form.TEXT),
        ("policies/a.cedar", Form.TEXT),
        ("media/a.svg", Form.TEXT),
        ("secrets/a.sops.yaml", Form.WHOLE),
        ("", Form.TEXT),
    ],
)
def test_what_a_file_is_to_a_merge_is_told_by_its_path(path: str, form: Form) -> None:
    assert form_of(path) is form
