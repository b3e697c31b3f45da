"""An edit that moves a document's address keeps the old one."""

import json
from pathlib import Path

import pytest

from apps.content.configuration import Configuration, read_configuration
from apps.content.rendering import Renderer
from apps.gitsync.writing.changing import Fields, FileChange
from apps.gitsync.writing.renaming import with_old_address
from tests.scribes import OWN
from tests.whispercms.nodes import made

PATH = "content/posts/one.md"
SITE = '[whispercms]\n[whispercms.permalinks]\ndated = "/{year}/{slug}/"\n'
OURS = read_configuration(SITE, frozenset({"config.toml", "content"}))
ONE = b"---\n# Mine.\ntitle: One\nslug: one\n---\nText.\n"


def kept(
    renderer: Renderer,
    old: bytes | None,
    edits: Fields,
    path: str = PATH,
    configuration: Configuration = OURS,
) -> bytes:
    new = OWN.edited(old or b"", edits).content
    change = FileChange(path=path, base="", old=old, new=new, cause="Edit", trailers={})
    after = with_old_address(change, configuration, renderer, OWN)
    assert (after.path, after.old, after.cause) == (path, old, "Edit")
    return after.new


def test_the_old_address_is_added_and_all_else_stays(renderer: Renderer) -> None:
    assert kept(renderer, ONE, {"slug": "two"}) == (
        b"---\n# Mine.\ntitle: One\nslug: two\naliases: [/posts/one/]\n---\nText.\n"
    )


@pytest.mark.parametrize(
    ("aliases", "after"),
    [
        (b"aliases: [/was/]\n", b"aliases: [/was/, /posts/one/]\n"),
        (b"aliases: /was/\n", b"/posts/one/"),
        (b"aliases: [/posts/one]\n", b"aliases: [/posts/one]\n"),
    ],
    ids=["with others", "with one", "there already"],
)
def test_what_there_is_stays(renderer: Renderer, aliases: bytes, after: bytes) -> None:
    old = ONE.replace(b"---\nText", aliases + b"---\nText")
    new = kept(renderer, old, {"slug": "two"})
    assert after in new and (b"/was/" in new) is (b"/was/" in aliases)
    assert new.count(b"/posts/one") == 1


@pytest.mark.parametrize(
    ("old", "edits"),
    [
        (ONE, {"title": "Two"}),
        (ONE.replace(b"title", b"draft: true\ntitle"), {"slug": "two"}),
        (ONE.replace(b"title: One", b"title: [One"), {}),
        (ONE, {"slug": ".."}),
        (None, {"slug": "two"}),
    ],
    ids=["same address", "never public", "not readable", "no address", "new"],
)
def test_otherwise_the_edit_is_as_it_was(
    renderer: Renderer, old: bytes | None, edits: Fields
) -> None:
    expected = OWN.edited(old or b"", edits).content if edits else old
    if not edits:
        change = FileChange(path=PATH, base="", old=old, new=old or b"", cause="", trailers={})
        assert with_old_address(change, OURS, renderer, OWN) is change
    else:
        assert kept(renderer, old, edits) == expected


def test_a_date_moves_what_is_addressed_by_it(renderer: Renderer) -> None:
    old = b"---\ntitle: One\ndate: 2020-01-01\n---\n"
    new = kept(renderer, old, {"date": "2021-01-01"}, "content/dated/one.md")
    assert b"aliases: [/2020/one/]\n" in new


def test_files_that_are_no_documents_are_left_alone(renderer: Renderer) -> None:
    assert kept(renderer, ONE, {"slug": "two"}, "themes/x/one.md") == (
        OWN.edited(ONE, {"slug": "two"}).content
    )


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_person_may_let_the_old_address_go(tmp_path: Path) -> None:
    _, instance = made(tmp_path)
    assert instance.run("syncrepo").returncode == 0
    edit = ("editdocument", "content/one.md", "--set", "slug=eins", "--json")
    alone = json.loads(instance.run(*edit, "--no-alias", "--dry-run").stdout)
    assert "slug" in alone["difference"] and "aliases" not in alone["difference"]
    said = json.loads(instance.run(*edit).stdout)
    assert "/one/" in said["difference"] and said["index"]["problems"] == []
    with instance.started():
        reply = instance.get("/one/")
        assert (reply.status, reply.headers["location"]) == (301, "/eins/")
