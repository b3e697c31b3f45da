import pytest

from apps.gitsync.errors import GitFault
from apps.gitsync.writing import changes
from apps.gitsync.writing.changes import check_changes, check_path
from tests.tables import each_of


@each_of(
    "path", ["", "/x", "a/../x", "./x", "a//b", "x/", "x\ny", "a\\b", "x\0", "a" * 1025, "\ud800"]
)
def test_a_path_that_is_none_somewhere_is_refused(path: str) -> None:
    check_path("content/Ünï còdé/日.md")
    with pytest.raises(GitFault) as caught:
        check_path(path)
    assert caught.value.code == "path.form"


def test_sizes_are_bounded_from_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MAX_PATHS", 2)
    monkeypatch.setattr(changes, "MAX_CHANGE_BYTES", 10)
    check_changes({"a": b"12345", "b": b"12345"}, file_bytes=5)
    for bad in ({"a": b"123456"}, {"a": b"1", "b": b"", "c": None}, {}):
        with pytest.raises(GitFault):
            check_changes(bad, file_bytes=5)
    with pytest.raises(GitFault):
        check_changes({"a": b"123456", "b": b"12345"}, file_bytes=9)
