"""A sync that is killed, at whatever line, leaves the old commit serving or the new one."""

import os
import random
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from apps.content.index import Index
from apps.gitsync.report import APPLIED, UNCHANGED
from tests.sites import CONFIG, ROOT, Site, SiteRepository

WATCHED = (str(ROOT / "apps" / "gitsync"), str(ROOT / "apps" / "content"))
BEFORE: dict[str, str | bytes | None] = {
    "config.toml": CONFIG,
    "content/one.md": "---\ntitle: Before\n---\nold text\n",
    "content/two.md": "# Two\n",
    "media/a.bin": b"a" * 2000,
}
AFTER: dict[str, str | bytes | None] = {
    "content/one.md": "---\ntitle: After\n---\nnew text\n",
    "content/two.md": None,
    "content/three.md": "# Three\n",
    "media/b.bin": b"b" * 2000,
}


def test_killed_at_any_line_of_a_sync(repository: SiteRepository, site: Site) -> None:
    _check(repository, site, samples=5)


@pytest.mark.long
def test_killed_at_many_lines_of_a_sync(repository: SiteRepository, site: Site) -> None:
    _check(repository, site, samples=150)


def _check(repository: SiteRepository, site: Site, *, samples: int) -> None:
    """The lines are counted in one whole run, so that no list of steps can be out of date."""
    old = repository.commit(BEFORE)
    site.sync()
    new = repository.commit(AFTER)
    lines = _in_child(site, None, Path(site.source.folder) / "lines")
    assert lines > 300
    assert site.sync().state == UNCHANGED
    for number in sorted(random.Random(7).sample(range(1, lines + 1), samples)):
        _back_to(repository, site, old, new)
        _in_child(site, number, Path(site.source.folder) / "lines")
        pointer = Index(site.files).pointer()
        assert pointer is not None
        assert pointer.commit_id in (old, new), f"killed at line {number}"
        expected = "old text" if pointer.commit_id == old else "new text"
        assert expected in site.text("/one/"), f"killed at line {number}"
        assert site.sync().state in (APPLIED, UNCHANGED)
        assert "new text" in site.text("/one/")
        assert site.sync(rebuild=True).digest == site.sync().digest


def _back_to(repository: SiteRepository, site: Site, old: str, new: str) -> None:
    repository.git.set("refs/heads/main", old)
    site.sync()
    repository.git.set("refs/heads/main", new)


def _in_child(site: Site, kill_at: int | None, count: Path) -> int:
    """Syncs in a fork which kills itself at a line; returns how many lines a whole run has."""
    child = os.fork()
    if child == 0:
        seen = 0

        def trace(frame: FrameType, event: str, argument: Any) -> Any:
            nonlocal seen
            if not frame.f_code.co_filename.startswith(WATCHED):
                return None
            if event == "line":
                seen += 1
                if seen == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        try:
            sys.settrace(trace)
            site.sync()
            sys.settrace(None)
            count.write_text(str(seen))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    return int(count.read_text()) if kill_at is None else 0
