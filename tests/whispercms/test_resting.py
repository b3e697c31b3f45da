"""What a server that only serves has loaded: each module is memory that it keeps for good."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sites import ROOT

SEEN = """
import json, sys
import django
django.setup()
from importlib import import_module
from whispercms.preparing import SERVING
import whispercms.boot
for module in (*SERVING, "whispercms.alone"):
    import_module(module)
print(json.dumps(sorted(sys.modules)))
"""
SELDOM = (
    *("cedarpy", "click", "cryptography", "greenlet", "lupa", "minijinja", "nh3", "PIL"),
    *("prometheus_client", "pyrage", "rich", "ruamel", "tomlkit", "turbohtml", "uvloop"),
    *("channels", "daphne", "twisted", "whitenoise"),
    *("apps.console.site", "apps.delivery.exporting"),
    *("apps.gitsync.git.repository", "apps.gitsync.importing", "apps.gitsync.syncing"),
    *("apps.gitsync.writing", "apps.policy.cedar", "apps.policy.rules", "apps.policy.secrets.age"),
    *("apps.content.fragments", "apps.content.layouts", "apps.delivery.developing"),
    *("apps.policy.entities", "apps.policy.validating"),
    *("django.core.handlers.wsgi", "django_q.tasks"),
)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package that asks to be told of all that is decoded."""
    folder = tmp_path_factory.mktemp("packages")
    about = folder / "stranger-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[pydantic]\nstranger = stranger:plugin\n")
    (folder / "stranger.py").write_text("plugin = None\n")
    return folder


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, stranger: Path) -> frozenset[str]:
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("WHISPERCMS_", "DJANGO_"))}
    ours["PYTHONPATH"] = str(stranger)
    state = tmp_path_factory.mktemp("state")
    said = subprocess.run(
        [sys.executable, "-c", SEEN],
        cwd=ROOT,
        env=ours | _settings(state),
        capture_output=True,
        text=True,
        check=True,
    )
    return frozenset(json.loads(said.stdout))


def _settings(state: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "whispercms.settings",
        "WHISPERCMS_CONSOLE": "0",
        "WHISPERCMS_STATE": str(state),
    }


def test_what_only_a_page_or_a_command_needs_is_not_loaded(loaded: frozenset[str]) -> None:
    assert {"apps.delivery.front", "whispercms.boot", "granian.server.mp"} <= loaded
    assert loaded.isdisjoint(SELDOM)


def test_what_is_decoded_is_shown_to_no_other_package(loaded: frozenset[str]) -> None:
    assert "pydantic" in loaded and "stranger" not in loaded
