"""Journeys through the console in a real browser, over a node as an operator runs it."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.browsing import Browser, Desk
from tests.whispercms.nodes import made

api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
OWNED = {
    "policies/rules.cedar": '@id("all") permit (principal is Person, action, resource);\n',
    "content/posts/_index.md": "---\ntitle: Posts\n---\n",
    "content/posts/first.md": "---\ntitle: First\ndate: 2026-01-02\ntags: [rust]\n---\nHello.\n",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Its loop runs on this thread, where Django would not work with a database meanwhile."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium here: apt-get install chromium")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(folder: Path, chromium: Any, *people: str, **settings: str) -> Iterator[Desk]:
    """A node with a console, a site that everybody may do everything with, and accounts."""
    remote, instance = made(folder, **{"CONSOLE": "1", **settings})
    remote.commit(OWNED)
    with instance.started() as running:
        desk = Desk(instance=instance, remote=remote, running=running, chromium=chromium)
        for person in people:
            desk.add(person)
        yield desk


@pytest.fixture
def desks(tmp_path: Path, chromium: Any) -> Iterator[Callable[..., Desk]]:
    with ExitStack() as stack:

        def desk(name: str = "site", people: Sequence[str] = ("ada",), **settings: str) -> Desk:
            (tmp_path / name).mkdir()
            return stack.enter_context(opened(tmp_path / name, chromium, *people, **settings))

        yield desk


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Desk]:
    """For what only looks."""
    with opened(tmp_path_factory.mktemp("site"), chromium, "ada") as desk:
        yield desk


@pytest.fixture
def desk(desks: Callable[..., Desk]) -> Desk:
    return desks()


@pytest.fixture
def ada(desk: Desk) -> Iterator[Browser]:
    with desk.browser("ada") as browser:
        yield browser
