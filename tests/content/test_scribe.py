"""Files edited, merged and upgraded in a confined worker: the same as here, and no file hurts."""

import ast
import math
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from apps.content.bounds import MAX_HEADER_DEPTH, MAX_MERGED
from apps.content.edit_messages import edit_request, edited_of
from apps.content.editing import ABSENT, Changes, Edited, EditError, Format
from apps.content.merging.messages import merge_request, merged_of
from apps.content.merging.parts import Form
from apps.content.merging.three_way import Side, Three
from apps.content.part_messages import parts_of
from apps.content.scribe import LIMITS, Scribe
from apps.content.scribe_worker import open as open_worker
from apps.content.upgrade_messages import upgrade_of, upgrade_request
from apps.content.upgrades import UpgradeError
from apps.runtime.faults import WorkerDied, WorkerError, WorkerFault, WorkerUnavailable
from apps.runtime.workers import Workers
from tests.content.merge_cases import CASES, CLASHES, Case, Clash
from tests.scribes import OWN

ROOT = Path(__file__).resolve().parents[2]
SIDES = Three(b"---\na: 1\n---\n", b"---\na: 2\n---\n", b"---\na: 3\n---\n")
PAGE = b"---\ntitle: One  # kept\ntags: [a]\ndate: 2026-01-01\n---\ntext\n"
NO_ANSWERS: list[Any] = [
    None,
    [],
    {},
    {"content": "?", "conflicts": [], "flaws": [], "ways": [], "lost": []},
    {"content": "", "conflicts": [{}], "flaws": []},
    {"content": "", "conflicts": [{"field": 1, "line": 1, "sides": [None] * 3}], "flaws": []},
    {"content": "", "conflicts": [], "flaws": [{"code": "x"}]},
    {"content": None, "conflicts": [], "flaws": [], "ways": [], "lost": []},
    {"refused": {"code": "x"}},
]


LIBRARIES: list[tuple[bytes, Changes]] = [
    (b"---\n'x': 'y'\nd: !!str 5\n---\n", {"d": 7}),
    (b"---\ng: {a, b: c}\nlast: [ 1,2 ]\n---\n", {"g.a": "x # y"}),
    (b"+++\nm = { a = 1, b.c = 2, b.d = 3 }\n+++\n", {"m.b": []}),
    (b"+++\n[m.n]\nx = 1\n+++\n", {"m.y": 2}),
]
"""Only ruamel.yaml and tomlkit can make these edits."""
CONFIGURED = {"config.toml": "\ufeff[whispercms]\nschema = 1\n".encode(), "\udcff": b""}


@pytest.fixture(scope="module")
def scribe(workers: Workers) -> Scribe:
    return Scribe(workers)


def contents(*texts: str | None) -> Three[bytes]:
    base, ours, theirs = (t and t.encode("utf-8", "surrogateescape") for t in texts)
    return Three(base or None, ours or b"", theirs or b"")


def test_files_are_merged_as_in_this_process(scribe: Scribe) -> None:
    cases: list[Case | Clash] = [*CASES, *CLASHES]
    for case in cases:
        sides = contents(case.base, case.ours, case.theirs)
        for choices in ({}, {0: Side.THEIRS}):
            merged = scribe.merge(sides, case.form, choices)
            assert merged == OWN.merge(sides, case.form, choices), case.name


def test_a_header_is_read_or_not_as_in_this_process(scribe: Scribe) -> None:
    assert scribe.reads(b"---\na: 1\n---\n", Form.DOCUMENT)
    assert scribe.reads(b"\0\xff", Form.DOCUMENT)
    assert not scribe.reads(b"---\na: [\n---\n", Form.DOCUMENT)
    assert not scribe.reads(b"a = \n", Form.TOML)


def test_a_file_too_long_to_be_merged_has_no_header(scribe: Scribe) -> None:
    wrong = b"---\na: [\n---\n"
    assert not scribe.reads(wrong.ljust(MAX_MERGED), Form.DOCUMENT)
    assert scribe.reads(wrong.ljust(MAX_MERGED + 1), Form.DOCUMENT)


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (PAGE, Form.DOCUMENT),
        (b"+++\na = 2026-01-02\n+++\r\nx\r\n", Form.DOCUMENT),
        (b'{"a": [1, {"b": null}]}', Form.JSON),
        (b"no header\n", Form.DOCUMENT),
        (b"---\na: [\n---\nx\n", Form.DOCUMENT),
        (b"\xff\n", Form.DOCUMENT),
    ],
)
def test_a_document_is_taken_apart_as_in_this_process(
    scribe: Scribe, content: bytes, form: Form
) -> None:
    assert scribe.parts(content, form) == OWN.parts(content, form)


