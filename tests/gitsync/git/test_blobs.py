from io import BytesIO
from pathlib import Path

import pytest

from apps.gitsync.errors import GitFault
from apps.gitsync.git.blobs import BlobSpool, blob_name
from apps.gitsync.git.repository import Repository


@pytest.fixture
def empty(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "r.git")
    made.create()
    return made


def test_blobs_have_the_names_that_git_gives_them(empty: Repository, tmp_path: Path) -> None:
    contents = [b"", b"a\n", b"blob\ndata 3\ndone\n\0\xff", b"done\n", b"a\n"]
    spool = BlobSpool(tmp_path)
    for content in contents[:-1]:
        spool.add(content)
    spool.copy(BytesIO(contents[-1]), blob_name(b"a\n"), 2)
    spool.written(empty)
    spool.close()
    names = sorted({blob_name(content) for content in contents})
    assert dict(empty.read(names)) == {blob_name(content): content for content in contents}
    assert empty.write_blob(b"a\n") in names


def test_a_file_that_became_another_is_not_taken(tmp_path: Path) -> None:
    spool = BlobSpool(tmp_path)
    with pytest.raises(GitFault, match="changed"):
        spool.copy(BytesIO(b"new"), blob_name(b"old"), 3)
    spool.close()


def test_nothing_to_write_costs_nothing(empty: Repository, tmp_path: Path) -> None:
    BlobSpool(tmp_path).written(empty)
    assert not list((empty.path / "objects" / "pack").iterdir())
