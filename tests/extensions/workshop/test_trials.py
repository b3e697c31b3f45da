"""Cases are run in the workers of the product, and what fails is shown so that it can be mended."""

from pathlib import Path

import pytest

from apps.content.rendering import Renderer
from apps.extensions.finding import Kind
from apps.extensions.workshop.trials import try_folder
from apps.runtime.workers import Workers
from tests.extensions.workshop.stage import add, edit, made
from tests.sites import ROOT

BUNDLED = [
    path.parent.parent.relative_to(ROOT).as_posix()
    for kind in ("plugins", "themes")
    for path in sorted(ROOT.glob(f"{kind}/*/tests/cases.toml"))
]


def failures(folder: Path, workers: Workers, renderer: Renderer) -> dict[str, tuple[str, ...]]:
    trials = try_folder(folder, workers, renderer)
    assert trials.problems == ()
    return {result.name: result.failures for result in trials.results if not result.passed}


@pytest.mark.parametrize("name", BUNDLED)
def test_the_bundled_ones_pass_their_cases(name: str, workers: Workers, renderer: Renderer) -> None:
    trials = try_folder(ROOT / name, workers, renderer)
    assert len(trials.results) > 1
    assert [each for each in trials.results if not each.passed] == []


@pytest.mark.parametrize("kind", ["plugin", "theme"])
def test_what_was_begun_passes_its_cases(
    tmp_path: Path, kind: Kind, workers: Workers, renderer: Renderer
) -> None:
    assert failures(made(tmp_path, kind), workers, renderer) == {}


def test_a_proposal_that_differs_is_shown_beside_the_one_that_was_expected(
    tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    folder = made(tmp_path)
    edit(folder, "main.lua", '"long_read", true', '"long_read", words')
    (found,) = failures(folder, workers, renderer).values()
    assert found == (
        "- expected, + proposed",
        '- { metadata = "long_read", value = true }',
        '+ { metadata = "long_read", value = 6 }',
        '  { transform = "main h1", op = "append_html", html = " <small>a long read</small>" }',
    )


REFUSED = """
[[case]]
name = "the status is its own"
event = "response.prepared"
response = { status = 404, headers = { X-Words = "7" } }
expect = [{ header = "x-status", value = "404 7" }]

[[case]]
name = "it may not look at the site"
refused = "read:site"

[[case]]
name = "it is refused with other words"
refused = "read:request"

[[case]]
name = "it does not listen to this"
event = "system.started"
expect = []

[[case]]
name = "there is no such setting"
settings = { word = 1 }
expect = []
"""


def test_refusals_and_other_events_can_be_expected(
    tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    folder = made(tmp_path)
    edit(folder, "plugin.toml", '["content.resolved"]', '["content.resolved", "response.prepared"]')
    edit(folder, "plugin.toml", '"propose:metadata"', '"propose:header", "read:response"')
    (folder / "main.lua").write_text(
        'on("content.resolved", function(event) local title = event.site.title end)\n'
        'on("response.prepared", function(event, propose)\n'
        '  local shown = event.response.status .. " " .. event.response.headers["x-words"]\n'
        '  propose.header("x-status", shown)\nend)\n'
    )
    (folder / "tests" / "cases.toml").write_text(REFUSED)
    found = failures(folder, workers, renderer)
    assert sorted(found) == [
        "it does not listen to this",
        "it is refused with other words",
        "there is no such setting",
    ]
    assert "event.site needs the capability read:site" in found["it is refused with other words"][0]
    assert "does not subscribe" in found["it does not listen to this"][0]
    assert "there is no such setting" in found["there is no such setting"][0]


THEME = """
[[case]]
name = "all is otherwise"
route = "page"
[case.expect]
contains = ["<h1>Never</h1>"]
lacks = ["<h1>"]
count = { h1 = 2, "h1:::" = 1 }

[[case]]
name = "a value that is not there"
template = "broken.html"

[[case]]
name = "a value that is not there, expected"
template = "broken.html"
refused = "undefined value"

[[case]]
name = "no such route"
route = "pages"

[[case]]
name = "it was written after all"
route = "page"
refused = "undefined"
"""


def test_what_a_page_has_not_is_told(tmp_path: Path, workers: Workers, renderer: Renderer) -> None:
    folder = made(tmp_path, "theme")
    add(folder, "templates/broken.html", "\n{{ nothing.here }}")
    add(folder, "tests/cases.toml", THEME)
    found = failures(folder, workers, renderer)
    assert [line[:40] for line in found.pop("all is otherwise")] == [
        "the page does not contain '<h1>Never</h1",
        "the page contains '<h1>', in '<body> <he",
        "'h1' matches 1 times, not 2",
        'count: invalid CSS selector "h1:::": exp',
    ]
    assert "templates/broken.html:2" in found.pop("a value that is not there")[0]
    assert found.pop("no such route") == ("the manifest has no route 'pages'",)
    assert "it was not refused" in found.pop("it was written after all")[0]
    assert found == {}


def test_what_does_not_load_is_not_run(
    tmp_path: Path, workers: Workers, renderer: Renderer
) -> None:
    folder = made(tmp_path)
    add(folder, "main.lua", "end")
    trials = try_folder(folder, workers, renderer)
    assert [problem.code for problem in trials.problems] == ["plugin.error"]
    assert trials.results == ()
