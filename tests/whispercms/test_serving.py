"""The server as an operator meets it: real processes on a real port."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client

from apps.runtime.confinement import LAYERS
from tests.sites import ROOT, SiteRepository
from tests.whispercms.nodes import (
    REPORT,
    Instance,
    Running,
    alive,
    end_all,
    gone,
    made,
    program,
)
from tests.whispercms.wall import NOTHING, SAMPLE, answered

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="/proc is read")
READY = {"ready", "state", "commit", "branch", "reason", "environment", "pinned"}
STEPS = ["settings", "storage", "workers", "sandbox", "repository"]
STEPS += ["configuration", "secrets", "content", "containment", "extensions", "routes"]
QUEUE_MODELS = ("Failure", "OrmQ", "Schedule", "Success")


@pytest.fixture(scope="module")
def node(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[SiteRepository, Instance, Running]]:
    repository, instance = made(tmp_path_factory.mktemp("node"))
    with instance.started() as running:
        yield repository, instance, running


class TestServe:
    """One node that is running."""

    def test_it_is_alive_and_ready_and_serves(
        self, node: tuple[SiteRepository, Instance, Running]
    ) -> None:
        repository, instance, _ = node
        assert instance.get("/healthz").status == 200
        ready = instance.get("/readyz", X_Forwarded_For="192.0.2.7")
        said = ready.json()
        assert (ready.status, set(said)) == (200, READY)
        assert (said["ready"], said["state"], said["reason"]) == (True, "ok", None)
        assert (said["commit"], said["branch"]) == (
            repository.git.resolve("refs/heads/main"),
            "main",
        )
        page = instance.get("/one/")
        assert page.status == 200 and "One</h1>" in page.text
        assert page.headers["x-request-id"]
        assert page.headers["x-content-type-options"] == "nosniff"

    def test_the_sandbox_is_told_to_this_machine_alone(
        self, node: tuple[SiteRepository, Instance, Running]
    ) -> None:
        _, instance, _ = node
        here = instance.get("/readyz").json()
        assert set(here) == READY | {"sandbox", "components", "events", "extensions", "unpublished"}
        assert here["sandbox"] and all(isinstance(v, str) for v in here["sandbox"].values())
        assert here["events"].keys() == {"plugins", "fact-log", "fact-bus"}
        assert {"web", "queue", "zygote", "watcher"} < here["components"].keys()
        assert here["events"]["plugins"].keys() == {"received", "dropped", "refused"}
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
            assert set(instance.get("/readyz", **{header: "127.0.0.1"}).json()) == READY, header
        if outside := _own_address():
            assert "sandbox" not in instance.get("/readyz", host=outside).json()

    def test_a_new_commit_shows_as_soon_as_it_is_synced(
        self, node: tuple[SiteRepository, Instance, Running]
    ) -> None:
        repository, instance, _ = node
        commit = repository.commit({"content/new.md": "# New\n"})
        done = instance.run("syncrepo", "--json")
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        assert set(report) == REPORT
        assert report["commit"] == {"from": repository.git.resolve(f"{commit}^"), "to": commit}
        assert (report["state"], report["parsed"], report["added"]) == ("applied", 1, 1)
        assert report["digest"].startswith("sha256:") and len(report["digest"]) == 71
        assert instance.get("/new/").status == 200
        assert instance.get("/readyz").json()["commit"] == commit

    def test_the_start_is_told_step_by_step(
        self, node: tuple[SiteRepository, Instance, Running]
    ) -> None:
        _, instance, _ = node
        report = json.loads(instance.run("bootreport", "--json").stdout)
        assert report["ready"] is True and report["failure"] == ""
        assert [step["name"] for step in report["steps"]][: len(STEPS)] == STEPS
        assert all(step["seconds"] >= 0 for step in report["steps"])
        (sandbox,) = (step for step in report["steps"] if step["name"] == "sandbox")
        assert list(sandbox["values"]) == list(LAYERS)

    def test_what_is_malformed_is_refused_and_the_next_is_answered(
        self, node: tuple[SiteRepository, Instance, Running]
    ) -> None:
        _, instance, _ = node
        for each in SAMPLE:
            statuses = answered(instance.port, each.sent)
            assert len(statuses) <= each.most, each.name
            assert (statuses or [NOTHING])[0] in each.may, each.name
            assert instance.get("/one/").status == 200, each.name

    def test_there_is_no_console(self, node: tuple[SiteRepository, Instance, Running]) -> None:
        _, instance, _ = node
        for path in ("/admin/", "/admin", "/admin/login/", "/static/admin/css/base.css"):
            assert instance.get(path).status == 404, path

    def test_it_makes_its_files_for_its_owner_alone(
        self, node: tuple[SiteRepository, Instance, Running]
    ) -> None:
        _, instance, _ = node
        assert instance.state.stat().st_mode & 0o077 == 0
        assert (instance.state / "settings.toml").stat().st_mode & 0o077 == 0


class TestProcfile:
    @pytest.mark.long
    def test_web_serves_as_it_stands_and_leaves_nothing_behind(self, tmp_path: Path) -> None:
        _, instance = made(tmp_path)
        honcho = (sys.executable, "-m", "honcho", "start", "web")
        with instance.started(*honcho) as running:
            assert instance.get("/one/").status == 200
            family = running.family()
            assert len(family) > 4
            running.end()
            assert gone(family), _commands(alive(family))

    @pytest.mark.long
    def test_release_ends_well_and_web_starts_after_it(self, tmp_path: Path) -> None:
        _, instance = made(tmp_path)
        release = (sys.executable, "-m", "honcho", "start", "release")
        done = subprocess.run(release, cwd=ROOT, env=instance.environment(), check=False)
        assert done.returncode == 0
        with instance.started():
            assert instance.get("/one/").status == 200


@pytest.mark.long
class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_ends_everything(self, tmp_path: Path, number: int) -> None:
        _, instance = made(tmp_path)
        with instance.started() as running:
            assert instance.get("/one/").status == 200
            family = running.family()
            assert running.end(number) == 0
            assert gone(family), _commands(alive(family))

    def test_what_a_terminal_tells_all_of_them_at_once_ends_them_quietly(
        self, tmp_path: Path
    ) -> None:
        """Of a console too, whose server hears of it a second time, from what watches over it."""
        _, instance = made(tmp_path, CONSOLE="1")
        with instance.started() as running:
            family = running.family()
            os.killpg(running.process.pid, signal.SIGINT)
            assert running.process.wait(30) == 0
            assert gone(family), _commands(alive(family))
            assert "Traceback" not in running.log.read_text()

    def test_a_web_process_that_dies_is_started_again(self, tmp_path: Path) -> None:
        _, instance = made(tmp_path)
        with instance.started() as running:
            before = running.family()
            for pid, _ in before:
                if program(pid) == "web":
                    os.kill(pid, signal.SIGKILL)
            running.wait_until_ready()
            assert instance.get("/one/").status == 200
            family = running.family()
            assert running.end() == 0
            assert gone(family | before), _commands(alive(family | before))

    def test_nothing_is_left_of_a_server_that_is_killed(self, tmp_path: Path) -> None:
        _, instance = made(tmp_path)
        with instance.started() as running:
            family = running.family()
            running.end(signal.SIGKILL)
            ended, left = gone(family, 10), _commands(alive(family))
            end_all(family)
        assert ended, left


class TestConsole:
    def test_rows_of_the_task_queue_are_nobodys_to_edit(self) -> None:
        """They name functions to call."""
        admin.autodiscover()
        registered = {f"{m._meta.app_label}.{m.__name__}" for m in admin.site._registry}
        assert "content.Document" in registered
        assert not {name for name in registered if name.startswith("django_q")}
        user, _ = User.objects.get_or_create(username="ada", is_staff=True)
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        front = client.get("/admin/")
        assert front.status_code == 200 and b"django_q" not in front.content
        for model in QUEUE_MODELS:
            assert client.get(f"/admin/django_q/{model.lower()}/").status_code == 404

    @pytest.mark.long
    def test_the_console_is_mounted_where_it_is_on(self, tmp_path: Path) -> None:
        _, instance = made(tmp_path, CONSOLE="1")
        with instance.started() as running:
            front = instance.get("/admin/")
            assert (front.status, front.headers["location"]) == (302, "/admin/login/?next=/admin/")
            login = instance.get("/admin/login/")
            assert (login.status, login.headers["location"]) == (302, "/admin/first-run/")
            form = instance.get("/admin/first-run/")
            assert form.status == 200 and 'name="code"' in form.text
            assert instance.get("/static/admin/css/base.css").status == 200
            assert instance.get("/one/").status == 200
            assert "sandbox" in instance.get("/readyz").json()
            assert "sandbox" not in instance.get("/readyz", X_Forwarded_For="127.0.0.1").json()
            if outside := _own_address():
                with pytest.raises(OSError):
                    instance.get("/admin/", host=outside)
            family = running.family()
            assert running.end() == 0
            assert gone(family), _commands(alive(family))


def _own_address() -> str | None:
    """An address of this machine that is not loopback. Nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        found = str(probe.getsockname()[0])
    return None if found.startswith("127.") else found


def _commands(family: set[tuple[int, str]]) -> list[str]:
    """What they were started as; nothing where one has ended meanwhile."""
    files = [Path(f"/proc/{pid}/cmdline") for pid, _ in sorted(family)]
    texts = [file.read_bytes() if file.exists() else b"" for file in files]
    return [text.replace(b"\0", b" ").decode() for text in texts]
