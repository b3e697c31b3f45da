"""`exportsite`: what people read, what programs read, exit codes; and a process that is killed."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from apps.delivery.exporting.bounds import MANIFEST, STAGING
from apps.delivery.exporting.verifying import verify
from apps.extensions.containment.breaker import Cause
from apps.extensions.containment.changes import Change
from apps.extensions.containment.store import DatabaseStore
from tests.extensions.shared_states import new_site
from tests.sites import CONFIG, ROOT, Site, SiteRepository
from tests.whispercms.nodes import Instance

PAGES = {f"content/{n}.md": f"---\ntitle: Page {n}\n---\nText {n}.\n" for n in range(150)}
KILLS = 5


@pytest.fixture
def served(repository: SiteRepository, site: Site) -> Iterator[SiteRepository]:
    repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n"})
    site.sync()
    with override_settings(SITE_FILES=site.files, SITE_SOURCE=site.source, BUNDLED_EXTENSIONS=ROOT):
        yield repository


def run(*words: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("exportsite", *words, stdout=out, stderr=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def told(*words: str) -> tuple[int, Any]:
    code, text = run(*words, "--json")
    return code, json.loads(text)


def test_a_site_is_exported_and_verified(
    served: SiteRepository, site: Site, tmp_path: Path
) -> None:
    place = tmp_path / "public"
    assert told(str(place), "--verify")[1]["error"] == "folder"
    code, text = run(str(place))
    assert code == 0 and "written: 404.html" in text and "note: the site has no base_url" in text
    (place / "one/index.html").write_text("!")
    code, found = told(str(place), "--verify")
    assert (code, found["changed"], found["missing"]) == (1, ["one/index.html"], [])


@pytest.mark.long
@pytest.mark.timeout(900)
def test_what_cannot_be_exported_is_told_with_a_remedy(
    served: SiteRepository, site: Site, tmp_path: Path
) -> None:
    place = tmp_path / "public"
    code, found = told(str(place), "--dry-run")
    assert code == 0 and "one/index.html" in found["written"] and not place.exists()
    assert run(str(place))[0] == run(str(place), "--verify")[0] == 0
    code, found = told(str(place))
    assert (code, found["written"], found["removed"]) == (0, [], [])
    assert found["files"] == len(json.loads((place / MANIFEST).read_bytes())["files"])

    with override_settings(SITE_KEY=new_site()):
        attack = Change(1.0, Cause.ATTACK, "killed by SIGSYS")
        DatabaseStore(settings.SITE_KEY, str).carry_out("theme:plain/base.html", (attack,))
        code, found = told(str(place))
        assert (code, found["error"]) == (1, "quarantined")

    (place / "own.txt").write_text("mine")
    (place / "media").write_text("mine")
    served.commit({"media/Same.txt": "x", "media/same.txt": "y"})
    site.sync()
    code, found = told(str(place))
    assert (code, [each["code"] for each in found["problems"]]) == (1, ["export.clash"])
    served.commit({"media/Same.txt": None})
    site.sync()
    code, text = run(str(place))
    assert code == 1 and "media: is in the way, and no export has written it; move it" in text
    assert not (place / STAGING).exists()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_one_that_is_killed_at_any_moment_is_made_whole_by_the_next(
    repository: SiteRepository, tmp_path: Path
) -> None:
    repository.commit({"config.toml": CONFIG, **PAGES})
    node = Instance(tmp_path / "state", repository.path, 8000)
    place = tmp_path / "public"
    assert manage(node, "syncrepo").wait() == 0
    assert manage(node, "exportsite", str(place)).wait() == 0
    moments = random.Random(7)
    for number in range(KILLS):
        changed = {path: f"{text}\nChange {number}.\n" for path, text in PAGES.items()}
        repository.commit({**changed, f"content/{number}.md": None})
        assert manage(node, "syncrepo").wait() == 0
        export = manage(node, "exportsite", str(place))
        waited = 0.0
        while export.poll() is None and waited < 60 and not (place / STAGING).exists():
            sleep(0.01)
            waited += 0.01
        sleep(moments.random() * 1.2)
        export.kill()
        export.wait()
    assert manage(node, "exportsite", str(place)).wait() == 0
    assert verify(place).is_whole and verify(place).foreign == ()
    fresh = tmp_path / "fresh"
    assert manage(node, "exportsite", str(fresh)).wait() == 0
    assert tree(place) == tree(fresh)


def manage(node: Instance, *words: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "manage.py", *words]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, env=node.environment(), stdout=quiet, stderr=quiet)


def tree(place: Path) -> dict[str, bytes]:
    return {
        path.relative_to(place).as_posix(): path.read_bytes()
        for path in sorted(place.rglob("*"))
        if path.is_file()
    }
