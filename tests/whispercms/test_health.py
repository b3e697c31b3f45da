"""What `/readyz` says of extensions that are left out, to the public and to this machine."""

import json
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from django.test import override_settings

from apps.extensions.containment.breaker import Cause
from apps.extensions.containment.containment import Containment
from apps.extensions.containment.store import DatabaseStore
from apps.gitsync.local import record
from apps.runtime.supervision import Standing, State
from apps.runtime.workers import Workers
from tests.extensions.shared_states import new_site
from tests.sites import CONFIG, Site, SiteRepository, body
from tests.whispercms.nodes import made
from whispercms.health import readiness

KEY = "plugin:reading-time"
QUARANTINE = f"""
from django.conf import settings
from apps.extensions.containment.breaker import Cause
from apps.extensions.containment.changes import Change
from apps.extensions.containment.store import DatabaseStore
change = Change(1.0, Cause.ATTACK, "killed by SIGSYS")
DatabaseStore(settings.SITE_KEY).carry_out({KEY!r}, (change,))
"""


def ready(site: Site, workers: Workers | None) -> Any:
    return json.loads(body(readiness(site.live, workers)))


@pytest.fixture
def served(repository: SiteRepository, site: Site) -> Site:
    repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n"})
    site.sync()
    return site


def test_with_nothing_left_out_all_is_well(served: Site, workers: Workers) -> None:
    said = ready(served, workers)
    assert (said["state"], said["reason"], said["extensions"]) == ("ok", None, {})


def test_the_environment_and_what_holds_it_are_named(served: Site, workers: Workers) -> None:
    with override_settings(SITE_KEY=new_site()):
        assert (ready(served, None)["environment"], ready(served, None)["pinned"]) == ("main", None)
        record(served.local, replace(served.sync(), pinned="a-release"))
        assert (ready(served, None)["state"], ready(served, None)["pinned"]) == ("ok", "a-release")
        record(served.local, served.sync())
        assert ready(served, None)["pinned"] is None


def test_an_extension_that_is_left_out_degrades_and_is_named(
    served: Site, workers: Workers
) -> None:
    served.containment.failed(KEY, Cause.ATTACK, "killed by SIGSYS")
    served.containment.failed("plugin:slow", Cause.BUDGET, "too slow")
    said = ready(served, workers)
    assert said["state"] == "degraded"
    assert said["reason"] == f"{KEY} is quarantined; plugin:slow is open"
    quarantined = {"state": "quarantined", "reason": "killed by SIGSYS", "retry_at": None}
    assert said["extensions"][KEY] == quarantined
    assert said["extensions"]["plugin:slow"]["retry_at"].endswith("+00:00")


def test_what_was_given_up_degrades_and_only_this_machine_is_told_why(
    served: Site, workers: Workers
) -> None:
    runs = {
        "queue": Standing(state=State.FAILED, failures=20, reason="exit code 1"),
        "zygote": Standing(state=State.RESTARTING, failures=1, reason="it died"),
    }
    public = json.loads(body(readiness(served.live, None, runs=runs)))
    assert (public["state"], public["reason"]) == ("degraded", "queue has failed and was given up")
    assert "exit code" not in json.dumps(public)
    local = json.loads(body(readiness(served.live, workers, runs=runs)))
    assert local["components"]["queue"] == {
        "state": "failed",
        "failures": 20,
        "reason": "exit code 1",
    }
    assert local["components"]["zygote"]["state"] == "restarting"


def test_the_public_is_not_told_why(served: Site) -> None:
    served.containment.failed(KEY, Cause.ATTACK, "killed by SIGSYS")
    said = ready(served, None)
    assert said["state"] == "degraded" and "extensions" not in said
    assert "SIGSYS" not in json.dumps(said)


def test_states_that_are_not_known_degrade(served: Site) -> None:
    served.containment = Containment(DatabaseStore(new_site()))
    assert "not known" in ready(served, None)["reason"]


@pytest.mark.long
def test_a_running_server_follows_a_quarantine_and_its_end(tmp_path: Path) -> None:
    _, instance = made(tmp_path)
    with instance.started():
        assert instance.get("/readyz").json()["state"] == "ok"
        assert instance.run("shell", "-c", QUARANTINE).returncode == 0
        assert _becomes(instance, "degraded")
        assert instance.get("/one/").status == 200
        assert instance.run("extension", "release", KEY).returncode == 0
        assert _becomes(instance, "ok")


def _becomes(instance: Any, state: str) -> bool:
    deadline = monotonic() + 10
    while instance.get("/readyz").json()["state"] != state and monotonic() < deadline:
        sleep(0.05)
    return bool(instance.get("/readyz").json()["state"] == state)
