"""The bundled plugins, with their own manifests and defaults, on real workers."""

from pathlib import Path
from typing import Any

import pytest

from apps.content import html
from apps.extensions.capabilities import sections
from apps.extensions.manifests import PluginManifest, check_settings, parse_manifest
from apps.extensions.proposals import decode_proposals
from tests.extensions.stage import EVENT, Stage, checked

PLUGINS = Path(__file__).parents[2] / "plugins"


def propose(
    stage: Stage, name: str, settings: dict[str, Any], **event: Any
) -> list[dict[str, Any]]:
    manifest = parse_manifest("plugin", name, (PLUGINS / name / "plugin.toml").read_text())
    assert isinstance(manifest, PluginManifest)
    resolved, problems = check_settings(manifest, settings)
    assert problems == ()
    pool = stage.plugin(
        (PLUGINS / name / "main.lua").read_text(),
        id=name,
        settings=dict(resolved),
        capabilities=manifest.capabilities,
    )
    assert tuple(checked(pool)["topics"]) == manifest.subscribes
    shown = sections(manifest.capabilities).cut({**EVENT, **event})
    call = {"plugin": name, "topic": "content.resolved", "event": shown}
    (reply,) = pool.call({"calls": [call]})["replies"]
    assert reply["outcome"] == "ok", reply
    assert decode_proposals(reply["proposals"])[1] == ()
    found: list[dict[str, Any]] = reply["proposals"]
    return found


@pytest.mark.parametrize(
    ("words", "rate", "minutes"), [(0, 220, 1), (220, 220, 1), (221, 220, 2), (90, 30, 3)]
)
def test_reading_time_rounds_up(stage: Stage, words: int, rate: int, minutes: int) -> None:
    content = {**EVENT["content"], "body": "<p>" + "word " * words + "</p>"}
    found = propose(stage, "reading-time", {"words_per_minute": rate}, content=content)
    assert found == [{"kind": "metadata", "key": "reading_minutes", "value": minutes}]


@pytest.mark.parametrize("base", ["https://site.example", "https://site.example/", ""])
def test_external_links_marks_links_that_leave_the_site(stage: Stage, base: str) -> None:
    site = {**EVENT["site"], "base_url": base}
    found = propose(stage, "external-links", {}, site=site)
    links = ["/a/", "#b", "https://site.example/x", "https://site.example.evil/", "http://other/"]
    page = "".join(f'<a href="{link}"></a>' for link in links)
    changed, dropped = html.rewrite(f"<main>{page}</main>{page}", found, ["main *"])
    assert dropped == []
    marks = ' rel="noopener noreferrer" class="external"'
    own = marks if not base else ""
    expected = [("/a/", ""), ("#b", ""), ("https://site.example/x", own)]
    expected += [("https://site.example.evil/", marks), ("http://other/", marks)]
    inside = "".join(f'<a href="{link}"{mark}></a>' for link, mark in expected)
    assert changed == f"<main>{inside}</main>{page}"


def test_external_links_can_ask_not_to_be_followed(stage: Stage) -> None:
    found = propose(stage, "external-links", {"nofollow": True})
    assert {each["value"] for each in found if "value" in each} == {"noopener noreferrer nofollow"}


def test_external_links_takes_any_address_of_the_site(stage: Stage) -> None:
    site = {**EVENT["site"], "base_url": 'https://a"]\\/b'}
    found = propose(stage, "external-links", {}, site=site)
    page = '<main><a href="https://x/">x</a></main>'
    assert 'class="external"' in html.rewrite(page, found, ["main *"])[0]
