"""Two exports that people made, against what an XML library of its own finds in them."""

from collections import Counter
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from xml.etree import ElementTree

import pytest

from apps.gitsync.importing.outcomes import UNCHANGED, Outcome
from tests.gitsync.importing.imports import Importer

pytestmark = pytest.mark.long
EXPORTS = ("themeunittestdata.wordpress.xml", "64-block-test-data.xml")
DOCUMENTS = ("post", "page", "attachment")
TODAY = 1_800_000_000.0
"""Of 2027: one post is scheduled for 2030."""


def held(path: Path) -> tuple[Counter[str], list[str]]:
    """How many of each kind there are, and addresses of what is published."""
    counts: Counter[str] = Counter()
    links = []
    channel = ElementTree.parse(path).getroot()[0]
    for element in channel:
        name = element.tag.rpartition("}")[2]
        counts["term" if name in ("category", "tag", "term") else name] += 1
        said = {each.tag.rpartition("}")[2]: each.text or "" for each in element}
        if name == "item":
            counts[said["post_type"]] += 1
            counts["comment"] += sum(each.tag.endswith("}comment") for each in element)
            shown = said["status"] in ("publish", "inherit") and not said["post_password"]
            if shown and said["post_type"] in DOCUMENTS:
                links.append(said["link"])
    return counts, links


@pytest.mark.parametrize("name", EXPORTS)
def test_a_real_export_comes_over_whole(importer: Importer, corpora: Path, name: str) -> None:
    counts, links = held(corpora / name)
    report = importer.file(corpora / name, branch="main")
    told = report.counts()
    for kind in (*DOCUMENTS, "author", "term", "comment"):
        outcomes = sum(count for outcome, count in told[kind].items() if outcome != "held")
        assert told[kind]["held"] == counts[kind] == outcomes, kind
    for kind in (*DOCUMENTS, "author", "comment"):
        assert told[kind]["written"] == counts[kind], kind
    again = importer.file(corpora / name, branch="main")
    assert (again.state, again.files) == (UNCHANGED, 0)
    importer.site.clock = lambda: TODAY
    importer.site.sync(fetching=False)
    unanswered = [link for link in links if not answers(importer, link)]
    assert unanswered == []


def answers(importer: Importer, link: str) -> bool:
    """Each address, or where it leads; a query has always led to the front page of a server."""
    path = "/".join(each for each in unquote(urlsplit(link).path).split("/") if each)
    assert path or urlsplit(link).query
    reply = importer.site.get(f"/{quote(path)}/" if path else "/")
    target = dict(reply.headers).get("location", "")
    if reply.status == 301:
        return target.startswith("https://") or answers(importer, target)
    return reply.status == 200


@pytest.mark.parametrize("name", EXPORTS)
def test_what_is_left_out_has_its_reason(importer: Importer, corpora: Path, name: str) -> None:
    report = importer.file(corpora / name, dry_run=True)
    left = [each for each in report.items if each.outcome is Outcome.LEFT_OUT]
    assert all(each.reasons for each in left)
    assert {each.kind for each in left} <= {"wp_navigation", "nav_menu_item", "term"}
