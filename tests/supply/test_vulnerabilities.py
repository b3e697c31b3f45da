"""An audit that found nothing out says so, and is never taken for a good one."""

from typing import Any

import pytest

from supply.pins import Pin
from supply.vulnerabilities import Answer, Ask, Report, Skipped, check

TWO = [Pin("a", "1", True, ()), Pin("b", "2", True, ()), Pin("c", "3", False, ())]
BAD = {"id": "CVE-1", "fix_versions": ["1.1"]}


def knowing(**known: list[dict[str, Any]]) -> Ask:
    """A database with these packages, and their vulnerabilities."""

    def ask(asked: list[Pin]) -> Answer:
        rows = [
            {"name": pin.name, "version": pin.version, "vulns": known[pin.name]}
            if pin.name in known
            else {"name": pin.name, "skip_reason": "not found"}
            for pin in asked
        ]
        return {"dependencies": rows}, ""

    return ask


def test_what_is_known_to_be_vulnerable_is_told_with_its_remedy() -> None:
    assert check(TWO, knowing(a=[BAD], b=[])) == Report(("a 1: CVE-1, mended in 1.1",), ())


def test_what_the_database_does_not_know_is_named() -> None:
    assert check(TWO, knowing(a=[])) == Report((), ("b",))


def test_a_mirror_that_knows_nothing_is_no_clean_bill() -> None:
    with pytest.raises(Skipped, match="does not know a"):
        check(TWO, knowing())


def test_a_database_that_cannot_be_reached_is_told_with_the_reason() -> None:
    with pytest.raises(Skipped, match="cannot be reached: no route"):
        check(TWO, lambda asked: (None, "no route"))


def test_what_is_for_another_machine_is_not_asked_about() -> None:
    asked: list[list[Pin]] = []

    def ask(pins: list[Pin]) -> Answer:
        asked.append(pins)
        return knowing(a=[], b=[])(pins)

    check(TWO, ask)
    assert asked == [TWO[:1], TWO[:2]]
