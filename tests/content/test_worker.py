"""The worker as its parent meets it: batches in, answers out, and no document spoils another."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content import markup
from apps.content.renderer import renderer_id
from apps.content.worker import open as open_worker

ROOT = Path(__file__).resolve().parents[2]
OPS = ("parse", "render")
SAMPLE = {
    "commonmark": (
        "---\ndate: 2026-01-01\n---\n# T\n\n| a |\n|---|\n\n```python\nx\n```\n[a](b.md)\n"
    ),
    "python-markdown": (
        "+++\ntitle = 'T'\n+++\n!!! note\n    x\n\n```python\nx\n```\n\na[^1]\n\n[^1]: b\n"
    ),
    "html": "<title>T</title><p>x <svg><script>",
    "json": '{"title": "\\ud800", "body": "<p>x"}',
    "asciidoc": "= T\n\nx",
    "asciidoc-text": "---\n[\n---\nx",
    "asciidoc-html": "<p>x",
}


def ask(op: str, *documents: tuple[str, str]) -> list[dict[str, Any]]:
    request = {
        "op": op,
        "documents": [{"path": "a.md", "markup": m, "text": t} for m, t in documents],
    }
    answers: list[dict[str, Any]] = open_worker({})(request)
    return answers


def test_parse_answers_in_order_and_form() -> None:
    first, second = ask("parse", ("commonmark", SAMPLE["commonmark"]), ("commonmark", "x"))
    assert first == {
        "front": {"date": "2026-01-01"},
        "format": "yaml",
        "title": "T",
        "words": ["", "a x a"],
        "problems": [],
    }
    said: dict[str, object] = {"front": {}, "format": "none", "title": None, "words": ["", "x"]}
    assert second == {**said, "problems": []}


def test_render_answers_in_order_and_form() -> None:
    (answer,) = ask("render", ("commonmark", "# T\n\n[a](b.md)\n"))
    assert answer == {
        "html": '\n<p><a href="\ufdd00\ufdd0">a</a></p>\n',
        "links": ["b.md"],
        "blocks": [],
        "problems": [],
    }


def test_a_problem_has_code_line_and_reason() -> None:
    (answer,) = ask("parse", ("commonmark", "---\na: 1\na: 2\n---\n"))
    assert answer["front"] == {}
    (problem,) = answer["problems"]
    assert (problem["code"], problem["line"]) == ("front-matter.duplicate-key", 3)
    assert "'a'" in problem["reason"]


@pytest.mark.parametrize("op", OPS)
def test_one_bad_document_spoils_no_other(op: str) -> None:
    bad: list[Any] = [None, {}, {"markup": "commonmark"}, {"markup": "docx", "text": "x"}]
    bad += [{"markup": "commonmark", "text": 1}, {"markup": ["html"], "text": "x"}]
    good = {"path": "a", "markup": "commonmark", "text": "# T"}
    answers = open_worker({})({"op": op, "documents": [good, *bad, good]})
    assert len(answers) == len(bad) + 2
    assert answers[0] == answers[-1] and answers[0]["problems"] == []
    for answer in answers[1:-1]:
        (problem,) = answer["problems"]
        assert problem["code"].endswith(".failed")


def failing(monkeypatch: pytest.MonkeyPatch, error: type[BaseException]) -> None:
    def fail(markup: str, text: str) -> Any:
        raise error

    for name in OPS:
        monkeypatch.setattr(markup, name, fail)


@pytest.mark.parametrize(
    ("error", "kind", "told"),
    [
        (RecursionError, "unreadable", "(RecursionError)"),
        (BaseException, "unreadable", "(BaseException)"),
        (KeyError, "failed", "(KeyError at test_worker.py:"),
        (UnicodeError, "failed", "(UnicodeError at test_worker.py:"),
    ],
)
def test_what_a_parser_raises_is_the_documents_problem_or_ours(
    error: type[BaseException], kind: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, error)
    for op, part in zip(OPS, ("front-matter", "markup"), strict=True):
        (answer,) = ask(op, ("commonmark", "x"))
        (problem,) = answer["problems"]
        assert problem["code"] == f"{part}.{kind}"
        assert told in problem["reason"]


def test_a_worker_without_memory_says_nothing_of_the_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failing(monkeypatch, MemoryError)
    with pytest.raises(MemoryError):
        ask("render", ("commonmark", "x"))


@pytest.mark.parametrize("request_", [None, [], {}, {"op": "parse"}, {"op": "x", "documents": []}])
def test_what_is_no_request_is_an_error(request_: Any) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        open_worker({})(request_)


@given(st.sampled_from(OPS), st.sampled_from(markup.MARKUPS), st.text(max_size=80))
def test_every_answer_can_be_sent(op: str, kind: str, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    (answer,) = ask(op, (kind, text))
    assert orjson.loads(orjson.dumps(answer)) == answer


def test_answers_with_half_characters_can_be_sent() -> None:
    for op in OPS:
        orjson.dumps(ask(op, ("json", '{"title": "\\ud800", "\\udc00": 1, "body": "\\ud800"}')))


def test_once_imported_nothing_more_is_imported_and_nothing_heavy_ever() -> None:
    program = f"""
import sys
from apps.content.worker import open as open_worker
answer = open_worker({{}})
for name in ("django", "pygments", "asyncio", "multiprocessing", "subprocess", "socket"):
    assert name not in sys.modules, name
sys.path.clear(); sys.meta_path.clear()
before = set(sys.modules)
documents = [{{"path": "a", "markup": m, "text": t}} for m, t in {SAMPLE!r}.items()]
for op in ("parse", "render"):
    for reply in answer({{"op": op, "documents": documents}}):
        for problem in reply["problems"]:
            assert not problem["code"].endswith(("unreadable", "failed")), problem
assert set(sys.modules) == before, set(sys.modules) - before
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_output_is_the_same_in_every_process() -> None:
    program = f"""
from apps.content.worker import open as open_worker
documents = [{{"markup": m, "text": t}} for m, t in {SAMPLE!r}.items()]
documents.append({{"markup": "html", "text": "<input type=checkbox checked class=a id=b>"}})
print(open_worker({{}})({{"op": "render", "documents": documents}}))
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(3)
    }
    assert len(outputs) == 1


def test_the_renderer_id_says_what_bodies_depend_on() -> None:
    without, with_it = renderer_id(None), renderer_id("2.0.18")
    assert without == renderer_id(None)
    assert without.startswith("rules-")
    assert without.endswith(" asciidoctor-none") and with_it.endswith(" asciidoctor-2.0.18")
    for library in ("comrak", "markdown", "nh3", "turbohtml", "pyyaml"):
        assert f" {library}-" in without
