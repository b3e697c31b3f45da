"""A sync tells what it changed of the extensions, in the transaction that changed it."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from apps.gitsync.report import APPLIED, REFUSED, UNCHANGED
from apps.gitsync.syncing.sync import sync
from tests.delivery.extending import GREET, METADATA, PAGES, config, lock, plugin
from tests.sites import ROOT, Site, SiteRepository

GREETER = {**plugin("greet", GREET, METADATA), **lock(greet=(METADATA,))}


def told(site: Site) -> list[tuple[str, Mapping[str, Any]]]:
    query = "SELECT topic, payload FROM event WHERE topic GLOB 'extension.*' OR topic GLOB 'reg*'"
    with closing(sqlite3.connect(site.files.index)) as connection:
        return [(topic, json.loads(text)) for topic, text in connection.execute(query)]


def test_extensions_are_told_of_as_they_change_and_versions_by_digest(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": config(), **PAGES})
    first = site.sync()
    known = len(told(site))
    repository.commit({"config.toml": config("greet"), **GREETER})
    enabled = site.sync()
    assert [topic for topic, _ in told(site)[known:]] == ["extension.enabled", "registry.applied"]
    assert told(site)[known][1]["extension"] == "plugin:greet"
    assert told(site)[-1][1] == {
        "commit": enabled.new,
        "digest": enabled.registry,
        "before": first.registry,
    }
    assert site.live.current().registry.digest == enabled.registry


def test_going_back_is_one_transition_to_the_same_version(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": config(), **PAGES})
    first = site.sync().registry
    assert site.live.versions == (first,)
    repository.commit({"config.toml": config("greet"), **GREETER})
    second = site.sync().registry
    assert site.live.current().registry.digest == second
    gone: dict[str, str | bytes | None] = dict.fromkeys(GREETER)
    repository.commit({"config.toml": config(), **gone})
    known = len(told(site))
    assert site.sync().registry == first
    assert site.live.current().registry.digest == first
    assert list(site.live.versions) == [first, second, first]
    assert [topic for topic, _ in told(site)[known:]] == ["extension.disabled", "registry.applied"]


@pytest.mark.long
def test_content_alone_changes_no_version_and_a_refused_commit_none_either(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": config(), **PAGES})
    first, known = site.sync().registry, told(site)
    repository.commit({"content/one.md": "# Another\n"})
    report = site.sync()
    assert (report.state, report.registry) == (APPLIED, first)
    repository.commit({"config.toml": config("nosuch")})
    report = site.sync()
    assert (report.state, report.registry) == (REFUSED, first)
    assert told(site) == known


def test_a_product_with_other_extensions_is_told_of_once(
    repository: SiteRepository, site: Site, tmp_path: Path
) -> None:
    repository.commit({"config.toml": config(), **PAGES})
    first, known = site.sync().registry, len(told(site))
    newer = tmp_path / "newer"
    for kind in ("plugins", "themes"):
        copytree(ROOT / kind, newer / kind)
    manifest = newer / "themes/plain/theme.toml"
    manifest.write_text(f"{manifest.read_text()}\n# Another.\n")
    upgraded = replace(site.local, bundled=newer)
    report = sync(upgraded)
    assert report.registry not in (None, first)
    told_of = {"commit": report.new, "digest": report.registry, "before": first}
    assert told(site)[known:] == [("registry.applied", told_of)]
    assert sync(upgraded).state == UNCHANGED
    assert len(told(site)) == known + 1
