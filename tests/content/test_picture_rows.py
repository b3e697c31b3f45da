"""Which pictures of a commit visitors may see."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from apps.content.entries import NEVER, Entry
from apps.content.index import Index
from apps.content.index_writer import IndexWriter
from apps.content.reader import Kind, Reader
from apps.content.renderings import connect
from apps.content.slices import LARGE
from tests.content.entries import asset, files, page, write

BLOB, OTHER = "a" * 40, "b" * 40


def shot(source: str, blob: str = BLOB, url: str = "", shown: str = "") -> Entry:
    entry = asset(source, blob=blob, url=url)
    assert entry.asset
    row = replace(
        entry.asset, shown_from=shown, type="image/png", width=3, height=2, nature="opaque"
    )
    return replace(entry, asset=row)


@contextmanager
def reading(folder: Path, *entries: Entry) -> Iterator[tuple[Reader, dict[tuple[str, str], str]]]:
    made = files(folder)
    connect(made.renderings).close()
    writer = IndexWriter(made)
    write(writer, *entries)
    facts: dict[tuple[str, str], str] = {}
    with Index(made).snapshot(
        lambda kind, asked, answer: facts.update({(kind, asked): answer})
    ) as reader:
        yield reader, facts
    writer.close()


def test_pictures_are_found_by_path_and_by_address(tmp_path: Path) -> None:
    with reading(tmp_path, shot("media/a.png", url="/media/a.png")) as (reader, _):
        found = reader.pictures(["media/a.png", "/media/a.png", "media/b.png", "/b.png"])
        assert found.keys() == {"media/a.png", "/media/a.png"}
        assert {(each.url, each.width, each.height) for each in found.values()} == {
            ("/media/a.png", 3, 2)
        }
        assert reader.pictures([]) == {}


def test_of_two_files_for_one_address_the_lower_path_is_shown(tmp_path: Path) -> None:
    one, other = shot("b.png", BLOB, "/x.png"), shot("a.png", OTHER, "/x.png")
    with reading(tmp_path, one, other) as (reader, _):
        assert reader.pictures(["/x.png"])["/x.png"].source == "a.png"


def test_every_file_of_the_same_bytes_is_found(tmp_path: Path) -> None:
    entries = shot("b.png"), shot("a.png"), shot("c.png", OTHER), shot("d.png", shown=NEVER)
    with reading(tmp_path, *entries) as (reader, _):
        assert [each.source for each in reader.pictures_of(BLOB)] == ["a.png", "b.png"]
        assert reader.pictures_of("c" * 40) == ()


def test_what_stands_beside_a_hidden_document_is_hidden_with_it(tmp_path: Path) -> None:
    hidden = page("trip", source="content/trip/index.md", visibility="draft")
    other = page("walk", source="content/walk/index.md")
    names = [f"content/{each}/a.png" for each in ("trip", "walk", "trip/in", "walk/in")]
    shots = map(shot, names)
    with reading(tmp_path, hidden, other, *shots) as (reader, _):
        assert reader.pictures(names).keys() == {names[1], names[3]}
        assert len(reader.pictures_of(BLOB)) == 2


def test_what_was_asked_is_a_fact_absence_too(tmp_path: Path) -> None:
    with reading(tmp_path, shot("a.png")) as (reader, facts):
        reader.pictures(["a.png", "b.png"])
        reader.pictures_of(BLOB)
        assert facts[Kind.PICTURE, "a.png"]
        assert facts[Kind.PICTURE, "b.png"] == ""
        assert facts[Kind.RENDITION, BLOB]
        assert all(reader.ask(kind, asked) == answer for (kind, asked), answer in facts.items())


def test_any_number_of_names_can_be_asked(tmp_path: Path) -> None:
    entries = shot("a.png", url="/a.png"), shot("z.png", OTHER, "/z.png")
    with reading(tmp_path, *entries) as (reader, facts):
        names = ["a.png", *(f"{n}.png" for n in range(2 * LARGE)), "/z.png"]
        assert reader.pictures(names).keys() == {"a.png", "/z.png"}
        assert len(facts) == len(names)
