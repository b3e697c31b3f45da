"""One-field edits of every document of two public repositories: exactly one line differs.

One of them has headers of TOML, the other none; so both are also given headers of every other
kind. The fast tests take every 50th document.
"""

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.content.editing import ABSENT, Changes, Format, Way, edit, edited
from apps.content.frontmatter import split
from tests.content.edits import front, numstat

Documents = Mapping[str, bytes]
Tally = Counter[tuple[str, str]]

STEP = 50
CHANGED, ADDED = "one line changed", "one line added"
NAMES = {(1, 1): CHANGED, (1, 0): ADDED, (3, 0): "a header added", (2, 1): "and a comma above it"}
TITLE, ODD_TITLE = "A new title", 'A "new" title: of it #1'
FULL = pytest.param(1, marks=pytest.mark.long)


@pytest.fixture(scope="module")
def rust_blog(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Documents:
    return _documents(corpora / "rust-blog.bundle", tmp_path_factory.mktemp("rust-blog"))


@pytest.fixture(scope="module")
def til(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Documents:
    return _documents(corpora / "til.bundle", tmp_path_factory.mktemp("til"))


@pytest.mark.parametrize("step", [STEP, FULL])
def test_a_field_of_the_rust_blog_is_a_line(rust_blog: Documents, step: int) -> None:
    tally: Tally = Counter()
    for content in _every(rust_blog, step):
        fields = front(content)
        _edit(content, {"title": ODD_TITLE}, tally)
        _edit(content, {"extra.team": "the new team"}, tally)
        _edit(content, {"authors": [*fields.get("authors", []), "Ada"]}, tally)
        _edit(content, {"aliases": [*fields.get("aliases", []), "old.html"]}, tally)
        dated = _edit(content, {"date": date(2026, 3, 26)}, tally)
        _edit(dated, {"date": "2026-03-27"}, tally, "date that is there")
        tagged = _edit(content, {"tags": ["one"]}, tally)
        _edit(tagged, {"tags": ["one", "two"]}, tally, "tags that are there")
    if step == 1:
        assert tally == {
            ("title", CHANGED): 753,
            ("title", ADDED): 1,
            ("extra.team", CHANGED): 444,
            ("extra.team", ADDED): 310,
            ("authors", CHANGED): 750,
            ("authors", ADDED): 4,
            ("aliases", CHANGED): 502,
            ("aliases", ADDED): 252,
            ("date", ADDED): 754,
            ("date that is there", CHANGED): 754,
            ("tags", ADDED): 754,
            ("tags that are there", CHANGED): 754,
        }
    assert {result for _, result in tally} == {CHANGED, ADDED}


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("title", ODD_TITLE, {"1\t1": 753, "1\t0": 1}),
        ("date", date(2026, 3, 26), {"1\t0": 754}),
        ("tags", ["one"], {"1\t0": 754}),
    ],
)
@pytest.mark.long
def test_git_counts_the_lines_alike(
    rust_blog: Documents, tmp_path: Path, field: str, value: Any, told: Mapping[str, int]
) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
    for number, content in enumerate(_every(rust_blog, 1)):
        (tmp_path / "old" / str(number)).write_bytes(content)
        (tmp_path / "new" / str(number)).write_bytes(edit(content, {field: value}))
    command = ["git", "diff", "--no-index", "--numstat", "old", "new"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, text=True)
    counts = Counter(line.rpartition("\t")[0] for line in said.stdout.splitlines())
    assert counts == told


@pytest.mark.parametrize("step", [STEP, FULL])
def test_a_heading_is_a_line_of_the_body(til: Documents, step: int) -> None:
    for content in _every(til, step):
        heading, newline, rest = content.decode().partition("\n")
        made = edit(content, {}, f"# {ODD_TITLE}{newline}{rest}")
        assert heading.startswith("# ") and numstat(content, made) == (1, 1)
        assert edit(made, {}, content.decode()) == content


@pytest.mark.parametrize("step", [STEP, FULL])
@pytest.mark.parametrize("format", ["yaml", "toml", "json"])
def test_a_field_of_a_file_without_a_header_is_a_line(
    til: Documents, format: Format, step: int
) -> None:
    tally: Tally = Counter()
    for content in _every(til, step):
        made = edit(content, {"title": "First"}, format=format)
        tally["header", NAMES[numstat(content, made)]] += 1
        _edit(made, {"title": TITLE}, tally)
        made = _edit(made, {"date": date(2026, 3, 26)}, tally)
        _edit(made, {"date": "2026-03-27"}, tally)
        made = _edit(made, {"tags": ["one"]}, tally)
        _edit(made, {"tags": ["one", "two"]}, tally)
    added = ADDED if format == "json" else "a header added"
    assert {result for name, result in tally if name == "header"} == {added}
    assert {result for name, result in tally if name != "header"} <= {CHANGED, ADDED}


