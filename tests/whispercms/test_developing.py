"""Folders that are being worked on are followed in development, and nowhere else."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.test import override_settings

from apps.content.rendering import Renderer
from apps.delivery.developing import Development
from apps.delivery.live import LiveSite
from apps.runtime.workers import Workers
from tests.delivery.extending import METADATA, config, plugin, served
from tests.delivery.trying.stage import node_of, written
from tests.sites import ROOT, Site, SiteRepository
from whispercms.developing import components, follow, signature


def managed(state: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    own = {"WHISPERCMS_STATE": str(state), "PATH": os.environ["PATH"], **environ}
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.run(command, env=own, capture_output=True, text=True)


def test_nothing_of_it_is_started_unless_it_is_asked_for(tmp_path: Path) -> None:
    assert components() == ()
    with override_settings(DEVELOP=(tmp_path,)):
        assert [component.name for component in components()] == ["developing"]


@pytest.mark.long
@pytest.mark.parametrize("words", [["check"], ["serve"], ["bootreport", "--now"]])
def test_a_node_in_production_refuses_it(tmp_path: Path, words: list[str]) -> None:
    done = managed(tmp_path, *words, WHISPERCMS_DEVELOP=str(tmp_path))
    assert done.returncode == 2
    assert "WHISPERCMS_DEVELOP: " in done.stderr and "for development alone" in done.stderr


@pytest.mark.long
def test_serve_refuses_it_in_production_and_for_no_folder(tmp_path: Path) -> None:
    done = managed(tmp_path, "serve", "--develop", str(tmp_path))
    assert done.returncode == 1 and "set WHISPERCMS_DEVELOPMENT=1" in done.stderr
    wrong = str(tmp_path / "nowhere")
    done = managed(tmp_path, "serve", "--develop", wrong, WHISPERCMS_DEVELOPMENT="1")
    assert done.returncode == 1 and f"there is no folder {wrong}" in done.stderr


def test_every_change_of_a_file_is_seen(tmp_path: Path) -> None:
    folder = written(tmp_path / "mine", plugin("mine", "", METADATA))
    seen = [signature([folder])]
    (folder / "tests").mkdir()
    (folder / "tests" / "a.toml").write_text("x")
    seen.append(signature([folder]))
    os.utime(folder / "main.lua", ns=(1, 1))
    seen.append(signature([folder]))
    (folder / "tests" / "a.toml").unlink()
    seen.append(signature([folder]))
    assert len(set(seen)) == 4
    assert signature([tmp_path / "nowhere"]) == ()


def test_a_change_is_on_the_site_without_a_commit(
    repository: SiteRepository,
    site: Site,
    tmp_path: Path,
    workers: Workers,
    renderer: Renderer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("whispercms.developing.SECONDS", 0.01)
    served(repository, site, {"config.toml": config()})
    folder = written(tmp_path / "mine", plugin("mine", "", METADATA))
    development = Development(node_of(site, workers, renderer), [folder])
    live, ended = LiveSite(site.files, development.load), threading.Event()
    first = live.current()
    following = threading.Thread(target=follow, args=(live, [folder], ended))
    following.start()
    for version in range(200):
        written(folder, plugin("mine", f"local version = {version}", METADATA))
        if ended.wait(0.02) or live.current() is not first:
            break
    ended.set()
    following.join(20)
    assert live.current() is not first and not following.is_alive()
    live.stop()
