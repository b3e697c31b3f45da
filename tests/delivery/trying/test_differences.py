"""What differs between two versions of a page is shown in few lines."""

import pytest

from apps.delivery import replies
from apps.delivery.replies import Reply
from apps.delivery.trying import differences
from apps.delivery.trying.differences import LINE, LINES, PAGE_CHARACTERS, change


def page(text: str, status: int = 200) -> Reply:
    return replies.page(status, text.encode())


def test_what_is_the_same_is_no_change() -> None:
    assert change("/", page("a"), page("a")) is None


def test_lines_status_and_headers_are_shown_without_the_length() -> None:
    after = page("one\ntwo and\nthree", 404).with_headers(("x-new", "1"))
    found = change("/a/", page("one\ntwo\nthree"), after)
    assert found and (found.url, found.status, found.cut) == ("/a/", (200, 404), False)
    changed = [line for line in found.difference if line[0] in "+-"]
    assert changed == ["-status: 200", "+status: 404", "+x-new: 1", "-two", "+two and"]


def test_a_page_in_one_line_is_broken_after_a_tag() -> None:
    row = "<p>" + "x" * 200 + "</p>"
    found = change("/", page(row * 20), page(row * 10 + "<b>new</b>" + row * 10))
    assert found and len(found.difference) < 10
    assert all(len(line) <= LINE + 1 for line in found.difference)


@pytest.mark.parametrize(("lines", "cut"), [(LINES // 2 - 2, False), (LINES, True)])
def test_a_difference_is_bounded(lines: int, cut: bool) -> None:
    found = change("/", page("a\n" * lines), page("b\n" * lines))
    assert found and found.cut is cut and len(found.difference) <= LINES


@pytest.mark.parametrize(("size", "cut"), [(PAGE_CHARACTERS, True), (PAGE_CHARACTERS - 1, False)])
def test_a_large_page_is_compared_and_no_more(
    size: int, cut: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(differences, "PAGE_CHARACTERS", size - 1 if cut else size)
    found = change("/", page("a" * size), page("b"))
    assert found and (found.difference[0] == "the page is too large to show what differs") is cut
