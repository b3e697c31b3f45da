"""`manage.py importwordpress`: what people read, what programs read, and exit codes."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from tests import wxr
from tests.gitsync.consoles import Console
from tests.sites import ROOT, Site

NOBODY_EDITS = """
@id("all") permit (principal, action, resource);
@id("no-privates") forbid (principal, action == Action::"edit", resource is Document)
when { resource.visibility == "private" };
"""


@pytest.fixture
def node(ada: Console) -> Iterator[Console]:
    with override_settings(
        SITE_SOURCE=ada.source,
        SITE_FILES=ada.files,
        SITE_ENVIRONMENTS={"main": (ada.source, ada.files)},
        BUNDLED_EXTENSIONS=ROOT,
    ):
        yield ada


def run(*words: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("importwordpress", *words, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_an_import_is_told_in_lines_and_by_item(node: Console, tmp_path: Path) -> None:
    export = str(wxr.write(tmp_path, [wxr.item(1, title="A | <b>b</b> `c`", type="po\x9bst")]))
    code, text = run(export, "--report", str(tmp_path / "report.md"))
    assert code == 0
    assert "files on import/wordpress as" in text and "\x9b" not in text
    report = (tmp_path / "report.md").read_text()
    assert "| po st | 1 | A \\| b \\`c\\` | written |" in report
    assert "\x9b" not in report
    again = json.loads(run(export, "--json", "--publish")[1])
    assert (again["state"], again["published"]) == ("unchanged", True)


@pytest.mark.long
def test_what_comes_to_the_served_branch_is_served(node: Console, tmp_path: Path) -> None:
    export = str(wxr.write(tmp_path, [wxr.item(1, body="here it is")]))
    assert run(export, "--branch", "main")[0] == 0
    assert "here it is" in node.text("/post-1/")


@pytest.mark.long
def test_policy_is_asked_of_each_document(node: Console, tmp_path: Path) -> None:
    node._remote.commit({"policies/all.cedar": NOBODY_EDITS})
    node.sync()
    public, private = wxr.item(1), wxr.item(2, status="private")
    assert run(str(wxr.write(tmp_path, [public])))[0] == 0
    code, text = run(str(wxr.write(tmp_path, [public, private])), "--json")
    assert (code, json.loads(text)["error"]) == (5, "policy.denied")
    assert run(str(wxr.write(tmp_path, [public, private])), "--dry-run")[0] == 0


def test_a_file_that_cannot_be_read_is_refused_with_its_line(node: Console, tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text("<rss>")
    code, text = run(str(path), "--json")
    assert (code, json.loads(text)["error"]) == (1, "wordpress.xml")
    for words in ([str(tmp_path / "none")], [str(path), "--uploads", str(path)]):
        with pytest.raises(CommandError, match="there is no"):
            run(*words)
    with pytest.raises(CommandError, match="cannot be a report"):
        run(str(path), "--report", str(tmp_path))


def test_a_node_that_has_no_site_yet_says_so(site: Site, tmp_path: Path) -> None:
    where = {"main": (site.source, site.files)}
    with override_settings(SITE_SOURCE=site.source, SITE_FILES=site.files, SITE_ENVIRONMENTS=where):
        code, text = run(str(wxr.write(tmp_path, [wxr.item(1)])))
    assert (code, "syncrepo" in text) == (4, True)


def test_the_branch_that_is_served_is_published_by_its_own_command(
    node: Console, tmp_path: Path
) -> None:
    export = str(wxr.write(tmp_path, [wxr.item(1)]))
    with pytest.raises(CommandError, match="publishrepo"):
        run(export, "--branch", "main", "--publish")
    assert node.at.own is None