def test_a_form_is_told_what_of_a_document_cannot_be_read() -> None:
    page = OWN.parts(PAGE.replace(b"\n", b"\r\n"), Form.DOCUMENT)
    assert (page.front["title"], page.body, page.format) == ("One", "text\n", "yaml")
    assert page.text == PAGE.decode() and not page.alone
    assert OWN.parts(b'{"body": "x"}', Form.JSON).alone
    broken = OWN.parts(b"---\na: [\n---\nx\n", Form.DOCUMENT)
    assert broken.flaws and broken.front == {} and broken.text.startswith("---")
    assert [flaw.code for flaw in OWN.parts(b"ok\n\xff", Form.DOCUMENT).flaws] == ["edit.encoding"]


@pytest.mark.parametrize("answered", [*NO_ANSWERS, {"text": "", "front": "[]"}])
def test_what_is_no_answer_about_parts_is_refused(answered: Any) -> None:
    with pytest.raises((KeyError, ValueError, TypeError, AttributeError)):
        parts_of(answered)


def nested(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = {"n": value}
    return value


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({"title": "Two", "draft": True, "weight": -1.0, "none": None}, None),
        ({"tags": ["b", "a"], "extra": {"map": {"day": 1}, "moment": [{}]}}, "new\r\n"),
        ({"date": date(2027, 2, 3)}, ""),
        ({"date": datetime(2027, 2, 3, 4, 5, 6, 7, tzinfo=UTC), ("a.b", "c"): "x"}, None),
        ({"date": "2027-02-03", "title": ABSENT, "gone": ABSENT}, None),
        ({"deep": nested(MAX_HEADER_DEPTH - 1)}, None),
        ({"lists": [[[[1]]]], "big": 2**63 - 1}, None),
    ],
)
def test_documents_are_edited_as_in_this_process(
    scribe: Scribe, changes: Changes, body: str | None
) -> None:
    assert scribe.edited(PAGE, changes, body) == OWN.edited(PAGE, changes, body)
    formats: tuple[Format, ...] = ("toml", "json")
    for format in formats:
        made = scribe.edited(b"plain\n", {"a": 1}, format=format)
        assert made == OWN.edited(b"plain\n", {"a": 1}, format=format)
    made = scribe.edited(b' {"a": 1}', {"a": 2}, "x", alone="json")
    assert made == OWN.edited(b' {"a": 1}', {"a": 2}, "x", alone="json")
    assert made.content == b' {"a": 2, "body": "x"}'


@pytest.mark.parametrize(("content", "changes"), LIBRARIES)
def test_libraries_write_in_a_worker_as_they_do_here(
    scribe: Scribe, content: bytes, changes: Changes
) -> None:
    made = scribe.edited(content, changes)
    assert [way.name for way in made.ways.values()] == ["REDUMPED"]
    assert made == OWN.edited(content, changes)


@pytest.mark.parametrize(
    ("content", "changes", "body"),
    [
        (PAGE, {"a": math.inf}, None),
        (PAGE, {"a": 2**63}, None),
        (PAGE, {"a": "\ud800"}, None),
        (PAGE, {"a": {"\ud800": 1}}, None),
        (PAGE, {"\ud800": 1}, None),
        (PAGE, {"a": nested(MAX_HEADER_DEPTH + 1)}, None),
        (PAGE, {"": 1}, None),
        (PAGE, {("a", 1): 1}, None),
        (PAGE, {"title.x": 1}, None),
        (PAGE, dict.fromkeys(map(str, range(33)), 1), None),
        (b"text", {}, "---\na: [\n---\n"),
        (b"---\na: [\n---\n", {"a": 1}, None),
        (b"\xff", {"a": 1}, None),
    ],
)
def test_what_cannot_be_edited_is_refused_as_in_this_process(
    scribe: Scribe, content: bytes, changes: Any, body: str | None
) -> None:
    with pytest.raises(EditError) as here:
        OWN.edited(content, changes, body)
    with pytest.raises(EditError) as there:
        scribe.edited(content, changes, body)
    assert str(there.value) == str(here.value)
    assert (there.value.code, there.value.line) == (here.value.code, here.value.line)


def test_a_site_is_upgraded_as_in_this_process(scribe: Scribe) -> None:
    assert scribe.upgrade(CONFIGURED) == OWN.upgrade(CONFIGURED)
    with pytest.raises(UpgradeError, match="upgrade WhisperCMS"):
        scribe.upgrade({"config.toml": b"[whispercms]\nschema = 99\n"})


def answering(monkeypatch: pytest.MonkeyPatch, workers: Workers, answer: Any) -> Scribe:
    """With a worker that was taken over, or that fails."""
    made = Scribe(workers)

    def call(request: object) -> Any:
        if isinstance(answer, WorkerFault):
            raise answer
        return answer

    monkeypatch.setattr(made._workers, "ask_surely", call)
    return made


def died() -> WorkerFault:
    return WorkerDied(11, worker="scribe")


