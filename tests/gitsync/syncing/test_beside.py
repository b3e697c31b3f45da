"""The index of another commit beside the one that is served."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from apps.content.catalogue import titled
from apps.content.files import ContentFiles
from apps.content.index import Index
from apps.content.index_writer import IndexWriter
from apps.gitsync.errors import GitFault
from apps.gitsync.syncing.beside import bring_beside
from tests.gitsync.consoles import ONE, Console

PATH = "content/one.md"


def beside(console: Console, commit: str, folder: Path) -> ContentFiles:
    folder.mkdir()
    files = replace(console.files, index=folder / "index", generation=folder / "generation")
    bring_beside(console.local, commit, files)
    return files


def test_it_is_what_a_sync_to_that_commit_would_make_and_moves_nothing(
    ada: Console, tmp_path: Path
) -> None:
    old = ada.at.theirs or ""
    wanted = Index(ada.files).pointer()
    ada.save(PATH, ONE.replace("title: One", "title: Other"))
    ada.save("content/two.md", "# Two\n")
    ada.sync(fetching=False)
    refs, served = ada.git.refs("refs/"), Index(ada.files).pointer()
    files = beside(ada, old, tmp_path / "beside")
    with closing(IndexWriter(files)) as writer:
        found = writer.pointer()
    assert found and wanted and found.public_digest() == wanted.public_digest()
    assert [each.title for each in titled(files, [PATH, "content/two.md"]).values()] == ["One"]
    assert (ada.git.refs("refs/"), Index(ada.files).pointer()) == (refs, served)


@pytest.mark.long
def test_a_commit_that_no_page_can_be_made_of_is_told(ada: Console, tmp_path: Path) -> None:
    broken = ada.save("config.toml", "[whispercms\n")
    with pytest.raises(GitFault, match=r"config\.toml"):
        beside(ada, broken, tmp_path / "beside")
