"""What has to pass before a node is brought up to date."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sites import ROOT

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the children are forked"),
]
REFUSED = """
import django
django.setup()
from django.core.management.base import CommandError
from whispercms.preparing import prepare_beside

def check():
    raise CommandError("this installation cannot serve")

prepare_beside(["this.is.loaded.by.nobody"], check)
"""


def test_a_check_that_fails_ends_the_start_before_anything_is_made(tmp_path: Path) -> None:
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("WHISPERCMS_", "DJANGO_"))}
    named = {"DJANGO_SETTINGS_MODULE": "whispercms.settings", "WHISPERCMS_STATE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", REFUSED],
        cwd=ROOT,
        env={**ours, **named, "WHISPERCMS_CONSOLE": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "whispercms: this installation cannot serve" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("*.sqlite3")) and not (tmp_path / "sites").exists()
