from pathlib import Path
from typing import Any

from apps.content import schema
from apps.content.index_writer import IndexWriter
from apps.content.pointer import Pointer, read_pointer
from tests.content import entries

DIGEST = f"{7:064x}"


def pointer(**values: Any) -> Pointer:
    plain = {
        "commit_id": "c1",
        "branch": "main",
        "configuration": '[whispercms]\ntitle = "T"\n',
        "names": "config.toml\ncontent",
        "renderer": "r1",
        "digest": DIGEST,
    }
    return Pointer(**{**plain, **values})


def test_before_the_first_commit_there_is_no_pointer(tmp_path: Path) -> None:
    connection = schema.connect(tmp_path / "index")
    assert read_pointer(connection) is None
    connection.close()


def test_the_pointer_is_read_as_it_was_written(tmp_path: Path) -> None:
    writer = IndexWriter(entries.files(tmp_path))
    written = entries.write(writer, entries.page("a"))
    assert writer.pointer() == written
    writer.close()


def test_the_configuration_is_the_one_the_rows_were_read_with() -> None:
    site = pointer().site_configuration()
    assert (site.layout, site.title, site.root) == ("whispercms", "T", "content/")
    assert pointer(configuration="", names="README.md").site_configuration().layout == "plain"


def test_the_public_digest_is_of_what_the_site_is_not_of_the_commit() -> None:
    same = pointer(commit_id="c2", branch="other")
    assert same.public_digest() == pointer().public_digest()
    assert pointer().public_digest().startswith("sha256:")
    assert len(pointer().public_digest()) == len("sha256:") + 64


def test_the_public_digest_names_configuration_names_renderer_and_rows() -> None:
    others = [
        pointer(configuration="[whispercms]\n"),
        pointer(names="content"),
        pointer(renderer="r2"),
        pointer(digest=f"{8:064x}"),
    ]
    assert len({each.public_digest() for each in [pointer(), *others]}) == 5


def test_the_public_digest_stays_within_its_length() -> None:
    assert len(pointer(digest="f" * 64).public_digest()) == len("sha256:") + 64