DRESSES: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "block of YAML": (ADDED, lambda fields: f"---\n{_dumped(fields)}---\n"),
    "folded YAML": (ADDED, lambda fields: f"---  \n{_dumped(fields, width=30)}...\n---\n"),
    "flow of YAML": (CHANGED, lambda fields: f"---\n{_flow(fields)}---\n"),
    "tall JSON": (
        "and a comma above it",
        lambda fields: json.dumps(fields, indent=2, ensure_ascii=False) + "\n",
    ),
    "flat JSON": (CHANGED, lambda fields: json.dumps(fields, ensure_ascii=False) + " \n"),
}


@pytest.mark.parametrize("step", [STEP, FULL])
@pytest.mark.parametrize("dress", DRESSES)
def test_a_field_of_any_header_is_a_line(
    rust_blog: Documents, til: Documents, dress: str, step: int
) -> None:
    tally: Tally = Counter()
    tag, write = DRESSES[dress]
    for number, content in enumerate([*_every(rust_blog, step), *_every(til, step)]):
        parts = split(content.decode())
        title = parts.body.partition("\n")[0].removeprefix("# ")
        given = {"title": title, "date": "2026-03-26", "tags": ["a", "b"], **parts.front}
        text = write(given) + parts.body
        dressed = text.replace("\n", ("\n", "\r\n")[number % 2]).encode()
        _edit(dressed, {"date": "2026-03-27"}, tally)
        _edit(dressed, {"slug": "new"}, tally)
        _edit(dressed, {"tags": ["a", "b", "c"]}, tally)
        if dress != "folded YAML":
            _edit(dressed, {"title": ODD_TITLE}, tally, undone=False)
    assert {result for name, result in tally if name == "date"} == {CHANGED}
    assert {result for name, result in tally if name == "slug"} <= {ADDED, CHANGED}
    assert {result for name, result in tally if name == "tags"} == {tag}
    assert {result for name, result in tally if name == "title"} <= {CHANGED}


def _edit(
    content: bytes, changes: Changes, tally: Tally, told: str = "", *, undone: bool = True
) -> bytes:
    """Checks that the edit is spliced, and undone to the byte."""
    (name,) = changes
    made = edited(content, changes)
    assert made.ways == {name: Way.SPLICED} and made.lost == ()
    tally[told or str(name), NAMES[numstat(content, made.content)]] += 1
    old = front(content)
    opposite: Any = old.get(str(name), ABSENT)
    if name == "extra.team":
        opposite = old["extra"].get("team", ABSENT) if "extra" in old else None
    if undone and opposite is not None:
        assert edit(made.content, {name: opposite}) == content
    assert split(made.content.decode()).body == split(content.decode()).body
    return made.content


def _dumped(fields: Any, width: int = 2**20) -> str:
    return str(yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=width))


def _flow(fields: Mapping[str, Any]) -> str:
    return "".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}  # {name}\n"
        for name, value in fields.items()
    )


def _every(documents: Documents, step: int) -> list[bytes]:
    return [documents[name] for name in sorted(documents)][::step]


def _documents(bundle: Path, folder: Path) -> Documents:
    if not bundle.is_file():
        pytest.skip(f"there is no {bundle.name}")
    subprocess.run(["git", "clone", "-q", "--bare", str(bundle), str(folder)], check=True)
    listed = _git(folder, "ls-tree", "-r", "-z", "HEAD").decode().split("\0")[:-1]
    entries = [entry.partition("\t") for entry in listed if entry.endswith(".md")]
    said = _git(folder, "cat-file", "--batch", given="\n".join(e[0].split()[2] for e in entries))
    found, at = {}, 0
    for _, _, name in entries:
        end = said.index(b"\n", at)
        size = int(said[at:end].rpartition(b" ")[2])
        found[name] = said[end + 1 : end + 1 + size]
        at = end + size + 2
    return found


def _git(folder: Path, *arguments: str, given: str = "") -> bytes:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, input=given.encode(), capture_output=True, check=True).stdout
