"""What we run on may be used: each licence is known and allowed."""

import json
from collections.abc import Callable
from email.message import Message
from importlib.metadata import PackageNotFoundError
from pathlib import Path

from supply import licences
from supply.pins import Pin, pins
from tests.tables import each_of

ALLOWED = frozenset({"MIT", "Apache-2.0"})
TABLE = {"allowed": ["MIT"], "words": {"MIT style": "MIT"}, "read": {"told": "MIT"}}


def telling(**headers: str) -> Callable[[str], Message]:
    def read(name: str) -> Message:
        if name == "missing":
            raise PackageNotFoundError(name)
        message = Message()
        for header, value in {"Version": "1", **headers}.items():
            message[header.replace("_", "-")] = value
        return message

    return read


def trouble(name: str = "a", **headers: str) -> str:
    (found,) = licences.licences([Pin(name, "1", True, ())], telling(**headers), TABLE)
    return found.trouble


def test_everything_we_run_on_has_a_licence_that_we_allow() -> None:
    assert [each for each in licences.licences(pins()) if each.trouble] == []


@each_of(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only AND (MIT OR Apache-2.0)", False),
        ("MIT AND (GPL-3.0-only OR Apache-2.0)", True),
        ("MIT OR GPL-3.0-only AND BSD-3-Clause", True),
        ("MIT WITH Classpath-exception-2.0", False),
        ("MIT AND", False),
        ("(MIT", False),
        ("MIT)", False),
        ("", False),
    ],
)
def test_an_expression_is_kept_with_allowed_licences_or_not_at_all(
    expression: str, allowed: bool
) -> None:
    assert licences.is_allowed(expression, ALLOWED) is allowed


def test_a_licence_is_found_wherever_a_package_tells_it() -> None:
    assert trouble(License_Expression="MIT") == ""
    assert trouble(License="MIT style") == ""
    assert trouble("told") == ""


def test_what_is_not_known_does_not_pass() -> None:
    assert trouble() == "its licence is not allowed: unknown"
    assert "GPL" in trouble(License_Expression="GPL-3.0-only", License="MIT style")
    assert "unknown" in trouble(Classifier="License :: Free for non-commercial use")
    assert trouble("missing") == "is not installed"


def test_what_is_for_another_machine_is_not_asked_for() -> None:
    assert licences.licences([Pin("a", "1", False, ())], telling(), TABLE) == ()


def test_the_list_is_written(tmp_path: Path) -> None:
    (found,) = licences.licences([Pin("a", "1", True, ())], telling(License="MIT style"), TABLE)
    licences.write_list([found], tmp_path / "build" / "licences.json")
    told = json.loads((tmp_path / "build" / "licences.json").read_text())
    assert told == [{"name": "a", "version": "1", "licence": "MIT", "trouble": ""}]
