"""What can happen to files between two branches: (name, base, ours, theirs, what is expected).

Each is played in a folder of its own, all in one merge. Files are long and unlike each other, so
that Git finds the renames that are meant and no others.
"""

from collections.abc import Mapping
from typing import NamedTuple

from apps.gitsync.merging.contests import Kind
from tests.content.merge_cases import yaml
from tests.gitsync.repositories import LINK, PROGRAM, At

Files = Mapping[str, "bytes | At"]


def text(name: str, first: str = "", last: str = "") -> bytes:
    lines = [f"{name} says {n} and {n * n}\n" for n in range(1, 12)]
    return "".join([first and f"{first}\n", *lines, last and f"{last}\n"]).encode()


def page(name: str, *header: str, last: str = "") -> bytes:
    return yaml(*header, body=text(name, last=last).decode()).encode()


class Clean(NamedTuple):
    name: str
    base: Files
    ours: Files
    theirs: Files
    expected: Files


class Open(NamedTuple):
    """`by` is what comes of it when a side is chosen for all that is open."""

    name: str
    base: Files
    ours: Files
    theirs: Files
    kind: Kind
    numbers: list[str]
    by: Mapping[str, Files]


LINES = [
    Clean(
        "edits apart",
        {"a.txt": text("one")},
        {"a.txt": text("one", first="ours")},
        {"a.txt": text("one", last="theirs")},
        {"a.txt": text("one", first="ours", last="theirs")},
    ),
    Clean(
        "a page edited and its text too",
        {"a.md": page("two", "title: A")},
        {"a.md": page("two", "title: B")},
        {"a.md": page("two", "title: A", last="theirs")},
        {"a.md": page("two", "title: B", last="theirs")},
    ),
    Clean(
        "a file renamed and edited",
        {"a.md": text("three")},
        {"b.md": text("three")},
        {"a.md": text("three", last="theirs")},
        {"b.md": text("three", last="theirs")},
    ),
    Clean(
        "a folder renamed, a file added to it",
        {"old/a.md": text("four"), "old/b.md": text("five")},
        {"new/a.md": text("four"), "new/b.md": text("five")},
        {"old/a.md": text("four"), "old/b.md": text("five", last="x"), "old/c.md": b"added"},
        {"new/a.md": text("four"), "new/b.md": text("five", last="x"), "new/c.md": b"added"},
    ),
    Clean("removed by both", {"a.md": text("six")}, {}, {}, {}),
    Clean("removed by one", {"a.md": text("seven")}, {}, {"a.md": text("seven")}, {}),
    Clean(
        "renamed alike by both, and edited",
        {"a.md": text("eight")},
        {"b.md": text("eight", first="ours")},
        {"b.md": text("eight", last="theirs")},
        {"b.md": text("eight", first="ours", last="theirs")},
    ),
    Clean(
        "made a program and edited",
        {"run": text("nine")},
        {"run": At(PROGRAM, text("nine"))},
        {"run": text("nine", last="theirs")},
        {"run": At(PROGRAM, text("nine", last="theirs"))},
    ),
    Clean(
        "a file that became a folder",
        {"a": text("ten")},
        {"a/index.md": b"inside"},
        {"a": text("ten")},
        {"a/index.md": b"inside"},
    ),
    Clean(
        "a picture and a link changed by one",
        {"a.png": b"\0one", "link": At(LINK, b"a")},
        {"a.png": b"\0two", "link": At(LINK, b"a")},
        {"a.png": b"\0one", "link": At(LINK, b"b")},
        {"a.png": b"\0two", "link": At(LINK, b"b")},
    ),
]

MEANT = [
    Clean(
        "tags added by both",
        {"a.md": page("eleven", "tags: [a]")},
        {"a.md": page("eleven", "tags: [a, b]")},
        {"a.md": page("eleven", "tags: [a, c]")},
        {"a.md": page("eleven", "tags: [a, b, c]")},
    ),
    Clean(
        "tags added by both, and renamed",
        {"a.md": page("twelve", "tags: [a]")},
        {"sub/b.md": page("twelve", "tags: [a, b]")},
        {"a.md": page("twelve", "tags: [a, c]")},
        {"sub/b.md": page("twelve", "tags: [a, b, c]")},
    ),
    Clean(
        "one key added by both at different places",
        {"a.md": page("thirteen", "title: A", "x: 1", "y: 2")},
        {"a.md": page("thirteen", "weight: 1", "title: A", "x: 1", "y: 2")},
        {"a.md": page("thirteen", "title: A", "x: 1", "y: 2", "weight: 1")},
        {"a.md": page("thirteen", "title: A", "x: 1", "y: 2", "weight: 1")},
    ),
    Clean(
        "one tag added by both at different places",
        {"a.md": page("fourteen", "tags:", "  - a", "  - b", "  - c")},
        {"a.md": page("fourteen", "tags:", "  - new", "  - a", "  - b", "  - c")},
        {"a.md": page("fourteen", "tags:", "  - a", "  - b", "  - c", "  - new")},
        {"a.md": page("fourteen", "tags:", "  - a", "  - b", "  - c", "  - new")},
    ),
    Clean(
        "a page added by both",
        {},
        {"a.md": page("fifteen", "title: A", "draft: true")},
        {"a.md": page("fifteen", "title: A", "tags: [x]")},
        {"a.md": page("fifteen", "title: A", "draft: true", "tags: [x]")},
    ),
    Clean(
        "a configuration",
        {"config.toml": b'plugins = ["a"]\n'},
        {"config.toml": b'plugins = ["a", "b"]\n'},
        {"config.toml": b'plugins = ["a", "c"]\n[x]\ny = 1\n'},
        {"config.toml": b'plugins = ["a", "b", "c"]\n[x]\ny = 1\n'},
    ),
]

