"""What stands around an edit stays as it is: line ends, byte order mark, fences, bodies."""

import pytest

from apps.content.editing import ABSENT, edit
from apps.content.edits.written import Splice, read_written

HEADERS = [
    "---\ntitle: Old # x\ntags:\n  - a\nl: |\n  x\n\n  y\n---\n",
    '+++\ntitle = "Old" # x\ntags = [\n  "a",\n]\nl = """\nx\n\ny"""\n+++\n',
    '{\n  "title": "Old",\n  "tags": ["a"],\n  "l": "x"\n}\n',
]
BODIES = ["", "Body", "Body\n", "Body\n\n\n  more  \n\n", "\n\nBody"]
ENDS = ["\n", "\r\n", "\r"]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_ends_and_marks_are_those_of_the_file(header: str, body: str, end: str, bom: str) -> None:
    def file(text: str) -> bytes:
        return (bom + text.replace("\n", end)).encode()

    before = file(header + body)
    assert edit(before, {"title": "New"}) == file(header.replace("Old", "New") + body)
    assert edit(before, {}, body.replace("\n", "\r\n")) == before
    added = edit(before, {"new": 1})
    assert added.count(end.encode()) == before.count(end.encode()) + 1
    assert edit(added, {"new": ABSENT}) == before
    tagged = edit(before, {"tags": ["a", "b"]})
    assert edit(tagged, {"tags": ["a"]}) == before
    assert edit(before, {}, "New\nbody") == file(header + "New\nbody")


def test_every_line_keeps_its_own_end() -> None:
    before = b"---\r\na: 1\nb: 2\r\nc: 3\r---\n\rx\r\ny\n"
    assert edit(before, {"b": 5}) == before.replace(b"b: 2", b"b: 5")
    assert edit(before, {"b": ABSENT}) == before.replace(b"b: 2\r\n", b"")
    assert edit(before, {"d": 4}) == before.replace(b"c: 3\r", b"c: 3\rd: 4\r")
    assert edit(before, {}, "\nx\nnew\ny\n") == before.replace(b"y", b"new\r\ny")


def test_a_made_header_has_the_ends_of_the_file() -> None:
    assert edit(b"x\r\ny\r\n", {"a": 1}) == b"---\r\na: 1\r\n---\r\nx\r\ny\r\n"
    assert edit(b"\xef\xbb\xbfx", {"a": 1}) == b"\xef\xbb\xbf---\na: 1\n---\nx"


@pytest.mark.parametrize(
    "text",
    [
        "---  \na: 1\n--- \t\nBody",
        "+++ \na = 1\n+++\t",
        '{"a": 1} \t\nBody',
        "---\na: 1\n...\n---\nBody\n---\n",
        "---\n\n  \na: 1\n\n---\n",
        "---\n# é 🦀\na: 1   \n---\n\x00\x0b\u2028\x85body\ufeff",
    ],
)
def test_fences_and_odd_characters_stay(text: str) -> None:
    assert edit(text, {"a": 2}).decode() == text.replace("1", "2", 1)


def test_what_is_written_and_not_touched_is_what_was_read() -> None:
    for text in ("", "\r", "\n\r\n\r", "\ufeff\ufeffa\r\n", "a\x85b\u2028c\r\r\n"):
        assert read_written(text).encode() == text.encode()


def test_splices_at_one_place_are_made_in_their_order() -> None:
    written = read_written("ac\r\n")
    made = written.spliced([Splice(1, 1, "x"), Splice(1, 1, "\ny"), Splice(0, 1, "A")])
    assert made.encode() == b"Ax\r\nyc\r\n"
