"""Starts that cannot go well, or only half, and the exit codes that scripts go by."""

import json
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.whispercms.nodes import REPORT, made

pytestmark = pytest.mark.long
PATIENCE = 20.0


class TestStarting:
    def test_broken_settings_are_told_with_place_and_remedy(self, tmp_path: Path) -> None:
        _, instance = made(tmp_path)
        instance.state.mkdir()
        settings = instance.state / "settings.toml"
        settings.write_text('# mine\nhosts = ["a"]\ncolour = "red"\n')
        for command in ("serve", "prepare", "syncrepo"):
            done = instance.run(command)
            assert done.returncode not in (0, None), command
            assert f"{settings}:3" in done.stderr and "'colour'" in done.stderr
            assert "The keys are" in done.stderr
            assert "Traceback" not in done.stderr

    def test_a_broken_site_is_told_with_place_and_remedy(self, tmp_path: Path) -> None:
        repository, instance = made(tmp_path)
        repository.commit({"config.toml": '[whispercms]\ncolour = "red"\n'})
        done = instance.run("serve")
        assert done.returncode == 1
        assert "config.toml:2" in done.stderr and "Mend it" in done.stderr
        assert "Traceback" not in done.stderr

    def test_an_unknown_remote_is_told_with_its_remedy(self, tmp_path: Path) -> None:
        _, instance = made(tmp_path, REMOTE=str(tmp_path / "nosuch.git"))
        done = instance.run("serve")
        assert done.returncode == 1
        assert "repository" in done.stderr and "WHISPERCMS_REMOTE" in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_port_that_is_taken_is_told(self, tmp_path: Path) -> None:
        _, instance = made(tmp_path)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", instance.port))
            taken.listen()
            done = instance.run("serve", seconds=15)
        assert done.returncode == 1
        assert str(instance.port) in done.stderr and "PORT" in done.stderr

    def test_without_its_remote_it_serves_the_last_good_commit(self, tmp_path: Path) -> None:
        repository, instance = made(tmp_path)
        commit = repository.git.resolve("refs/heads/main")
        assert instance.run("prepare").returncode == 0
        repository.git.path.rename(tmp_path / "away.git")
        with instance.started() as running:
            said = running.state("degraded")
            assert (instance.get("/readyz").status, said["ready"]) == (200, True)
            assert said["commit"] == commit and "no Git repository" in said["reason"]
            assert instance.get("/one/").status == 200
            (tmp_path / "away.git").rename(repository.git.path)
            assert instance.run("syncrepo").returncode == 0
            assert instance.get("/readyz").json()["state"] == "ok"

    def test_a_refused_commit_leaves_the_last_good_one(self, tmp_path: Path) -> None:
        repository, instance = made(tmp_path)
        commit = repository.git.resolve("refs/heads/main")
        assert instance.run("prepare").returncode == 0
        repository.commit({"config.toml": "[whispercms", "content/one.md": "# Other\n"})
        with instance.started() as running:
            said = running.state("degraded")
            assert said["commit"] == commit
            assert "config.toml:1" in said["reason"]
            assert "One</h1>" in instance.get("/one/").text

    def test_what_it_has_is_served_before_it_asks_its_remote(self, tmp_path: Path) -> None:
        repository, instance = made(tmp_path)
        assert instance.run("prepare").returncode == 0
        commit = repository.commit({"content/one.md": "# Other\n"})
        with instance.started() as running:
            deadline = monotonic() + PATIENCE
            while instance.get("/readyz").json()["commit"] != commit:
                assert monotonic() < deadline
                sleep(0.05)
            assert "Other</h1>" in instance.get("/one/").text
            said = running.log.read_text()
            assert "served meanwhile" in said
            assert said.index('"web"') < said.index("applied main")
            assert running.end() == 0

    def test_what_other_policies_decided_is_not_served_before_the_sync(
        self, tmp_path: Path
    ) -> None:
        _, instance = made(tmp_path)
        assert instance.run("prepare").returncode == 0
        (index,) = instance.state.glob("sites/*/index-*.sqlite3")
        with closing(sqlite3.connect(index)) as database:
            database.execute("UPDATE pointer SET basis = 'another'")
            database.commit()
        with instance.started() as running:
            assert instance.get("/one/").status == 200
            said = running.log.read_text()
            assert "not to be served before the sync" in said
            assert said.index("applied main") < said.index('"web"')

    def test_the_bundled_demo_is_served_without_a_remote(self, tmp_path: Path) -> None:
        _, instance = made(tmp_path, REMOTE="")
        with instance.started():
            assert instance.get("/").status == 200


def test_the_exit_codes_of_syncrepo(tmp_path: Path) -> None:
    repository, instance = made(tmp_path)
    assert instance.run("syncrepo", "--dry-run").returncode == 0
    assert instance.run("syncrepo").returncode == 0
    unchanged = instance.run("syncrepo", "--json")
    assert (unchanged.returncode, json.loads(unchanged.stdout)["state"]) == (0, "unchanged")
    rebuilt = json.loads(instance.run("syncrepo", "--json", "--rebuild").stdout)
    assert rebuilt["digest"] == json.loads(unchanged.stdout)["digest"]
    assert instance.run("syncrepo", "--nosuch").returncode == 2
    repository.commit({"config.toml": "[whispercms", "content/bad.md": "---\na: b\na: c\n---\n"})
    refused = instance.run("syncrepo", "--json")
    report = json.loads(refused.stdout)
    assert (refused.returncode, report["state"], set(report)) == (1, "refused", REPORT)
    assert [set(problem) for problem in report["problems"]] == [{"code", "path", "line", "reason"}]
    repository.git.path.rename(tmp_path / "away.git")
    lost = instance.run("syncrepo", "--json")
    assert lost.returncode == 3
    assert json.loads(lost.stdout)["error"] == "remote.unknown"
