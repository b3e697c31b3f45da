"""A state folder of its own for every test process, Django on top of it, and shared workers."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
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

import pytest

from tests import collecting
from tests.sampled import LONG, SAMPLED

if not collecting.is_spreading(sys.argv[1:]):
    import django

    django.setup()

    from apps.content.rendering import Renderer
    from apps.runtime.databases import prepare_databases
    from apps.runtime.workers import Workers
    from tests.sites import Site, SiteRepository

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return collecting.is_unread(collection_path, config.option.markexpr) or None


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    collecting.read_share(session.config)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str
) -> list[pytest.Item] | None:
    return [] if collecting.is_passed_over(collector, name) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of each sampled module the first stays in the fast set."""
    seen = set(LONG)
    for item in items:
        module = collecting.name(item.path)
        if module in SAMPLED | LONG and item.get_closest_marker("long") is None:
            if module in seen:
                item.add_marker(pytest.mark.long)
            seen.add(module)


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
