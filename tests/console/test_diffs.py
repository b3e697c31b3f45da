"""Differences of files for people: what is shown, what is marked, and that it is bounded."""

from hypothesis import given
from hypothesis import strategies as st

from apps.console.diff_words import LINE, WORDS, marked, visible
from apps.console.diffs import ROWS, FileDiff, Kind, file_diff

LINES = st.lists(st.sampled_from(["", "a", "b", "one two", "one three"]), max_size=12)


def rows(diff: FileDiff) -> list[tuple[str, str | None, str | None]]:
    def text(line: object) -> str | None:
        return "".join(piece.text for piece in line.pieces) if line else None  # type: ignore[attr-defined]

    return [(r.kind, text(r.old), text(r.new)) for hunk in diff.hunks for r in hunk.rows]


def test_a_changed_word_is_marked_on_both_sides() -> None:
    diff = file_diff("a.md", b"one\ntwo small words\n", b"one\ntwo big words\n")
    (hunk,) = diff.hunks
    changed = hunk.rows[1]
    assert changed.kind is Kind.CHANGED and changed.old and changed.new
    assert [p.text for p in changed.old.pieces if p.differs] == ["small"]
    assert [p.text for p in changed.new.pieces if p.differs] == ["big"]
    assert (diff.added, diff.removed) == (1, 1)


def test_what_is_far_from_any_change_is_left_out() -> None:
    old = [f"line {n}" for n in range(40)]
    new = ["first", *old[1:39], "last"]
    diff = file_diff("a.md", "\n".join(old).encode(), "\n".join(new).encode())
    assert [(hunk.first, hunk.last) for hunk in diff.hunks] == [(1, 4), (37, 40)]
    (whole,) = file_diff("a", "\n".join(old).encode(), "\n".join(new).encode(), context=40).hunks
    assert len(whole.rows) == 40


def test_a_file_may_come_or_go_or_stay() -> None:
    assert file_diff("a", None, b"x\n").kind is Kind.ADDED
    assert rows(file_diff("a", b"x\n", None)) == [("removed", "x", None)]
    same = file_diff("a", b"x\n", b"x\n")
    assert same.kind is Kind.SAME and same.hunks == ()


def test_a_line_break_at_the_end_is_told_of() -> None:
    diff = file_diff("a", b"x", b"x\n")
    assert diff.differs_at_end and diff.hunks == () and diff.kind is Kind.CHANGED


def test_what_is_no_text_has_sizes_only() -> None:
    diff = file_diff("media/a.PNG", b"\x89PNG\xff", None)
    assert not diff.is_text and diff.is_picture and diff.sizes == (5, None)
    assert not file_diff("a.bin", b"\0", b"\0\0").is_picture


def test_what_hides_or_turns_text_round_is_shown() -> None:
    assert visible("a\u202eb\x1b[2J\r") == "a⟨U+202E⟩b⟨U+001B⟩[2J⟨U+000D⟩"
    ((_, _, text),) = rows(file_diff("a", None, "x\u2066y".encode()))
    assert text == "x⟨U+2066⟩y"


def test_there_are_bounds_to_rows_and_lines_and_words() -> None:
    at = file_diff("a", None, b"x\n" * ROWS)
    over = file_diff("a", None, b"x\n" * (ROWS + 1))
    assert (at.is_cut, over.is_cut) == (False, True)
    assert len(rows(at)) == len(rows(over)) == ROWS
    ((_, _, long),) = rows(file_diff("a", None, b"x" * (LINE + 1)))
    assert long == "x" * LINE + " …"
    many = int(WORDS**0.5) // 2 + 2
    old, new = (" ".join(f"{n}{end}" for n in range(many)) for end in "ab")
    assert len(marked(f"same {old}", f"same {new}")[0]) == 1


@given(LINES, LINES)
def test_both_versions_can_be_read_off_their_rows(old: list[str], new: list[str]) -> None:
    before, after = ("".join(f"{line}\n" for line in lines) for lines in (old, new))
    found = rows(file_diff("a", before.encode(), after.encode(), context=100))
    if before != after:
        assert [one for _, one, _ in found if one is not None] == old
        assert [two for _, _, two in found if two is not None] == new
