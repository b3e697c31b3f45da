"""A node whose clone is damaged or whose remote is away, as its operator sees it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.gitsync.clone import tending
from apps.gitsync.clone.circuit import FAILURES
from apps.gitsync.clone.tended import Tended
from tests.sites import CONFIG, Site, SiteRepository, body
from tests.whispercms.nodes import Instance, free_port, made
from whispercms.health import readiness


@pytest.mark.parametrize(
    ("state", "lost", "expected"),
    [
        ("mended", ("main",), "degraded"),
        pytest.param("sound", (), "ok", marks=pytest.mark.long),
        pytest.param("damaged", (), "degraded", marks=pytest.mark.long),
    ],
)
def test_readiness_tells_of_the_clone(
    repository: SiteRepository, site: Site, state: str, lost: tuple[str, ...], expected: str
) -> None:
    repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n"})
    site.sync()
    source = settings.SITE_SOURCE
    tended = Tended(state=state, at=1.0, boot="", lost=lost)
    tending._write(source, tended)
    try:
        said = json.loads(body(readiness(site.live, None)))
    finally:
        source.tended.unlink()
    assert said["state"] == expected
    assert "checkrepo" in str(said["reason"]) or expected == "ok"


def told(instance: Instance, *command: str) -> tuple[int, Any]:
    done = instance.run(*command, "--json")
    return done.returncode, json.loads(done.stdout)


@pytest.mark.long
def test_a_damaged_clone_is_found_and_made_anew(tmp_path: Path) -> None:
    repository, instance = made(tmp_path)
    assert told(instance, "syncrepo")[0] == 0
    code, report = told(instance, "checkrepo", "--full")
    assert (code, report["state"], report["findings"]) == (0, "sound", [])
    assert report["packing"] is None
    code, report = told(instance, "checkrepo", "--pack")
    assert (code, report["packing"]["state"]) == (0, "packed")
    assert report["packing"]["store"]["loose"] == 0
    (clone,) = instance.state.glob("sites/*/repository.git")
    shutil.rmtree(clone / "objects")
    (clone / "objects").mkdir()
    code, report = told(instance, "checkrepo")
    assert (code, report["state"]) == (1, "damaged")
    repository.git.path.rename(tmp_path / "away.git")
    code, report = told(instance, "checkrepo", "--mend")
    assert (code, report["error"]) == (3, "remote.unknown")
    (tmp_path / "away.git").rename(repository.git.path)
    code, report = told(instance, "checkrepo", "--mend")
    assert (code, report["state"]) == (0, "mended")
    assert told(instance, "syncrepo", "--rebuild")[0] == 0


@pytest.mark.long
def test_a_remote_that_does_not_answer_is_asked_more_seldom(tmp_path: Path) -> None:
    instance = Instance(tmp_path / "state", "https://127.0.0.1:1/x.git", free_port())
    for number in range(1, FAILURES + 1):
        code, report = told(instance, "syncrepo")
        assert (code, report["error"]) == (3, "remote.unreachable")
        (path,) = instance.state.glob("sites/*/circuit.json")
        circuit = json.loads(path.read_text())
        assert circuit["failures"] == number
        assert (circuit["retry_at"] > 0) is (number == FAILURES)


@pytest.mark.long
def test_a_history_that_was_rewritten_is_told_and_accepted_by_a_person(tmp_path: Path) -> None:
    repository, instance = made(tmp_path)
    assert told(instance, "syncrepo")[0] == 0
    first = repository.git.resolve("refs/heads/main")
    repository.commit({"config.toml": CONFIG, "content/new.md": "# New\n"}, branch="other")
    other = repository.git.resolve("refs/heads/other")
    assert first and other
    repository.git.set("refs/heads/main", other)
    code, report = told(instance, "syncrepo")
    assert (code, report["problems"][0]["code"]) == (1, "history.rewritten")
    with instance.started() as running:
        said = running.state("degraded")
        assert said["commit"] == first
        assert "--accept-rewritten" in said["reason"]
        assert told(instance, "syncrepo", "--accept-rewritten")[0] == 0
        said = instance.get("/readyz").json()
        assert (said["state"], said["commit"]) == ("ok", other)
