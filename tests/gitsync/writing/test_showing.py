import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.gitsync.writing import showing
from apps.gitsync.writing.showing import difference

LINES = st.lists(st.sampled_from(["a", "b", "", "c c"]), max_size=12)


def test_a_difference_names_the_lines_that_changed() -> None:
    old, new = (f"1\n2\n3\n4\n{middle}\n6\n7\n8\n9\n".encode() for middle in "5x")
    assert difference("a.md", old, new) == (
        "--- a.md\n+++ a.md\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"
    )


def test_what_is_new_or_gone_or_no_text_is_told() -> None:
    assert difference("a", b"x", b"x") == ""
    assert difference("a", None, b"x").startswith("--- nothing\n+++ a\n")
    assert difference("a", b"x\n", None).endswith("-x\n")
    assert difference("a", b"\xff", b"\xff\0") == "a: 1 bytes → 2 bytes\n"


@given(LINES, LINES)
def test_every_line_that_one_side_lacks_is_shown(one: list[str], two: list[str]) -> None:
    old, new = ("".join(f"{line}\n" for line in lines).encode() for lines in (one, two))
    told = set(difference("a", old, new).split("\n"))
    assert {f"-{line}" for line in set(one) - set(two)} <= told
    assert {f"+{line}" for line in set(two) - set(one)} <= told


def test_what_would_take_long_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "COMPARED", 3)
    assert difference("a", b"1\n2", b"3\n4") == "--- a\n+++ a\n-1\n-2\n+3\n+4\n"
