"""A remote with one file that does not compress, and a clone that has fetched nothing yet."""

import random
from pathlib import Path

import pytest

from apps.gitsync.git.repository import Repository
from tests.gitsync.repositories import Made


@pytest.fixture
def made(tmp_path: Path) -> Made:
    made = Made(tmp_path / "made.git")
    made.commit({b"a": random.Random(7).randbytes(400_000)})
    return made


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "clone.git")
    repository.create()
    return repository
