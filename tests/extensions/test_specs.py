"""With which limits the workers of extensions are started."""

from collections.abc import Iterator

import pytest

from apps.extensions.finding import BUNDLED, ExtensionFiles, find
from apps.extensions.inspecting import manifest_of
from apps.extensions.manifests import PluginManifest, ThemeManifest, parse_manifest
from apps.extensions.settling import Ready
from apps.extensions.specs import plugin_spec, theme_spec
from apps.runtime.workers import WorkerPool, Workers
from tests.sites import ROOT

TOPICS = ("content.resolved", "request.received")
MANIFEST = (
    'id = "long"\nversion = "1.0.0"\nrequires = ">=1.0,<2"\n'
    'subscribes = ["content.resolved", "request.received"]\ncapabilities = ["propose:metadata"]\n'
)
LONGEST = "".join(
    f'on("{topic}", function(_, propose) propose.metadata("a", ("\\0"):rep(10900)) end)\n'
    for topic in TOPICS
)
"""Each byte is written with six."""


@pytest.fixture
def pool(workers: Workers) -> Iterator[WorkerPool]:
    manifest = parse_manifest("plugin", "long", MANIFEST)
    assert isinstance(manifest, PluginManifest)
    files = ExtensionFiles("plugin", "long", BUNDLED, {"main.lua": LONGEST.encode()})
    granted = frozenset(manifest.capabilities)
    ready = Ready(files=files, manifest=manifest, settings={}, granted=granted)
    pool = workers.pool(plugin_spec("plugin:long", [ready]))
    yield pool
    pool.close()


def test_the_longest_honest_answer_fits_and_little_more(pool: WorkerPool) -> None:
    calls = [{"plugin": "long", "topic": topic, "event": {}} for topic in TOPICS]
    pool.warm()
    replies = pool.call({"calls": calls}, wall_seconds=5.0)["replies"]
    assert [reply["outcome"] for reply in replies] == ["ok", "ok"]
    assert sum(6 * len(reply["proposals"][0]["value"]) for reply in replies) > 128_000
    assert pool.spec.limits.reply_bytes <= 256 * 1024


@pytest.mark.parametrize(("mount", "keeps"), [("/", 1), ("/feed/", 0)])
def test_only_the_sites_own_theme_keeps_a_worker_that_nobody_asks(mount: str, keeps: int) -> None:
    files = find("theme", "feed", {}, ROOT)
    assert files is not None
    manifest = manifest_of(files)
    assert isinstance(manifest, ThemeManifest)
    ready = Ready(files=files, manifest=manifest, settings={}, granted=frozenset(), mount=mount)
    assert theme_spec(ready).keeps == keeps
