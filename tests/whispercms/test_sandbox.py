"""What a node does that cannot confine its workers as it should."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sites import ROOT
from tests.whispercms.nodes import Instance, made

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere much is missing anyway"),
]

OLD_KERNEL = (sys.executable, "-m", "tests.whispercms.old_kernel")
MISSING = {"landlock-files", "landlock-network", "landlock-scope"}
WARNING = "the sandbox is incomplete"


def run(instance: Instance, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*OLD_KERNEL, *command],
        cwd=ROOT,
        env=instance.environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def reported(instance: Instance) -> set[str]:
    report = json.loads((instance.state / "bootreport.json").read_text())
    (step,) = (each for each in report["steps"] if each["name"] == "sandbox")
    return {layer for layer, status in step["values"].items() if status.startswith("missing: ")}


def test_in_production_it_does_not_start_and_says_what_to_do(tmp_path: Path) -> None:
    _, instance = made(tmp_path)
    done = run(instance, "prepare")
    assert done.returncode == 1
    assert "landlock-files (off: [Errno 38]" in done.stderr
    assert "WHISPERCMS_SANDBOX=preferred" in done.stderr
    assert "landlock-scope" not in done.stderr.splitlines()[-1]  # It is not needed.
    assert "Traceback" not in done.stderr
    assert reported(instance) >= MISSING
    assert not list(instance.state.glob("sites/*/index-*"))


def test_in_production_it_takes_no_commit(tmp_path: Path) -> None:
    _, instance = made(tmp_path)
    done = run(instance, "syncrepo", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["state"]) == (1, "refused")
    assert [problem["code"] for problem in report["problems"]] == ["sandbox.missing"]


@pytest.mark.parametrize("setting", ["DEVELOPMENT=1", "SANDBOX=preferred"])
def test_where_it_is_only_preferred_it_starts_and_warns_once(tmp_path: Path, setting: str) -> None:
    name, _, value = setting.partition("=")
    _, instance = made(tmp_path, **{name: value})
    done = run(instance, "prepare")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(WARNING) == 1
    assert "landlock-files" in next(line for line in done.stderr.splitlines() if WARNING in line)
    assert reported(instance) >= MISSING
