"""A state folder of its own for every test process, Django on top of it, and shared workers."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

STATE = tempfile.mkdtemp(prefix="whispercms-tests-")
atexit.register(shutil.rmtree, STATE, ignore_errors=True)
for name in [
    name for name in os.environ if name.startswith("WHISPERCMS_") and name != "WHISPERCMS_HOSTILE"
]:
    del os.environ[name]
os.environ["WHISPERCMS_STATE"] = STATE
os.environ["WHISPERCMS_CONSOLE"] = "1"
os.environ["WHISPERCMS_HTTPS"] = "0"
os.environ["DJANGO_SETTINGS_MODULE"] = "whispercms.settings"

import django
import pytest

django.setup()

from apps.content.rendering import Renderer
from apps.runtime.databases import prepare_databases
from apps.runtime.workers import Workers
from tests.sites import Site, SiteRepository

SAMPLED = (
    "console/test_backend",
    "console/test_extension_states",
    "console/test_first_run",
    "console/test_login",
    "console/test_people",
    "console/test_people_admin",
    "console/test_sessions",
    "content/test_editing_corpora",
    "content/test_editing_ends",
    "content/test_editing_rules",
    "delivery/test_breakers",
    "delivery/test_developing",
    "delivery/test_failing_extensions",
    "delivery/test_pipeline",
    "delivery/trying/test_rehearsal",
    "delivery/trying/test_tracing",
    "extensions/containment/test_containment",
    "extensions/containment/test_store",
    "extensions/sandbox/test_lua_containment",
    "extensions/test_authorising",
    "extensions/workshop/test_checking",
    "extensions/workshop/test_previewing",
    "extensions/workshop/test_trials",
    "gitsync/backups/test_restore",
    "gitsync/clone/test_continuity",
    "gitsync/clone/test_faulty_remotes",
    "gitsync/clone/test_push",
    "gitsync/clone/test_remote",
    "gitsync/clone/test_tending",
    "gitsync/git/test_access",
    "gitsync/git/test_nothing_becomes_git",
    "gitsync/merging/test_merge",
    "gitsync/promoting/test_promotion",
    "gitsync/test_crash",
    "gitsync/syncing/test_configuring",
    "gitsync/syncing/test_showing",
    "gitsync/test_hostile",
    "gitsync/test_inspecting",
    "gitsync/test_policy_command",
    "gitsync/trust/test_acts",
    "gitsync/trust/test_signatures",
    "gitsync/writing/test_changing",
    "gitsync/writing/test_deciding",
    "gitsync/writing/test_hostile_files",
    "gitsync/writing/test_publishing",
    "gitsync/writing/test_saving",
    "runtime/test_boot",
    "runtime/test_confinement",
    "runtime/test_processes",
    "runtime/test_workers",
    "test_bad_input",
    "test_bad_remotes",
    "whispercms/test_extension_command",
    "whispercms/test_health",
    "whispercms/test_notifying",
    "whispercms/test_people_command",
    "whispercms/test_webhook",
    "gitsync/test_sealing",
)
"""Each of these starts processes by the dozen: `make test` runs some, `make test-all` the rest."""
SAMPLE = 3
TESTS = Path(__file__).resolve().parent
CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of each sampled module, evenly spread ones stay in the fast set."""
    fast: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("long") is None:
            fast.setdefault(str(item.path.relative_to(TESTS).with_suffix("")), []).append(item)
    for name in SAMPLED:
        kept = fast.get(name, [])[:: max(1, len(fast.get(name, [])) // SAMPLE)]
        for item in fast.get(name, []):
            if item not in kept:
                item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session", autouse=True)
def databases() -> None:
    prepare_databases()


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    made = Workers(required=False)
    yield made
    made.stop()


@pytest.fixture(scope="session")
def renderer(workers: Workers) -> Renderer:
    return Renderer(workers)


@pytest.fixture
def repository(tmp_path: Path) -> SiteRepository:
    """An empty bare repository with a branch `main`, to commit to."""
    return SiteRepository(tmp_path / "remote.git")


@pytest.fixture
def site(
    repository: SiteRepository, tmp_path: Path, workers: Workers, renderer: Renderer
) -> Iterator[Site]:
    """A node that serves `repository`."""
    made = Site(repository, tmp_path / "node", workers, renderer)
    yield made
    made.stop()


@pytest.fixture(scope="session")
def corpora() -> Path:
    if not CORPORA.is_dir():
        pytest.skip(f"there are no corpora at {CORPORA.name}")
    return CORPORA