OPEN = [
    Open(
        "a title",
        {"a.md": page("t1", "title: A", "tags: [a]")},
        {"a.md": page("t1", "title: B", "tags: [a, b]")},
        {"a.md": page("t1", "title: C", "tags: [a, c]")},
        Kind.CONTENT,
        [".1"],
        {
            "base": {"a.md": page("t1", "title: A", "tags: [a, b, c]")},
            "ours": {"a.md": page("t1", "title: B", "tags: [a, b, c]")},
            "theirs": {"a.md": page("t1", "title: C", "tags: [a, b, c]")},
        },
    ),
    Open(
        "a title and a line",
        {"a.md": page("t2", "title: A", last="a")},
        {"a.md": page("t2", "title: B", last="b")},
        {"a.md": page("t2", "title: C", last="c")},
        Kind.CONTENT,
        [".1", ".2"],
        {"ours": {"a.md": page("t2", "title: B", last="b")}},
    ),
    Open(
        "one key added by both with other values",
        {"a.md": page("t3", "title: A", "x: 1", "y: 2")},
        {"a.md": page("t3", "weight: 1", "title: A", "x: 1", "y: 2")},
        {"a.md": page("t3", "title: A", "x: 1", "y: 2", "weight: 2")},
        Kind.CONTENT,
        [".1"],
        {
            "base": {"a.md": page("t3", "title: A", "x: 1", "y: 2")},
            "theirs": {"a.md": page("t3", "title: A", "x: 1", "y: 2", "weight: 2")},
        },
    ),
    Open(
        "removed and edited",
        {"a.md": text("t4")},
        {},
        {"a.md": text("t4", last="theirs")},
        Kind.REMOVED,
        [""],
        {"base": {"a.md": text("t4")}, "ours": {}, "theirs": {"a.md": text("t4", last="theirs")}},
    ),
    Open(
        "removed and renamed",
        {"a.md": text("t5")},
        {"b.md": text("t5")},
        {},
        Kind.REMOVED,
        [""],
        {"ours": {"b.md": text("t5")}, "theirs": {}},
    ),
    Open(
        "renamed by both, and edited",
        {"a.md": page("t6", "tags: [a]")},
        {"b.md": page("t6", "tags: [a, b]")},
        {"c.md": page("t6", "tags: [a, c]")},
        Kind.RENAMED,
        [""],
        {
            "base": {"a.md": page("t6", "tags: [a, b, c]")},
            "ours": {"b.md": page("t6", "tags: [a, b, c]")},
            "theirs": {"c.md": page("t6", "tags: [a, b, c]")},
        },
    ),
    Open(
        "added by both",
        {},
        {"a.txt": b"ours\n"},
        {"a.txt": b"theirs\n"},
        Kind.CONTENT,
        [".1"],
        {"ours": {"a.txt": b"ours\n"}, "theirs": {"a.txt": b"theirs\n"}},
    ),
    Open(
        "a file that became a folder, and was edited",
        {"a": text("t8")},
        {"a/index.md": b"t8 inside"},
        {"a": text("t8", last="theirs")},
        Kind.PLACE,
        [""],
        {
            "ours": {"a/index.md": b"t8 inside"},
            "theirs": {"a/index.md": b"t8 inside", "a~theirs": text("t8", last="theirs")},
        },
    ),
    Open(
        "a file that became a link, and was edited",
        {"a": text("t9")},
        {"a": At(LINK, b"elsewhere")},
        {"a": text("t9", last="theirs")},
        Kind.TYPE,
        [""],
        {
            "base": {"a": text("t9")},
            "ours": {"a": At(LINK, b"elsewhere")},
            "theirs": {"a": text("t9", last="theirs")},
        },
    ),
    Open(
        "a picture",
        {"a.png": b"\0 t10"},
        {"a.png": b"\0 t10 ours"},
        {"a.png": b"\0 t10 theirs"},
        Kind.CONTENT,
        [""],
        {"base": {"a.png": b"\0 t10"}, "theirs": {"a.png": b"\0 t10 theirs"}},
    ),
    Open(
        "a program on one side",
        {},
        {"run": At(PROGRAM, text("t11"))},
        {"run": text("t11")},
        Kind.CONTENT,
        [""],
        {"ours": {"run": At(PROGRAM, text("t11"))}, "theirs": {"run": text("t11")}},
    ),
    Open(
        "a link",
        {"a": At(LINK, b"t12")},
        {"a": At(LINK, b"t12 ours")},
        {"a": At(LINK, b"t12 theirs")},
        Kind.CONTENT,
        [""],
        {"ours": {"a": At(LINK, b"t12 ours")}, "theirs": {"a": At(LINK, b"t12 theirs")}},
    ),
    Open(
        "renamed to where another was added",
        {"a.txt": text("t13")},
        {"b.txt": text("t13", first="ours")},
        {"a.txt": text("t13", first="theirs"), "b.txt": b"another\n"},
        Kind.CONTENT,
        ["", ".1"],
        {"ours": {"b.txt": text("t13", first="ours")}, "theirs": {"b.txt": b"another\n"}},
    ),
]
