"""`manage.py extension`: the verbs of authors, as people and programs meet them."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from tests.delivery.extending import METADATA, plugin
from tests.delivery.trying.stage import written
from tests.extensions.workshop.stage import add, edit
from tests.sites import CONFIG, ROOT, Site, SiteRepository
from whispercms.management.commands.extension import all_verbs


def run(*words: str | Path) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("extension", *map(str, words), stdout=out, stderr=StringIO())
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def told(*words: str | Path) -> tuple[int, Any]:
    code, text = run(*words, "--json")
    return code, json.loads(text)


@pytest.fixture
def node(repository: SiteRepository, site: Site) -> Iterator[Site]:
    repository.commit({"config.toml": CONFIG, "content/one.md": "---\ntitle: One\n---\nText.\n"})
    site.sync()
    with override_settings(SITE_FILES=site.files, BUNDLED_EXTENSIONS=ROOT, SANDBOX_REQUIRED=False):
        yield site


def test_every_verb_says_what_it_does() -> None:
    assert {"check", "dryrun", "new", "preview", "test", "trace"} <= set(all_verbs())
    assert all(len(verb.HELP.split()) > 3 for verb in all_verbs().values())


def test_a_plugin_is_begun_checked_and_tried(tmp_path: Path) -> None:
    code, found = told("new", "plugin", "mine", "--folder", tmp_path)
    folder = Path(found["folder"])
    assert code == 0 and folder == tmp_path / "plugins" / "mine" and len(found["files"]) == 3
    assert told("check", folder) == (0, {"problems": []})
    code, found = told("test", folder)
    assert (code, found["failed"], len(found["cases"])) == (0, 0, 2)
    assert run("new", "plugin", "mine", "--folder", tmp_path)[0] == 2


def test_a_theme_is_begun_with_its_preview(tmp_path: Path) -> None:
    code, found = told("new", "theme", "mine", "--folder", tmp_path)
    assert code == 0 and Path(found["preview"]).is_file()
    code, found = told("preview", found["folder"], "--out", tmp_path / "out")
    assert (code, found["failed"]) == (0, {})
    assert {"page.html", "home.html", "error.html"} <= set(found["pages"])
    code, found = told("preview", ROOT / "plugins" / "reading-time")
    assert (code, found["error"]) == (2, "no-theme")


def test_defects_are_told_with_place_and_remedy(tmp_path: Path) -> None:
    run("new", "plugin", "mine", "--folder", tmp_path)
    folder = tmp_path / "plugins" / "mine"
    add(folder, "main.lua", "x = 1\n")
    edit(folder, "plugin.toml", "subscribes", "subscribe")
    code, found = told("check", folder)
    assert code == 1 and [each["line"] for each in found["problems"]] == [11, 1, 9]
    assert all(each["remedy"] for each in found["problems"])
    code, text = run("check", folder)
    assert code == 1 and f"{folder}/main.lua:11: " in text and "Mend the line" in text
    assert told("test", folder)[1] == found
    assert run("preview", folder)[0] == 1


def test_a_failed_case_is_shown_as_a_difference(tmp_path: Path) -> None:
    run("new", "plugin", "mine", "--folder", tmp_path)
    folder = tmp_path / "plugins" / "mine"
    edit(folder, "main.lua", '"long_read", true', '"long", true')
    code, text = run("test", folder)
    assert code == 1 and "FAILED  a long text is marked  (plugins/mine/tests/cases.toml:9)" in text
    assert '- { metadata = "long_read", value = true }' in text
    assert text.strip().endswith("2 cases, 1 failed")


@pytest.mark.parametrize("verb", ["check", "test", "preview"])
def test_a_folder_without_an_extension_is_wrong_usage(verb: str, tmp_path: Path) -> None:
    assert told(verb, tmp_path)[1]["error"] == "no-extension"
    assert run(verb, tmp_path / "nowhere")[0] == 2


def test_a_request_is_traced(node: Site) -> None:
    code, found = told("trace", "https://site.example/one/?a=1", "--header", "Accept-Language: de")
    assert code == 0 and found["status"] == 200 and found["route"] == "plain/document"
    assert {each["by"] for each in found["proposals"]} == {"reading-time", "external-links"}
    assert {"kind", "asked", "answer"} == found["facts"][0].keys()
    text = run("trace", "/one/")[1]
    assert 'reading-time: { metadata = "reading_minutes", value = 1 }' in text
    assert "theme:plain: 1 calls" in text
    assert told("trace", "/nowhere/", "--method", "HEAD")[1]["status"] == 404


@pytest.mark.parametrize("words", [("/%ff",), ("one",), ("/", "--header", "nothing")])
def test_what_is_no_request_is_wrong_usage(node: Site, words: tuple[str, ...]) -> None:
    assert told("trace", *words)[1]["error"] == "usage"


def test_a_dry_run_tells_what_would_change(node: Site, tmp_path: Path) -> None:
    before = node.text("/one/")
    folder = written(tmp_path / "mine", plugin("mine", 'propose.metadata("m", 1)', METADATA))
    code, found = told("dryrun", "plugin:mine", "--from", folder)
    assert (code, found["changed"], found["failed"]) == (0, 0, 0)
    assert found["asks"] == ["This extension may add facts to pages for the theme to show."]
    code, text = run("dryrun", "reading-time", "--configure", '{"words_per_minute": 1}')
    assert code == 0 and "0 of" in text
    longer = 'propose.metadata("reading_minutes", 9)'
    written(folder, plugin("mine", longer, METADATA))
    code, text = run("dryrun", "mine", "--from", folder)
    assert code == 0 and "9 min read" in text and "1 of" in text and "--- /one/" in text
    assert node.text("/one/") == before


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("nosuch",), "unknown"),
        (("reading-time",), "enabled"),
        (("theme:reading-time",), "unknown"),
        (("other", "--from", "plugins/reading-time"), "unknown"),
        (("reading-time", "--from", "nowhere"), "no-extension"),
        (("reading-time", "--configure", "1"), "usage"),
        (("reading-time", "--configure", '{"words": 1}'), "usage"),
    ],
)
def test_a_dry_run_of_nothing_is_wrong_usage(
    node: Site, words: tuple[str, ...], error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    code, found = told("dryrun", *words)
    assert (code, found["error"]) == (2, error)


def test_a_dry_run_of_what_does_not_load_tells_why(node: Site, tmp_path: Path) -> None:
    folder = written(tmp_path / "mine", plugin("mine", "end", METADATA))
    code, found = told("dryrun", "mine", "--from", folder)
    assert code == 1 and [each["code"] for each in found["problems"]] == ["plugin.error"]


def test_without_an_index_the_node_is_to_blame(node: Site) -> None:
    node.files.index.unlink()
    assert told("trace", "/")[0] == told("dryrun", "x")[0] == 4