@pytest.mark.parametrize("answer", [died(), *NO_ANSWERS])
def test_a_file_whose_worker_fails_is_a_conflict_as_a_whole(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    scribe = answering(monkeypatch, workers, answer)
    (conflict,) = scribe.merge(SIDES, Form.DOCUMENT).conflicts
    assert conflict.is_whole
    assert (conflict.base, conflict.ours, conflict.theirs) == SIDES
    assert not scribe.reads(SIDES[1], Form.DOCUMENT)


@pytest.mark.parametrize("answer", NO_ANSWERS)
def test_an_answer_of_no_known_form_is_our_own_fault(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    scribe = answering(monkeypatch, workers, answer)
    with pytest.raises(EditError) as caught:
        scribe.edited(PAGE, {"title": "Two"})
    assert (caught.value.code, caught.value.line) == ("edit.failed", 0)
    with pytest.raises(UpgradeError):
        scribe.upgrade({})


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (died(), "edit.bounds"),
        (WorkerError("MemoryError", ""), "edit.bounds"),
        (WorkerError("KeyError", "'x'"), "edit.failed"),
    ],
)
def test_the_author_is_told_whose_fault_it_was(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, fault: WorkerFault, code: str
) -> None:
    with pytest.raises(EditError) as caught:
        answering(monkeypatch, workers, fault).edited(PAGE, {"title": "Two"})
    assert caught.value.code == code
    assert "by hand" in caught.value.reason


def test_without_any_worker_nothing_is_decided(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    scribe = answering(monkeypatch, workers, WorkerUnavailable("none", worker="scribe"))
    calls: list[Callable[[], object]] = [
        lambda: scribe.merge(SIDES, Form.DOCUMENT),
        lambda: scribe.reads(PAGE, Form.DOCUMENT),
        lambda: scribe.edited(PAGE, {"a": 1}),
        lambda: scribe.upgrade({}),
    ]
    for call in calls:
        with pytest.raises(WorkerUnavailable):
            call()


def test_the_longest_files_fit_into_a_message() -> None:
    """Their requests and answers are a third longer than they are, and a little more."""
    assert LIMITS.request_bytes > 3 * MAX_MERGED * 4 // 3 + 10_000
    assert LIMITS.reply_bytes > 7 * MAX_MERGED * 4 // 3 + 10_000


def test_what_is_no_request_is_refused() -> None:
    answer = open_worker({})
    merge = {"op": "merge", "form": "TEXT", "choices": {}}
    for request in ({}, {"op": "x"}, {"op": "edit"}, {**merge, "contents": ["?", "", ""]}):
        with pytest.raises((KeyError, ValueError)):
            answer(request)
    merged = answer({"op": "merge", **merge_request(SIDES, Form.DOCUMENT, {})})
    assert merged_of(merged) == OWN.merge(SIDES, Form.DOCUMENT)
    made = answer({"op": "edit", **edit_request(PAGE, {"a": 1}, None, "yaml", None)})
    assert edited_of(made, {"a": 1}) == OWN.edited(PAGE, {"a": 1})
    assert upgrade_of(answer({"op": "upgrade", **upgrade_request({})})) == OWN.upgrade({})


def test_once_imported_nothing_more_is_imported() -> None:
    """A confined worker finds no files; a library that looks for some would fail there alone."""
    requests = [
        {"op": "edit", **edit_request(content, changes, None, "yaml", None)}
        for content, changes in LIBRARIES
    ]
    requests += [
        {"op": "merge", **merge_request(SIDES, Form.DOCUMENT, {})},
        {"op": "upgrade", **upgrade_request(CONFIGURED)},
    ]
    program = f"""
import sys
from apps.content.scribe_worker import open as open_worker
answer = open_worker({{}})
for name in ("django", "sqlite3", "git"):
    assert name not in sys.modules, name
sys.path.clear(); sys.meta_path.clear()
before = set(sys.modules)
for request in {requests!r}:
    assert "refused" not in answer(request), request
assert set(sys.modules) == before, set(sys.modules) - before
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


TAKES_APART = {"edit", "edited", "merge_document", "reads", "upgrade", "split", "read_edited"}


def test_nobody_but_the_workers_takes_a_file_apart() -> None:
    """In a process that holds keys, or that people wait for."""
    found = []
    for path in sorted((ROOT / "apps").rglob("*.py")) + sorted((ROOT / "whispercms").rglob("*.py")):
        if path.is_relative_to(ROOT / "apps" / "content"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("apps.content"):
                found += [(path.name, n.name) for n in node.names if n.name in TAKES_APART]
    assert not found


def test_an_edit_says_how_it_was_made(scribe: Scribe) -> None:
    made = scribe.edited(PAGE, {"tags": ["a", "b"], ("title",): "Two"})
    assert isinstance(made, Edited)
    assert list(made.ways) == ["tags", ("title",)]
