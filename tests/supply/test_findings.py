"""What bandit finds fails the audit, but for what the table says is meant to be so."""

import tomllib
from typing import Any

import pytest

from supply import findings
from supply.pins import ROOT

MEANT = [{"test": "B608", "file": "a.py", "most": 1, "why": "names of ours"}]


def found(test: str, file: str, line: int = 1) -> dict[str, Any]:
    return {"test_id": test, "filename": file, "line_number": line, "issue_text": "it is bad"}


def test_what_is_meant_passes_once_and_not_twice() -> None:
    assert findings.judged([found("B608", "a.py")], MEANT) == []
    twice = [found("B608", "a.py", 1), found("B608", "a.py", 2)]
    assert findings.judged(twice, MEANT) == ["a.py:1: B608 it is bad", "a.py:2: B608 it is bad"]


def test_it_is_meant_for_one_test_and_one_file() -> None:
    rows = [found("B608", "a.py"), found("B608", "b.py", 7), found("B602", "a.py", 9)]
    assert findings.judged(rows, MEANT) == ["b.py:7: B608 it is bad", "a.py:9: B602 it is bad"]


def test_what_is_not_found_any_more_has_to_go_from_the_table() -> None:
    assert findings.judged([], MEANT) == ["a.py: B608 is meant to be so, but is not found"]


def test_every_row_of_the_table_names_a_file_and_says_why() -> None:
    for row in tomllib.loads(findings.TABLE.read_text())["meant"]:
        assert (ROOT / row["file"]).is_file(), row
        assert len(row["why"].split()) > 4, row


@pytest.mark.long
def test_our_own_code_has_nothing_else() -> None:
    assert findings.check() == []
