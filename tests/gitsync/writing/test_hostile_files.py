"""Files made to harm whoever writes: the author is told, nothing is lost, the process lives on."""

import json
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from apps.content.editing import EditError
from apps.content.merging.three_way import Side
from apps.content.scribe import LIMITS, Scribe
from apps.gitsync.errors import NodeFault
from apps.gitsync.git.repository import Repository
from apps.gitsync.local import storage
from apps.gitsync.merging.resolving import list_conflicts
from apps.gitsync.merging.trees import merge
from apps.gitsync.writing.changing import Fields, edited_document
from apps.gitsync.writing.deciding import decide
from apps.gitsync.writing.publication import CONFLICT
from apps.runtime.workers import Workers
from tests.gitsync.consoles import Console
from tests.gitsync.repositories import Made
from tests.striking import struck
from tests.whispercms.nodes import made

PATH = "content/bad.md"
BOMB = "a0: &a0 [x, x, x]\n" + "\n".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)
)
HOSTILE = {
    "30,000 brackets of YAML": ("---\na: " + "[" * 30_000 + "\n---\n", "front-matter.too-deep"),
    "30,000 braces of YAML": ("---\na: " + "{" * 30_000 + "\n---\n", "front-matter.too-deep"),
    "30,000 brackets of TOML": ("+++\na = " + "[" * 30_000 + "\n+++\n", "front-matter.too-deep"),
    "30,000 brackets of JSON": ('{"a": ' + "[" * 30_000, "front-matter.too-deep"),
    "dots of TOML": ("+++\n" + "a." * 30_000 + "a = 1\n+++\n", "front-matter.too-deep"),
    "tables within tables": ("+++\na = " + "{a = " * 9_000 + "\n+++\n", "front-matter.too-deep"),
    "aliases of aliases": (f"---\n{BOMB}\n---\n", "front-matter.alias"),
    "an endless header": ("---\na: " + "x" * 70_000 + "\n---\n", "front-matter.too-large"),
}
COSTLY = "---\nd: {a, " + ", ".join(f"k{n}: v" for n in range(1_500)) + "}\n---\ntext\n"
"""A quarter of a second of ruamel.yaml, which alone can write `d.a`."""
HURRIED = replace(LIMITS, cpu_seconds=0.04)


@pytest.fixture
def hurried(workers: Workers) -> Iterator[Scribe]:
    scribe = Scribe(workers, HURRIED)
    yield scribe
    scribe._workers.close()


@pytest.fixture(scope="module")
def scribe(workers: Workers) -> Scribe:
    return Scribe(workers)


def edit(console: Console, scribe: Scribe, path: str = PATH) -> bytes:
    fields: Fields = {"d.a": "x # y"}
    return edited_document(console.source, path, fields, None, create=False, edits=scribe).new


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_not_edited_and_not_lost(
    ada: Console, scribe: Scribe, name: str
) -> None:
    text, code = HOSTILE[name]
    saved = ada.save(PATH, text)
    with pytest.raises(EditError) as caught:
        edit(ada, scribe)
    assert (caught.value.code, ada.at.own) == (code, saved)
    assert caught.value.line and caught.value.reason
    assert b"d:" in edit(ada, scribe, "content/one.md")


def test_a_document_that_costs_its_worker_is_told_and_the_next_is_edited(
    ada: Console, scribe: Scribe, hurried: Scribe
) -> None:
    saved = ada.save(PATH, COSTLY)
    with pytest.raises(EditError) as caught:
        edit(ada, hurried)
    assert (caught.value.code, ada.at.own) == ("edit.bounds", saved)
    assert "edit it by hand" in caught.value.reason
    assert b"d:" in edit(ada, hurried, "content/one.md")
    assert b'{a: "x # y", k0: v' in edit(ada, scribe)


def test_without_a_worker_the_node_is_at_fault_and_not_the_file(
    ada: Console, hurried: Scribe
) -> None:
    saved = ada.save(PATH, COSTLY)
    with (
        struck(hurried._workers, signal.SIGKILL),
        pytest.raises(NodeFault) as caught,
        storage(),
    ):
        edit(ada, hurried)
    assert (caught.value.code, ada.at.own) == ("node.worker", saved)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.long
def test_hostile_files_of_two_sides_are_a_conflict_that_keeps_both(
    ada: Console, bob: Console, scribe: Scribe, name: str
) -> None:
    text, _ = HOSTILE[name]
    bob.save(PATH, text.replace("a", "b"))
    assert bob.publish().succeeded
    ada.save(PATH, text)
    ada.scribe = scribe
    report = ada.publish()
    assert report.state == CONFLICT
    (conflict,) = list_conflicts(ada.git)
    said = {Side.THEIRS: [PATH]}
    made = decide(ada.source, conflict, said, {}, author=ada.author, merges=scribe)
    assert ada.text_of(PATH, made) == text.replace("a", "b")


@pytest.mark.long
def test_a_merge_that_costs_its_worker_is_by_line_or_of_whole_files(
    tmp_path: Path, scribe: Scribe, hurried: Scribe
) -> None:
    long = "".join(f"paragraph {n} of it\n\n" for n in range(20_000))
    texts = (
        long,
        long.replace("0 of", "0 of our"),
        long.replace("5 of", "5 of their"),
        long.replace("5 of", "5 of their").replace("10 of it", "ten"),
    )
    repository = Made(tmp_path)
    first = repository.commit({b"a.md": texts[0].encode()})
    ours, theirs, others = (
        repository.commit({b"a.md": text.encode()}, parents=[first]) for text in texts[1:]
    )
    here = Repository(tmp_path)
    by_line = merge(here, ours, theirs, merges=hurried)
    assert by_line.tree == merge(here, ours, theirs, merges=scribe).tree is not None
    (place,) = merge(here, ours, others, merges=scribe).conflicts
    (whole,) = merge(here, ours, others, merges=hurried).conflicts
    assert (bool(place.places), bool(whole.places), whole.is_open) == (True, False, True)


@pytest.mark.long
@pytest.mark.timeout(120)
def test_the_command_says_what_to_do_about_a_hostile_document(tmp_path: Path) -> None:
    repository, instance = made(tmp_path)
    repository.commit({PATH: HOSTILE["30,000 brackets of YAML"][0]})
    assert instance.run("syncrepo").returncode == 0
    done = instance.run("editdocument", PATH, "--set", "a=1", "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["error"]) == (1, "front-matter.too-deep")
    (problem,) = said["problems"]
    assert problem["path"] == PATH and problem["line"] == 2 and problem["reason"]
