"""One file changed on behalf of a person: said first, saved then."""

import json
from pathlib import Path

import pytest

from apps.content.editing import EditError
from apps.gitsync.errors import GitFault
from apps.gitsync.writing.changing import (
    SAVED,
    UNCHANGED,
    WOULD,
    Fields,
    carry_out,
    edited_document,
    restored_version,
)
from tests.gitsync.consoles import ONE, Console
from tests.scribes import OWN
from tests.whispercms.nodes import made

LONG = ONE + "\n".join(f"line {number}" for number in range(30)) + "\n"


def test_a_field_is_changed_and_the_rest_stays(ada: Console) -> None:
    change = edited_document(
        ada.source, "content/one.md", {"title": "Two"}, None, create=False, edits=OWN
    )
    dry = carry_out(ada.source, change, author=ada.author, merges=OWN, dry_run=True)
    assert (dry.state, dry.commit, ada.at.own) == (WOULD, None, None)
    assert "-title: One\n+title: Two\n" in dry.difference
    report = carry_out(ada.source, change, author=ada.author, merges=OWN, dry_run=False)
    assert (report.state, report.commit) == (SAVED, ada.at.own)
    assert ada.text_of("content/one.md", report.commit or "") == ONE.replace("One", "Two")
    again = edited_document(
        ada.source, "content/one.md", {"title": "Two"}, None, create=False, edits=OWN
    )
    assert (
        carry_out(ada.source, again, author=ada.author, merges=OWN, dry_run=False).state
        == UNCHANGED
    )


def test_a_document_is_made_only_where_that_was_said(ada: Console) -> None:
    with pytest.raises(GitFault) as caught:
        edited_document(
            ada.source, "content/new.md", {"title": "New"}, "x\n", create=False, edits=OWN
        )
    assert caught.value.code == "path.unknown"
    with pytest.raises(GitFault) as caught:
        edited_document(
            ada.source, "content/one.md", {"title": "New"}, None, create=True, edits=OWN
        )
    assert caught.value.code == "path.taken"
    change = edited_document(
        ada.source, "content/new.md", {"title": "New"}, "x\n", create=True, edits=OWN
    )
    assert change.new == b"---\ntitle: New\n---\nx\n"
    with pytest.raises(EditError):
        edited_document(ada.source, "content/one.md", {"": 1}, None, create=False, edits=OWN)


def test_an_earlier_version_comes_back_whatever_became_of_the_file(ada: Console) -> None:
    first = ada.save("content/old.md", LONG)
    ada.save("content/old.md", LONG.replace("first", "second thoughts"))
    change = restored_version(ada.source, "content/old.md", first[:12])
    assert (change.path, change.new) == ("content/old.md", LONG.encode())
    ada.save("content/old.md", None)
    gone = restored_version(ada.source, "content/old.md", first)
    assert (gone.path, gone.old, gone.new) == ("content/old.md", None, LONG.encode())
    report = carry_out(ada.source, gone, author=ada.author, merges=OWN, dry_run=False)
    assert ada.text_of("content/old.md", report.commit or "") == LONG


@pytest.mark.long
@pytest.mark.parametrize("name", ["content/old.md", "content/new.md"])
def test_a_renamed_file_is_found_by_either_name(ada: Console, name: str) -> None:
    first = ada.save("content/old.md", LONG)
    ada.save("content/old.md", LONG.replace("first", "1st"))
    ada.rename("content/old.md", "content/new.md")
    change = restored_version(ada.source, name, first)
    assert (change.path, change.new) == ("content/new.md", LONG.encode())


def test_a_file_is_edited_as_what_it_is(ada: Console) -> None:
    page = '\n{"title": "A", "body": "x"}\n'
    ada.save("content/page.json", page)
    ada.save("style.css", "b {}\n")

    def new(path: str, fields: Fields, body: str | None = None) -> str:
        change = edited_document(ada.source, path, fields, body, create=False, edits=OWN)
        return change.new.decode()

    assert new("content/page.json", {"title": "B"}) == page.replace("A", "B")
    assert new("content/page.json", {}, "y") == page.replace("x", "y")
    assert new("config.toml", {"whispercms.title": "B"}).startswith("[whispercms]\n")
    assert new("style.css", {}, "c {}\n") == "c {}\n"
    with pytest.raises(EditError) as caught:
        new("style.css", {"title": "B"})
    assert caught.value.code == "edit.place"


def test_what_never_was_cannot_come_back(ada: Console) -> None:
    tip = ada.at.theirs or ""
    for path, commit, code in (
        ("content/none.md", tip, "path.unknown"),
        ("content/one.md", "1" * 40, "commit.unknown"),
        ("content/one.md", "--all", "commit.unknown"),
        ("content", tip, "path.kind"),
    ):
        with pytest.raises(GitFault) as caught:
            restored_version(ada.source, path, commit)
        assert caught.value.code == code


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_site_is_written_by_commands_alone(tmp_path: Path) -> None:
    repository, instance = made(tmp_path)
    assert instance.run("syncrepo").returncode == 0
    edit = ("editdocument", "content/one.md", "--author", "Ada <ada@example.org>", "--json")
    said = json.loads(instance.run(*edit, "--set", "title=Two", "--set", "draft=false").stdout)
    assert (said["state"], said["index"]["state"]) == ("saved", "applied")
    refused = instance.run("editdocument", "content/one.md", "--set", "=1")
    assert refused.returncode != 0
    commits = json.loads(instance.run("history", "content/one.md", "--json").stdout)["commits"]
    assert [each["author"]["name"] for each in commits] == ["Ada", "Ada"]
    assert commits[0]["trailers"] == {"Cause": "editdocument"}
    dry = json.loads(instance.run("publishrepo", "--dry-run", "--json").stdout)
    assert (dry["state"], dry["commits"]) == ("would publish", 1)
    done = json.loads(instance.run("publishrepo", "--json").stdout)
    assert (done["state"], done["commit"]["to"]) == ("published", said["commit"])
    assert repository.git.resolve("refs/heads/main") == said["commit"]
    back = instance.run("restore-version", "content/one.md", commits[1]["commit"])
    assert back.returncode == 0 and "-title: Two" in back.stdout
    with instance.started() as running:
        assert "One" in instance.get("/one/").text
        assert instance.get("/readyz").json()["unpublished"] == 1
        running.end()
        log = running.log.read_text()
    assert log.count("1 commit is not pushed; run manage.py publishrepo") >= 2
    repository.git.path.rename(tmp_path / "away.git")
    assert instance.run("publishrepo").returncode == 3
    assert instance.run("editdocument", "none.md", "--set", "a=1").returncode == 1
