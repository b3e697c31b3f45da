"""The examples of the specifications that CommonMark documents are rendered by.

Theirs, so not in this repository: `npm install --prefix FOLDER commonmark-spec@0.31.2 cmark@0.0.2`
and MARKDOWN_SPECS_FOLDER=FOLDER.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from apps.content.dialects import commonmark
from tests.sites import ROOT

COMMONMARK = "node_modules/commonmark-spec/spec.txt"
GITHUB = "node_modules/cmark/vendor/cmark/test/spec.txt"
EXTENSIONS = {"table": 8, "strikethrough": 3, "autolink": 11, "tagfilter": 1}
"""Of GitHub's, how many examples each has. Its task lists have none that can be compared."""

LINKED = {602, 608, 611, 612}
"""Bare addresses become links, as GitHub's specification has it."""
GITHUB_DEVIATIONS = {470: "more than two tildes", 629: "elements are left out afterwards"}

_EXAMPLE = re.compile(r"^`{32} example([^\n]*)\n(.*?)^\.\n(.*?)^`{32}$", re.M | re.S)
_ID = re.compile(r'(<h[1-6]) id="[^"]*"')


class Example(NamedTuple):
    number: int
    extension: str
    text: str
    html: str


def examples(name: str) -> list[Example]:
    folder = os.environ.get("MARKDOWN_SPECS_FOLDER", "")
    path = Path(folder) / name
    if not folder or not path.is_file():
        pytest.skip("the specifications are not here; name their folder MARKDOWN_SPECS_FOLDER")
    found = _EXAMPLE.finditer(path.read_text().replace("→", "\t"))
    return [Example(n, m[1].strip(), m[2], m[3]) for n, m in enumerate(found, start=1)]


def rendered(text: str) -> str:
    """Without the ids of headings, which are ours, and with a table's end in the form of 2017."""
    html = _ID.sub(r"\1", commonmark(text))
    return html.replace("</tr>\n</tbody>\n</table>", "</tr></tbody></table>").replace(
        "</thead>\n</table>", "</thead></table>"
    )


def test_all_examples_of_commonmark_but_bare_addresses() -> None:
    found = examples(COMMONMARK)
    assert len(found) == 652
    assert {each.number for each in found if rendered(each.text) != each.html} == LINKED


def test_the_examples_of_what_github_adds() -> None:
    found = [each for each in examples(GITHUB) if each.extension in EXTENSIONS]
    assert {e: sum(each.extension == e for each in found) for e in EXTENSIONS} == EXTENSIONS
    different = {each.number for each in found if rendered(each.text) != each.html}
    assert different == GITHUB_DEVIATIONS.keys()


def test_the_docs_name_every_deviation() -> None:
    text = (ROOT / "docs" / "sites.md").read_text()
    section = text.partition("### What differs")[2].partition("\n## ")[0]
    assert {int(n) for n in re.findall(r"\b\d{3}\b", section)} >= LINKED | GITHUB_DEVIATIONS.keys()
