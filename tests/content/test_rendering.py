"""Documents that cost their worker, and machines that do: only the first are told of documents."""

import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from apps.content.code_blocks import take
from apps.content.coloured import LIMITS as HIGHLIGHTING
from apps.content.coloured import Highlighter
from apps.content.document_workers import DocumentWorkers, is_the_machines
from apps.content.rendering import LIMITS, UNREADABLE, Renderer
from apps.content.renderings import Source
from apps.runtime.faults import (
    OVER_CPU_TIME,
    WorkerBadFrame,
    WorkerDied,
    WorkerError,
    WorkerFault,
    WorkerRefused,
    WorkerTimeout,
    WorkerUnavailable,
)
from apps.runtime.limits import Limits
from apps.runtime.workers import Workers
from tests.striking import struck

GOOD = Source("good.md", "commonmark", "---\ntitle: Good\n---\n# T\n")
LONG = Source("long.md", "python-markdown", "- [x](y) *a* `b` <i>c</i>\n\n" * 4_000)
"""Costs far more CPU time than the limit of `hurried`."""
HURRIED = replace(LIMITS, cpu_seconds=0.15)
PATIENCE = replace(LIMITS, wall_seconds=0.4)


@pytest.fixture
def make(workers: Workers) -> Iterator[Callable[[Limits], Renderer]]:
    made: list[Renderer] = []

    def one(limits: Limits) -> Renderer:
        made.append(Renderer(workers, limits=limits))
        return made[-1]

    yield one
    for renderer in made:
        renderer._workers.close()


def codes(answer: Any) -> list[str]:
    return [problem["code"] for problem in answer["problems"]]


def test_a_document_that_costs_its_worker_each_time_is_told_and_no_other(
    make: Callable[[Limits], Renderer],
) -> None:
    rendered = dict(make(HURRIED).render([GOOD, LONG, replace(GOOD, path="b.md")]))
    assert UNREADABLE in rendered[LONG].html
    others = [body.html for source, body in rendered.items() if source is not LONG]
    assert len(others) == 2 and all(html.startswith("<h1") for html in others)


def test_a_worker_that_was_killed_from_outside_costs_no_document(
    make: Callable[[Limits], Renderer],
) -> None:
    renderer = make(LIMITS)
    with struck(renderer._workers, signal.SIGKILL, times=1) as hit:
        ((_, body),) = renderer.render([LONG])
    assert len(hit) == 1
    assert UNREADABLE not in body.html and "<li>" in body.html


def test_a_worker_that_got_no_time_costs_no_document(make: Callable[[Limits], Renderer]) -> None:
    renderer = make(PATIENCE)
    long = replace(LONG, text=LONG.text[:4_000])
    with struck(renderer._workers, signal.SIGSTOP, times=1) as hit:
        ((_, body),) = renderer.render([long])
    assert len(hit) == 1
    assert UNREADABLE not in body.html and "<li>" in body.html


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_where_the_machine_fails_every_time_nothing_is_said_of_a_document(
    make: Callable[[Limits], Renderer], how: signal.Signals
) -> None:
    renderer = make(replace(PATIENCE, wall_seconds=0.2))
    with struck(renderer._workers, how), pytest.raises(WorkerFault) as caught:
        list(renderer.parse([LONG]))
    assert is_the_machines(caught.value)


@pytest.mark.long
def test_a_renderer_that_ends_says_nothing_of_a_document(
    make: Callable[[Limits], Renderer],
) -> None:
    renderer = make(LIMITS)
    renderer._workers.close()
    with pytest.raises(WorkerUnavailable):
        list(renderer.parse([GOOD]))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (WorkerTimeout(), True),
        (WorkerTimeout(starved=True), True),
        (WorkerTimeout(OVER_CPU_TIME), False),
        (WorkerDied(signal.SIGKILL), True),
        (WorkerDied(signal.SIGTERM), True),
        (WorkerDied(signal.SIGSEGV), False),
        (WorkerDied(signal.SIGABRT), False),
        (WorkerDied(0), False),
        (WorkerUnavailable("busy"), True),
        (WorkerBadFrame("long"), False),
        (WorkerError("MemoryError", ""), False),
        (WorkerRefused("long"), False),
    ],
)
def test_the_fault_says_whose_it_is(fault: WorkerFault, expected: bool) -> None:
    assert is_the_machines(fault) is expected


def test_a_worker_that_is_asked_alone_has_read_nothing_before(
    make: Callable[[Limits], Renderer],
) -> None:
    asked: DocumentWorkers = make(LIMITS)._workers
    request = {"op": "parse", "documents": []}
    for number in range(3):
        assert asked.ask_alone(request) == []
        assert asked._fresh.counts().replacements == number + 1


def test_program_code_is_shown_with_its_words_marked(make: Callable[[Limits], Renderer]) -> None:
    text = "```rust\nfn main() {} // <b>\n```\n\n```klingon\nqapla <b>\n```\n"
    ((_, body),) = make(LIMITS).render([replace(GOOD, text=text)])
    assert '<span class="hl-keyword">fn</span>' in body.html
    assert '<span class="hl-comment">// &lt;b&gt;' in body.html
    assert '<code class="language-klingon">qapla &lt;b&gt;\n</code>' in body.html


def test_code_that_costs_its_worker_too_much_is_shown_plain(workers: Workers) -> None:
    highlighter = Highlighter(workers, replace(HIGHLIGHTING, cpu_seconds=0.05))
    try:
        html, blocks = take('<pre><code class="language-c">' + "\n" * 9_000 + "</code></pre>")
        assert "<span" not in (shown := highlighter.coloured(html, blocks))
        assert shown.count("\n") == 9_000
    finally:
        highlighter.close()
