"""The commands of the documentation, run as an operator runs them."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests import docs
from tests.sites import CONFIG, SiteRepository
from tests.whispercms.nodes import Instance

pytestmark = pytest.mark.long


def documented(block: int) -> list[list[str]]:
    """The commands of a block under the heading, as arguments of manage.py."""
    blocks = docs.FENCE.findall(docs.part(docs.read("operations.md"), "Backup and restore"))
    lines = re.findall(r"^python manage\.py (.+)$", blocks[block], re.M)
    return [line.split() for line in lines]


def placed(command: list[str], folder: Path) -> list[str]:
    return [str(folder / part) if part.endswith(".tar") else part for part in command]


def test_the_documented_steps_bring_a_lost_node_back(
    repository: SiteRepository, tmp_path: Path
) -> None:
    repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n"})
    node = Instance(tmp_path / "old", repository.path, 8000)
    before = json.loads(node.run("syncrepo", "--json").stdout)
    for command in documented(0):
        done = node.run(*placed(command, tmp_path))
        assert done.returncode == 0, done.stdout + done.stderr
    new = replace(node, state=tmp_path / "new")
    for command in documented(1):
        done = new.run(*placed(command, tmp_path))
        assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(new.run("syncrepo", "--json").stdout)["digest"] == before["digest"]
    repository.git.path.rename(tmp_path / "gone.git")
    away = replace(node, state=tmp_path / "away")
    done = away.run("restore", "--json", str(tmp_path / "node.tar"))
    assert (done.returncode, json.loads(done.stdout)["sync"]["digest"]) == (0, before["digest"])


def test_refusals_have_their_exit_codes(repository: SiteRepository, tmp_path: Path) -> None:
    repository.commit({"config.toml": CONFIG, "content/one.md": "# One\n"})
    node = Instance(tmp_path / "node", repository.path, 8000)
    assert node.run("restore", "--verify", str(tmp_path / "none.tar")).returncode == 1
    done = node.run("backup", "--json", str(tmp_path / "no" / "folder" / "a.tar"))
    assert (done.returncode, json.loads(done.stdout)["error"]) == (4, "node.storage")
    assert node.run("restore", "--verify", "--dry-run", "a.tar").returncode == 2
