"""Coverage-guided fuzzing of what decodes a worker's words, and that it finds what is broken."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sites import ROOT

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        importlib.util.find_spec("atheris") is None,
        reason="atheris is not installed: it has wheels for Linux on x86-64 alone",
    ),
]

MEGABYTES = 128
"""Of memory; an honest run needs about 50."""
PLANTED = 500_000
SMALL_PARENT = ("/bin/sh", "-c", '"$@"; exit $?', "sh")
"""A process inherits the peak of memory of the one that started it, which here is pytest."""


def fuzz(target: str, runs: int, folder: Path) -> subprocess.CompletedProcess[str]:
    corpus = folder / "corpus"
    corpus.mkdir()
    return subprocess.run(
        [
            *SMALL_PARENT,
            *(sys.executable, "-m", "tests.fuzzing.harness", target, str(corpus)),
            *(f"-runs={runs}", f"-rss_limit_mb={MEGABYTES}", "-seed=1", "-timeout=5"),
            *("-max_len=1024", f"-artifact_prefix={folder}/", "-print_final_stats=1"),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


@pytest.mark.parametrize(("target", "runs"), [("frames", 2_000_000), ("proposals", 1_000_000)])
def test_no_input_brings_a_decoder_down(target: str, runs: int, tmp_path: Path) -> None:
    done = fuzz(target, runs, tmp_path)
    assert done.returncode == 0, done.stdout[-4000:]
    assert f"Done {runs} runs" in done.stdout
    assert not list(tmp_path.glob("*-*"))


@pytest.mark.parametrize(
    ("target", "sign"), [("fails untyped", "IndexError: planted"), ("leaks", "out-of-memory")]
)
def test_a_decoder_that_is_broken_on_purpose_is_found(
    target: str, sign: str, tmp_path: Path
) -> None:
    done = fuzz(target, PLANTED, tmp_path)
    assert done.returncode != 0
    assert sign in done.stdout
