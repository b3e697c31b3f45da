"""How long an author waits for the preview: from the last key to the page in the browser, its pause
included, over a document of 2,000 words."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from statistics import median, quantiles
from typing import Any

from bench import servers, sites
from bench.load import HOST, ROOT
from bench.report import BenchError, Figure
from bench.run import Run
from bench.sites import Site
from whispercms.servers import ASGI

FIGURES = ("preview_ms",)
EDITS, KEY_MS, WAIT_MS = 50, 30, 10_000
PATH, ADDRESS = "content/posts/long.md", "content_2Fposts_2Flong.md"
NAME, PASSWORD = "ada", "correct horse battery staple"
POLICY = '@id("all") permit (principal is Person, action, resource);\n'
WORDS = " ".join(f"word{number}" for number in range(95))
TEXT = "\n\n".join(f"## Part {n}\n\n{WORDS} and *some* [link](/)." for n in range(20))
SHOWN = "number => performance.getEntriesByName('preview').length > number"


def measure(run: Run) -> list[Figure]:
    files = {
        "config.toml": '[whispercms]\ntitle = "Bench"\n',
        "policies/all.cedar": POLICY,
        PATH: f"---\ntitle: Long\ndate: 2026-01-01\n---\n\n{TEXT}\n",
    }
    site = sites.empty(run.folder, "writing", files)
    with _node(run, site) as port:
        times = _edited(port)
    high: Any = quantiles(times, n=20)[-1]
    said = f"95 of 100 edits of 2,000 words, in Chromium; median {median(times):.0f} ms"
    return [Figure(name="preview_ms", value=high, unit="ms", note=said)]


@contextmanager
def _node(run: Run, site: Site) -> Iterator[int]:
    """A console with an account."""
    state = run.state()
    environment: Mapping[str, str] = {
        **run.environment(state, site),
        "WHISPERCMS_CONSOLE": "1",
        "WHISPERCMS_HTTPS": "0",
    }
    with servers.like(run, "daphne", ASGI, environment, path=servers.READY, pinned=False) as server:
        subprocess.run(
            [sys.executable, "manage.py", "people", "add", NAME],
            cwd=ROOT,
            env=dict(environment),
            input=f"{PASSWORD}\n",
            text=True,
            check=True,
            capture_output=True,
        )
        yield server.port


def _edited(port: int) -> list[float]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise BenchError("playwright is not installed") from error
    program = shutil.which("chromium")
    if program is None:
        raise BenchError("there is no chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            page = browser.new_page(base_url=f"http://{HOST}:{port}")
            return _times(page)
        finally:
            browser.close()


def _times(page: Any) -> list[float]:
    page.goto("/admin/login/")
    page.fill("#id_username", NAME)
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    page.goto(f"/admin/content/document/{ADDRESS}/change/")
    page.wait_for_function(SHOWN, arg=0, timeout=WAIT_MS)
    page.click(".cm-content")
    page.keyboard.press("Control+End")
    page.evaluate("performance.clearMeasures('preview')")
    for number in range(EDITS):
        page.keyboard.type(f" word{number}", delay=KEY_MS)
        page.wait_for_function(SHOWN, arg=number, timeout=WAIT_MS)
    found = page.evaluate("performance.getEntriesByName('preview').map(each => each.duration)")
    return [float(each) for each in found][:EDITS]
