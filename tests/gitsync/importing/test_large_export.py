"""An export of 100 MB: what is in memory does not grow with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.gitsync.importing.outcomes import IMPORTED
from tests import wxr
from tests.gitsync.importing.imports import Importer

MEGABYTE = 1024 * 1024
PARAGRAPH = "Words that somebody wrote once, <em>with</em> a [1] and 🦊 & more.\n\n"


def large(folder: Path, megabytes: int, item_bytes: int) -> Path:
    path = folder / f"{megabytes}.xml"
    with path.open("wb") as file:
        file.write((wxr.HEAD + wxr.ADA).encode())
        for part in parts(megabytes * MEGABYTE // item_bytes, item_bytes):
            file.write(part)
        file.write(wxr.TAIL.encode())
    return path


def parts(count: int, item_bytes: int) -> Iterator[bytes]:
    body = PARAGRAPH * (item_bytes // len(PARAGRAPH.encode()))
    for number in range(1, count + 1):
        yield wxr.item(number, body=f"{number} {body}").encode()


def memory(path: Path) -> int:
    """Of this process: now, or at most since `path` says so."""
    lines = dict(line.split(":", 1) for line in path.read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) // 1024


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_hundred_megabytes_stream(importer: Importer) -> None:
    """From the file to the commit. By what the kernel counted, in megabytes."""
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    peaks = {}
    for megabytes in (20, 100):
        path = large(importer.folder, megabytes, 100_000)
        reset.write_text("5")
        before = memory(status)
        assert importer.file(path, branch=f"import/{megabytes}").state == IMPORTED
        peaks[megabytes] = memory(status) - before
    assert peaks[100] < peaks[20] + 60
