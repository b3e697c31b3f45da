"""Plants secrets in a node, and looks for them wherever they must not be."""

import base64
import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from tests.sites import ROOT
from tests.whispercms.nodes import MANAGE, Instance

WORKER_MARKS = (b"apps.runtime.zygote", b"apps.runtime.nursery")
REGION_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Plant:
    """A secret, and the forms in which it could lie about."""

    name: str
    text: str

    @property
    def forms(self) -> tuple[bytes, ...]:
        return _forms(self.text)


@dataclass(frozen=True, slots=True)
class Search:
    """All plants at once."""

    plants: tuple[Plant, ...]

    def found(self, content: bytes) -> set[str]:
        """The names of those that are in it."""
        return {p.name for p in self.plants if any(form in content for form in p.forms)}

    def in_files(self, folders: Iterable[Path], but: Iterable[Path]) -> dict[str, set[str]]:
        """Path → plants, of all files below; databases and logs are files."""
        left_out, told = set(but), {}
        for path in (each for folder in folders for each in folder.rglob("*")):
            if path.is_file() and path not in left_out:
                told[str(path)] = self.found(path.read_bytes())
        return {path: names for path, names in told.items() if names}

    def in_objects(self, repositories: Iterable[Path]) -> dict[str, set[str]]:
        """Of Git, unpacked, reachable or not."""
        told = {}
        for path in repositories:
            listing = ("cat-file", "--batch", "--batch-all-objects", "--unordered")
            done = subprocess.run(
                ["git", "-C", path, *listing], capture_output=True, check=True, timeout=60
            )
            assert done.stdout
            told[str(path)] = self.found(done.stdout)
        return {path: names for path, names in told.items() if names}

    def in_memory(self, pid: int) -> set[str]:
        return {name for region in _regions(pid) for name in self.found(region)}


@cache
def _forms(text: str) -> tuple[bytes, ...]:
    raw = text.encode()
    coded = {base64.b64encode(raw[start:])[4:-4] for start in range(3)}
    texts = {json.dumps(text)[1:-1], quote(text), repr(text)[1:-1], raw.hex()}
    return (raw, text.encode("utf-16-le"), *coded, *(each.encode() for each in texts))


def run(instance: Instance, *command: str, value: str = "") -> str:
    """A command of `manage.py` that must succeed; what it says on both streams."""
    done = subprocess.run(
        [*MANAGE, *command],
        cwd=ROOT,
        env=instance.environment(),
        input=value,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def is_worker(pid: int) -> bool:
    """The zygote, or what it forked."""
    with suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        return any(mark in command for mark in WORKER_MARKS)
    return False


def shown_by_ps(pid: int) -> bytes:
    """Arguments and environment; nothing of a process that is gone."""
    folder = Path(f"/proc/{pid}")
    with suppress(FileNotFoundError, ProcessLookupError):
        return (folder / "cmdline").read_bytes() + b"\0" + (folder / "environ").read_bytes()
    return b""


def _regions(pid: int) -> Iterator[bytes]:
    descriptor = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) r", line)
            if found is None or line.endswith(("[vvar]", "[vsyscall]")):
                continue
            start, end = (int(each, 16) for each in found.groups())
            with suppress(OSError):
                yield os.pread(descriptor, min(end - start, REGION_BYTES), start)
    finally:
        os.close(descriptor)
