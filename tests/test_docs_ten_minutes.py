"""What an author is told to type and to write, from nothing to an enabled extension, done for real:
in a shell, with the files of the page, on a server that is running."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from tests import docs

STEP = re.compile(
    r"^(?:`(?P<name>[^`\s]+)`\n\n)?```(?P<kind>[a-z]*)\n(?P<text>.*?)^```$", re.M | re.S
)
SECONDS = 60

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]


def steps(name: str, heading: str) -> list[tuple[str, str, str]]:
    """Of each block below a heading: the name of a file or nothing, its language, and its text."""
    text = docs.read(name)
    part = text[text.index(f"## {heading}\n") :]
    part = part[: part.index("\n## ", 3)]
    return [(found["name"] or "", found["kind"], found["text"]) for found in STEP.finditer(part)]


@dataclass(slots=True)
class Author:
    """Somebody at a shell, in an empty home."""

    home: Path
    port: int
    server: subprocess.Popen[bytes] | None = None

    @property
    def site(self) -> Path:
        return self.home / "field-notes"

    def environment(self) -> dict[str, str]:
        tools = {"PATH": f"{self.home / 'bin'}:{os.environ['PATH']}", "HOME": str(self.home)}
        person = {
            f"GIT_{role}_{key}": "a@b.example"
            for role in ("AUTHOR", "COMMITTER")
            for key in ("NAME", "EMAIL")
        }
        own = {"WHISPERCMS_DEVELOPMENT": "1", "WHISPERCMS_REMOTE": str(self.site)}
        return (
            tools
            | person
            | own
            | {"WHISPERCMS_STATE": str(self.home / "state"), "PORT": str(self.port)}
        )

    def types(self, text: str) -> str:
        if "manage.py serve" in text:
            command = ["bash", "-ec", f"exec {text}"]
            self.server = subprocess.Popen(command, cwd=self.site, env=self.environment())
            return ""
        cwd = self.site if self.site.is_dir() else self.home
        done = subprocess.run(
            ["bash", "-ec", text], cwd=cwd, env=self.environment(), capture_output=True, text=True
        )
        assert done.returncode == 0, (text, done.stdout, done.stderr)
        return done.stdout

    def writes(self, name: str, text: str) -> None:
        """What the command has written is what stands on the page."""
        path = self.site / name
        if path.exists() and name.startswith(("plugins/", "themes/")):
            assert path.read_text(encoding="utf-8") == text, name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def reads(self, name: str) -> str:
        return (self.site / name).read_text(encoding="utf-8")

    def sees(self, words: str, path: str = "/hello/") -> None:
        """Waits until the page has the words."""
        start = time.monotonic()
        page = ""
        while words not in page:
            assert time.monotonic() - start < SECONDS, page
            time.sleep(0.05)
            page = self._page(path)

    def stops(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait()
            self.server = None

    def _page(self, path: str) -> str:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as reply:
                return str(reply.read().decode())
        except HTTPError as error:
            return error.read().decode()
        except (URLError, OSError):
            return ""


@pytest.fixture
def author(tmp_path: Path) -> Iterator[Author]:
    if shutil.which("bash") is None:
        pytest.skip("there is no bash")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = tmp_path / "bin" / "manage.py"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} {docs.ROOT}/manage.py "$@"\n')
    command.chmod(0o755)
    made = Author(tmp_path, port)
    yield made
    made.stops()


def followed(author: Author, name: str, heading: str, works: Callable[[Author], None]) -> str:
    """All that was said on the way; `works` is what is done while the server runs."""
    said = ""
    for path, kind, text in steps(name, heading):
        if kind != "sh":
            author.writes(path, text)
            continue
        said += author.types(text)
        if author.server is not None:
            works(author)
            author.stops()
    return said


def works_on_the_plugin(author: Author) -> None:
    author.sees("Hello")
    manifest = author.site / "plugins/long-read/plugin.toml"
    before = manifest.read_text()
    manifest.write_text(before.replace("default = 1500", "default = 3"))
    author.sees("a long read")
    manifest.write_text(before)


def works_on_the_theme(author: Author) -> None:
    author.sees('<a rel="tag"')
    page = author.site / "themes/field/templates/page.html"
    before = page.read_text()
    page.write_text(before.replace("<h1>", '<h1 class="first">'))
    author.sees('<h1 class="first">')
    page.write_text(before + "{% if %}")
    author.sees("themes/field/templates/page.html:10: syntax error")
    page.write_text(before)


def test_a_plugin_from_nothing_to_enabled(author: Author) -> None:
    said = followed(author, "plugins.md", "A plugin in ten minutes", works_on_the_plugin)
    assert "nothing is wrong with" in said and "2 cases, 0 failed" in said
    assert re.search(r"^1 of \d+ pages would change, 0 failures$", said, re.M)
    assert 'long-read: { metadata = "long_read", value = true }' in said
    assert "[plugins.long-read]" in author.reads("extensions.lock")
    assert '{ id = "long-read", settings = { words = 3 } }' in author.reads("config.toml")


def test_a_theme_from_nothing_to_enabled(author: Author) -> None:
    said = followed(author, "themes.md", "A theme in ten minutes", works_on_the_theme)
    preview = re.search(r"file://(\S+)", said)
    assert preview and Path(preview[1]).is_file()
    assert "3 cases, 0 failed" in said
    assert re.search(r"^[1-9]\d* of \d+ pages would change, 0 failures$", said, re.M)
    assert "route field/page" in said
    assert "[themes.field]" in author.reads("extensions.lock")
    assert "Written outdoors." in author.reads("config.toml")
