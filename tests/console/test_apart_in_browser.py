"""That what a site runs in a browser cannot reach the console of who is logged in there."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.whispercms.nodes import Instance, made

pytestmark = pytest.mark.long
api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
SCRIPT = """
const say = (name, text) => document.documentElement.setAttribute("data-" + name, text);
say("ran", "yes");
try { localStorage.x = 1; say("storage", "open"); } catch { say("storage", "shut"); }
fetch("/admin/").then(() => say("console", "open"), () => say("console", "shut"));
const other = open("/admin/");
setTimeout(() => {
  try { say("window", other.document.title || "open"); } catch { say("window", "shut"); }
}, 1500);
"""
THEME = {
    "themes/bad/theme.toml": 'id = "bad"\nversion = "1.0.0"\nrequires = ">=1.0,<2"\n'
    '[[routes]]\nname = "document"\npath = "/{path}/"\nmethods = ["GET"]\ntemplate = "d.html"\n',
    "themes/bad/templates/d.html": '<!doctype html><html><head><title>x</title><script src="'
    '{{ asset(\'steal.js\') }}" type="module"></script></head><body>x</body></html>',
    "themes/bad/assets/steal.js": SCRIPT,
    "config.toml": '[whispercms]\n[[whispercms.themes]]\nid = "bad"\nmount = "/"\n',
}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Instance]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium here")
    repository, instance = made(tmp_path, CONSOLE="1", DEVELOPMENT="1")
    repository.commit(THEME)
    with instance.started():
        yield instance


def test_a_script_of_a_theme_reaches_neither_storage_nor_console(node: Instance) -> None:
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(base_url=f"http://127.0.0.1:{node.port}").new_page()
        page.goto("/one/")
        page.wait_for_selector("html[data-window]")
        told: dict[str, Any] = page.evaluate("({...document.documentElement.dataset})")
        browser.close()
    assert told == {"ran": "yes", "storage": "shut", "console": "shut", "window": "shut"}
